"""One document with the probe in it, and the line to it."""

from __future__ import annotations

import pytest

from harness.browser.voice_page import VoicePage
from harness.errors import BrowserError
from tests.support.page_server import PageServer


async def test_the_control_object_is_found_without_a_global(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """And an unknown method is an error in plain words."""
    await voice_page.goto(page_server.url("plain.html"))
    [realm] = voice_page._realms.all()
    assert await realm.line.call("now") > 1e12
    with pytest.raises(BrowserError, match="could not do “nothing”"):
        await realm.line.call("nothing")
