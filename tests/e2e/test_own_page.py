"""Our own page against our server: what its scenarios do not do, settings that change and a stop.

A spoken turn, both transcripts, a tool and talking into an answer are in the shipped scenarios,
which run through this page in test_scenarios.py.
"""

from __future__ import annotations

import pytest

from harness.browser.launch import Chromium
from harness.client.server_api import set_script
from harness.engines.browser.open import open_call
from harness.server.process.launch import RunningServer
from tests.support.stock_waiter import INSTRUCTIONS, SCRIPT

pytestmark = pytest.mark.realtime

ASKED = {
    "type": "message",
    "role": "user",
    "content": [{"type": "input_text", "text": "Please count."}],
}


async def test_settings_change_and_an_answer_is_stopped(
    shared_chromium: Chromium, shared_server: RunningServer
) -> None:
    await set_script(shared_server, SCRIPT)
    async with open_call(server=shared_server, chromium=shared_chromium) as call:
        page = call.page.page
        await page.wait_for_function("() => RT.state().status === 'connected'")
        session = await page.evaluate(
            "text => RT.updateSession({instructions: text})", INSTRUCTIONS
        )
        assert session["instructions"] == INSTRUCTIONS

        await page.evaluate("item => RT.sendEvent({type: 'conversation.item.create', item})", ASKED)
        await page.evaluate("RT.respond()")
        await call.answer_voice(within_s=30)
        assert await page.evaluate("RT.cancel()") is True
        await page.evaluate("RT.clearOutputAudio()")
        answer = await call.answer(within_s=30)
        assert answer.interrupted
        assert answer.status == "cancelled"
