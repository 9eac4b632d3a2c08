"""A page's requests as facts; a real browser's events in short."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from harness.browser import request_log
from harness.browser.devtools import DevToolsError, Session
from harness.browser.request_log import RequestLog
from harness.facts.browser import PageRequest


class Page:
    """A page that has asked for something."""

    session_id = "page"
    worker: str | None = None

    def __init__(self, body: str | None = '{"ok":true}', is_binary: bool = False) -> None:
        self.body, self.is_binary = body, is_binary
        self.told: list[PageRequest] = []
        self.log = RequestLog(self.told.append)

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        assert (method, params) == ("Network.getResponseBody", {"requestId": "1"})
        if self.body is None:
            raise DevToolsError("Request content was evicted from inspector cache")
        return {"body": self.body, "base64Encoded": self.is_binary}

    def tells(self, method: str, **params: Any) -> None:
        self.log.receive(cast("Session", self), f"Network.{method}", {"requestId": "1", **params})

    def asks(self, **more: Any) -> None:
        request = {
            "method": "POST",
            "url": "https://h/api?token=secret",
            "headers": {"Content-Type": "application/json"},
            "postData": '{"say":"hello","token":"secret"}',
            **more.pop("request", {}),
        }
        self.tells("requestWillBeSent", request=request, timestamp=1.0, type="Fetch", **more)

    def gets(self, status: int = 200, mime: str = "application/json") -> None:
        self.tells("responseReceived", response={"status": status, "mimeType": mime})

    async def ends(self) -> PageRequest:
        self.tells("loadingFinished", timestamp=1.25)
        async with asyncio.timeout(5):
            while not self.told:  # noqa: ASYNC110
                await asyncio.sleep(0)
        (told,) = self.told
        return told


async def test_a_request_is_told_with_what_was_sent_and_answered_without_secrets() -> None:
    page = Page()
    page.asks()
    page.gets()
    told = await page.ends()
    assert told == PageRequest(
        "POST", "https://h/api", "Fetch", 200, "application/json", 0.25,
        '{"say":"hello","token":"•••"}', '{"ok":true}', sent_mime="application/json",
    )  # fmt: skip
    await page.log.aclose()


async def test_a_picture_has_no_body() -> None:
    page = Page()
    page.asks(request={"postData": None})
    page.gets(mime="image/png")
    told = await page.ends()
    assert (told.sent, told.received, told.is_cut) == (None, None, False)


async def test_bytes_that_were_sent_have_a_type_and_no_text() -> None:
    page = Page()
    page.worker = "worker"
    headers = {"Content-Type": "application/octet-stream"}
    page.asks(request={"postData": None, "hasPostData": True, "headers": headers})
    page.gets()
    told = await page.ends()
    assert (told.sent, told.sent_mime) == (None, "application/octet-stream")
    assert (told.is_cut, told.by) == (True, "worker")


@pytest.mark.parametrize("page", [Page(None), Page("AAAA", is_binary=True)])
async def test_an_answer_that_was_not_kept_is_missing(page: Page) -> None:
    page.asks()
    page.gets()
    told = await page.ends()
    assert (told.received, told.is_cut) == (None, True)


def test_a_redirect_is_a_request_of_its_own() -> None:
    page = Page()
    page.asks()
    page.asks(redirectResponse={"status": 302})
    page.tells("loadingFailed", timestamp=2.0, errorText="net::ERR_FAILED")
    assert [(one.status, one.error) for one in page.told] == [(302, ""), (None, "net::ERR_FAILED")]


@pytest.mark.parametrize("url", ["data:text/plain,secret", "https://h/favicon.ico"])
def test_what_the_page_asks_no_server_for_is_not_told(url: str) -> None:
    page = Page()
    page.asks(request={"url": url})
    page.gets()
    page.tells("loadingFinished", timestamp=1.0)
    page.tells("dataReceived")
    assert page.told == []


def test_a_page_that_asks_all_the_time_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_log, "MOST_REQUESTS", 3)
    monkeypatch.setattr(request_log, "MOST_ALL_CHARS", 40)
    page = Page()
    for _ in range(9):
        page.asks()
        page.tells("loadingFailed", timestamp=2.0, errorText="net::ERR_FAILED")
    assert [(one.sent is None, one.is_cut) for one in page.told] == [
        (False, False), (False, False), (True, True),
    ]  # fmt: skip


async def test_a_page_that_is_let_go_of_is_asked_no_more() -> None:
    page = Page()
    page.asks()
    page.gets()
    page.tells("loadingFinished", timestamp=1.25)
    await page.log.aclose()
    assert page.told == []
