"""A process that holds a call until somebody kills it: ``python talking_process.py FOLDER``.

It tells how far the call has come, after each answer: a line with seconds on the timeline.
"""

from __future__ import annotations

import sys
from pathlib import Path

from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.realtime.server.assistants.script import Script
from harness.virtual_time import run_in_virtual_time

SCRIPT = Script.model_validate({"rules": [{"say": "Going forward, as you asked."}]})


async def talk() -> None:
    """Say something and wait for the answer, over and over."""
    folder = Path(sys.argv[1])
    async with open_simulated_call(SCRIPT, SimulatedSpeech(), out=folder) as call:
        while True:
            await call.say("goforward")
            answer = await call.answer()
            print(f"{call.now_s} {answer.end_s}", flush=True)


if __name__ == "__main__":
    run_in_virtual_time(talk)
