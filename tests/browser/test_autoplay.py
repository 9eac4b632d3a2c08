"""A page that is to wait for a click meets what it meets in people's browsers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from playwright.async_api import ConsoleMessage, Page

from harness.browser.launch import Chromium
from harness.browser.voice_page import open_voice_page
from tests.support.page_server import PageServer

POLICY = "--autoplay-policy=document-user-activation-required"
WITHIN_S = 30


async def outcomes(page: Page, address: str) -> dict[str, Any]:
    """What the page tells of itself; it is only loaded and clicked, never looked at by DevTools."""
    told: dict[str, Any] = {}
    ready, done = asyncio.Event(), asyncio.Event()

    def on_console(message: ConsoleMessage) -> None:
        if message.text == "ready":
            ready.set()
        elif message.text.startswith("["):
            when, found = json.loads(message.text)
            told[when] = found
            if when == "in the next document":
                done.set()

    page.on("console", on_console)
    async with asyncio.timeout(WITHIN_S):
        await page.goto(address)
        await ready.wait()
        await page.mouse.click(20, 20)
        await done.wait()
    return told


@pytest.mark.browser
async def test_a_page_meets_the_policy_of_the_browser(
    chromium: Chromium, page_server: PageServer
) -> None:
    """Chromium's own policy, with its own microphone, is what ours is compared with."""
    address = page_server.url("autoplay.html")
    async with chromium.another([POLICY], ()) as usual:
        context = await usual.browser.new_context(permissions=["microphone"])
        told = await outcomes(await context.new_page(), address)
    async with open_voice_page(chromium, autoplay="user-gesture") as page:
        assert await outcomes(page.page, address) == told
    assert told["at first"]["remote"] == "NotAllowedError"
    assert told["with a microphone"]["remote"] == "let"
    assert told["without it again"]["muted"] == "NotAllowedError"
    assert told["after a click"]["remote"] == "let"
    assert told["in the next document"]["remote"] == "let", "of the same origin"
