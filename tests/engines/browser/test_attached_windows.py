"""Calls in another window than the page that was given: a popup, a tab, a context of pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page

from harness.browser.launch import Chromium
from harness.browser.page_windows import PageWindows
from harness.engines.browser.attach import AttachedCall, listen
from harness.errors import PageClosed, UsageError
from harness.trace import read_trace
from tests.support.page_calls import wait_broken
from tests.support.page_server import PAGES
from tests.support.small_server import html, serve

pytestmark = pytest.mark.browser

LATE_S = 0.5
FRONT = """<button onclick="window.open('/call')">Call us</button>
<a href="/call" target="_blank">or here</a>"""
CALL = (PAGES / "loopback.html").read_text(encoding="utf-8")
CALLS_AT_ONCE = CALL.replace("</body>", "").replace("</html>", "") + "<script>call()</script>"


@pytest_asyncio.fixture
async def site() -> AsyncIterator[str]:
    """A page whose button opens a window that calls in its first script."""
    pages = {("GET", "/"): html(FRONT), ("GET", "/call"): html(CALLS_AT_ONCE)}
    async with serve(pages) as url:
        yield url


@pytest_asyncio.fixture
async def context(shared_chromium: Chromium) -> AsyncIterator[BrowserContext]:
    context = await shared_chromium.browser.new_context()
    yield context
    await context.close()


async def open_window(page: Page, link: bool = False) -> Page:
    async with page.context.expect_page() as opened:
        await page.get_by_role("link" if link else "button").click()
    return await opened.value


async def broken_by(call: AttachedCall) -> BaseException | None:
    async with asyncio.timeout(10):
        return await wait_broken(call.line.page)


async def test_the_window_that_a_page_opens_holds_the_call(
    context: BrowserContext, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it calls long before we have reached it; it may outlive what opened it."""
    receive = PageWindows._receive

    def receive_late(windows: PageWindows, method: str, params: dict[str, Any]) -> None:
        asyncio.get_running_loop().call_later(LATE_S, receive, windows, method, params)

    monkeypatch.setattr(PageWindows, "_receive", receive_late)
    page = await context.new_page()
    await page.goto(site)
    async with listen(page, out=tmp_path) as call:
        window = await open_window(page)
        await call.connected(within_s=10)
        assert call.line.address == f"{site}/call"
        assert await call.line.page.evaluate("location.pathname") == "/call"
        await page.close()
        await call.line.microphone.ready(within_s=10)
        with pytest.raises(UsageError, match="listened to already"):
            async with listen(window):
                pass
        await window.close()
        assert isinstance(await broken_by(call), PageClosed)
    trace = read_trace(tmp_path / "trace.jsonl")
    (followed,), (calls,) = (
        trace.of_type(f"page.{kind}") for kind in ("window_followed", "call_window")
    )
    assert followed.data["url"] == calls.data["url"] == f"{site}/call"


async def test_every_page_of_a_context_is_listened_to_and_two_calls_are_told(
    context: BrowserContext, shared_chromium: Chromium, site: str
) -> None:
    page = await context.new_page()
    async with listen(context) as call:
        await page.goto(site)
        elsewhere = await shared_chromium.browser.new_page()  # another context's goes on as ever
        await elsewhere.goto(site)
        assert await elsewhere.evaluate("navigator.mediaDevices.getUserMedia.name") != ""
        await elsewhere.close()
        later = await context.new_page()
        await later.goto(f"{site}/call")
        await call.connected(within_s=10)
        assert call.line.address == f"{site}/call"
        await open_window(page, link=True)
        broken = await broken_by(call)
        assert isinstance(broken, UsageError)
        assert "Two windows are in a call" in str(broken)
        assert str(broken).count("/call") == 2
