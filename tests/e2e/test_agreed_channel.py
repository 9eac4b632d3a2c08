"""Pages whose events channel is agreed on beforehand: `negotiated: true`, and `?dcid=N`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import pytest

from harness.browser.launch import Chromium
from harness.call.call import Call
from harness.client.server_api import mint_secret, set_script
from harness.engines.browser.open import open_call
from harness.errors import ExpectationFailed
from harness.server.process.launch import RunningServer
from harness.speech.words.texts import word_error_rate
from tests.support.sound_pages import serve_sound_pages

pytestmark = pytest.mark.realtime

MENU = "Today there is a soup of pumpkins."
SCRIPT = {"rules": [{"say": MENU}]}


@asynccontextmanager
async def calling(server: RunningServer, chromium: Chromium, **asked: int) -> AsyncIterator[Call]:
    """A call of the page, with ``id`` and ``dcid`` as given."""
    await set_script(server, SCRIPT)
    minted = await mint_secret(server, {})
    query = {"calls": minted["calls_url"], "key": minted["client_secret"], **asked}
    async with (
        serve_sound_pages() as pages,
        open_call(pages.url(f"warp/index.html?{urlencode(query)}"), chromium=chromium) as call,
    ):
        yield call


async def test_a_page_gets_the_events_of_its_call(
    shared_server: RunningServer, shared_chromium: Chromium
) -> None:
    async with calling(shared_server, shared_chromium, id=17, dcid=17) as call:
        for _ in range(3):  # what is heard may have holes where the machine is busy
            await call.say("booking-table-for-two")
            answer = await call.answer(within_s=30)
            assert answer.transcript == MENU
            if (wrong := word_error_rate(MENU, answer.recognised)) <= 0.5:
                break
        assert wrong <= 0.5
        page = call.page.page
        kinds = await page.evaluate("events.map(({ type }) => type)")
        assert kinds[0] == "session.created"
        assert "response.done" in kinds


async def test_two_different_numbers_are_told(
    shared_server: RunningServer, shared_chromium: Chromium
) -> None:
    async with calling(shared_server, shared_chromium, id=5, dcid=7) as call:
        with pytest.raises(ExpectationFailed) as caught:
            await call.expect("session.created", within_s=1)
        assert "with the id 5, and asked for its call with ?dcid=7" in str(caught.value)
