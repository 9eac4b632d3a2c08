"""Requests of somebody else's pages to other hosts: which are held, and who answers them."""

from __future__ import annotations

import base64
from typing import Any, cast

import aiohttp
import pytest

from harness.browser.devtools import DevTools, DevToolsError, Session
from harness.browser.endpoint import address_of
from harness.browser.launch import Chromium
from harness.browser.page_redirect import PageRedirect, url_patterns
from harness.engines.browser.attach import listen
from harness.engines.servers import RemoteServer
from harness.errors import HarnessError
from harness.network.redirect_front import RedirectFront, Target, open_front
from harness.network.redirect_rules import Redirect, read_redirect
from tests.network.test_redirect_reach import EVERYBODY, fronting, hello
from tests.support.small_server import serve


async def test_everything_that_a_page_starts_is_answered_here(shared_chromium: Chromium) -> None:
    """In a browser that others launched: documents, frames, and workers of every kind."""
    page = await shared_chromium.browser.new_page()
    async with fronting() as (front, url):
        target = front._target.url
        await page.goto(url)
        options: dict[str, Any] = {"redirect": "openai", "server": RemoteServer(target, "sk-ours")}
        async with listen(page, **options) as call:
            elsewhere = url.replace("127.0.0.1", "localhost")
            told = await page.evaluate(f"everybody({elsewhere!r})")
            asked = [event for event in call.recorder.events.snapshot()
                     if event.type == "page.redirected"]  # fmt: skip
    await page.close()
    assert told == {who: [f"POST {who}", f"GET {who}"] for who in EVERYBODY}
    assert {event.data["host"] for event in asked} == {"api.openai.com"}
    assert {event.data["status"] for event in asked} == {101, 200, 204}


@pytest.mark.parametrize(
    ("redirect", "patterns"),
    [
        (
            "openai",
            [
                f"*://{host}{port}/*"
                for host in ("api.openai.com", "cdn.platform.openai.com")
                for port in ("", ":*")
            ],
        ),
        ("wss://voice.example.com/v1/", ["https://voice.example.com/*"]),
        ("http://[::1]:81/v1/", ["http://[::1]:81/*"]),
    ],
)
def test_every_path_of_a_redirected_place_is_held(redirect: Redirect, patterns: list[str]) -> None:
    assert url_patterns(read_redirect(redirect)) == patterns


class Asked:
    """A browser's side of a held request: answers what it is asked, and keeps what it is told."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}

    async def request(self, method: str, params: Any, _: str | None) -> dict[str, Any]:
        self.told[method] = params
        if method == "Network.getRequestPostData":
            return {"postData": "a long body"}
        if method == "Fetch.continueRequest":
            raise DevToolsError("nobody continues")
        return {}

    @property
    def session(self) -> Session:
        return Session(cast("DevTools", self), "page")


def held(**request: Any) -> dict[str, Any]:
    url = "https://api.openai.com/v1/realtime/calls?from=me"
    whole = {"url": url, "method": "POST", "headers": {"Authorization": "Bearer x"}, **request}
    return {"requestId": "r", "networkId": "n", "request": whole}


async def settled(front: RedirectFront, params: dict[str, Any]) -> dict[str, dict[str, Any]]:
    asked = Asked()
    async with aiohttp.ClientSession() as http:
        redirect = PageRedirect(front, http)
        await redirect._answer(asked.session, params)
        await redirect.aclose()
    return asked.told


async def test_a_body_that_is_not_told_is_asked_for() -> None:
    bodies: list[bytes] = []

    async def keep(request: Any) -> Any:
        bodies.append(await request.read())
        return await hello(request)

    async with (
        serve({("*", "/{path:.*}"): keep}) as server,
        open_front(read_redirect("openai"), Target(server, "sk-ours")) as front,
    ):
        told = await settled(front, held(hasPostData=True))
        short = [{"bytes": base64.b64encode(b"short").decode()}]
        await settled(front, held(hasPostData=True, postDataEntries=short))
        await settled(front, held())
    assert bodies == [b"a long body", b"short", b""]
    assert told["Fetch.fulfillRequest"]["responseCode"] == 200
    assert base64.b64decode(told["Fetch.fulfillRequest"]["body"]) == b"POST me"


async def test_what_went_there_itself_ends_the_call() -> None:
    errors: list[HarnessError] = []
    async with (
        open_front(read_redirect("openai"), Target("http://127.0.0.1:1", "sk-ours")) as front,
        aiohttp.ClientSession() as http,
    ):
        redirect = PageRedirect(front, http, errors.append)
        for url in ("ws://127.0.0.1:9/v1", "wss://voice.example.com/", "wss://api.openai.com/v1"):
            params = {"url": url}
            redirect.receive(Asked().session, "Network.webSocketCreated", params)
        urls = ["http://127.0.0.1/icon.png", "https://api.openai.com/v1/realtime/calls"]
        redirect.receive(Asked().session, "harness.asked", {"urls": urls})
        redirect.receive(Asked().session, "Fetch.requestPaused", held(url=urls[1]))
        redirect.receive(Asked().session, "harness.asked", {"urls": urls})
        await redirect.aclose()
    first, second = map(str, errors)
    assert "A WebSocket of the page went to a redirected host itself" in first
    assert "wss://api.openai.com/v1" in first
    assert "A request of the page went to a redirected host itself" in second


async def test_the_address_of_a_page_is_enough(shared_chromium: Chromium) -> None:
    page = await shared_chromium.browser.new_page()
    async with listen(await address_of(page), redirect="openai") as call:
        assert call.recorder.events.snapshot()[0].type == "redirect.began"
    await page.close()
