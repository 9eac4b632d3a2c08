"""A browser with a window: on this machine's screen, or on one that Xvfb keeps in memory."""

from __future__ import annotations

import os

import pytest

from harness.browser.launch import open_chromium
from harness.browser.voice_page import open_voice_page
from tests.support.display import HAS_DISPLAY, open_display
from tests.support.echoes import echo_delay_s
from tests.support.sound_pages import serve_sound_pages

pytestmark = [
    pytest.mark.realtime,
    pytest.mark.skipif(not HAS_DISPLAY, reason="NOT RUN: there is no screen, and no Xvfb"),
]


async def test_a_page_in_a_window_is_spoken_to_and_heard() -> None:
    async with (
        open_display() as display,
        open_chromium(
            headless=False, options={"env": {**os.environ, "DISPLAY": display}}
        ) as chromium,
        serve_sound_pages() as pages,
        open_voice_page(chromium) as page,
    ):
        await page.goto(pages.url("loopback/index.html"))
        await page.microphone.ready()
        assert 0.01 < await echo_delay_s(page) < 0.6
        assert "Headless" not in await page.page.evaluate("navigator.userAgent")
        assert await page.page.evaluate("outerHeight > innerHeight"), "it has a frame"
