"""The probe's line into a page."""

from __future__ import annotations

from harness.browser.launch import Chromium
from harness.browser.voice_page import open_voice_page
from tests.support.page_server import PageServer


async def test_a_frame_of_another_site_has_a_session_of_its_own(
    chromium: Chromium, page_server: PageServer
) -> None:
    """And the probe was in it before its first script."""
    async with open_voice_page(chromium) as page:
        inner = page_server.url("plain.html", "localhost")
        await page.goto(page_server.url(f"framed.html?frame={inner}"))
        frame = next(frame for frame in page.page.frames if "localhost" in frame.url)
        await frame.wait_for_load_state()
        top, other = page._realms.all()
        assert top.line._session is not other.line._session
        seen = await frame.evaluate("String(RTCPeerConnection)")
        assert seen == "function RTCPeerConnection() { [native code] }"
