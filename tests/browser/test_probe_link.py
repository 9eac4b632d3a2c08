"""The probe's line into a page."""

from __future__ import annotations

import pytest

from harness.browser.launch import Chromium
from harness.browser.probe_link import ProbeSettings
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.errors import BrowserError
from tests.support.page_server import PageServer


def test_names_and_keys_are_new_for_every_page() -> None:
    """A page cannot learn them from another."""
    one, two = ProbeSettings(), ProbeSettings()
    assert len({one.binding, two.binding, one.key, two.key, one.device_seed}) == 5
    assert one.key in one.script()


async def test_the_control_object_is_found_without_a_global(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """And an unknown method is an error in plain words."""
    await voice_page.goto(page_server.url("plain.html"))
    [realm] = voice_page._realms.all()
    assert await realm.line.call("now") > 1e12
    with pytest.raises(BrowserError, match="could not do “nothing”"):
        await realm.line.call("nothing")


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
