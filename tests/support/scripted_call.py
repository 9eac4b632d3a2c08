"""A call in Chromium with the local server, whose assistant answers two questions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from harness.browser.launch import Chromium
from harness.call.call import Call
from harness.client.server_api import set_script
from harness.engines.browser.open import CallOptions, open_call
from harness.server.process.launch import RunningServer

SCRIPT = {
    "rules": [
        {"when": {"words": ["somewhere"]}, "say": "One. Two. Three. Four. Five. Six. " * 8},
        {"when": {"words": ["forward"]}, "say": "Going forward."},
    ]
}
# A hiccup of a busy machine is no end of a turn.
TURNS = {"type": "server_vad", "silence_duration_ms": 1_500}
SESSION = {"audio": {"input": {"transcription": {"model": "whisper-1"}, "turn_detection": TURNS}}}


@asynccontextmanager
async def scripted_call(chromium: Chromium, server: RunningServer) -> AsyncIterator[Call]:
    await set_script(server, SCRIPT)
    options = CallOptions(session=SESSION)
    async with open_call(server=server, chromium=chromium, options=options) as call:
        yield call
