"""A simulated call is a call: say, hear, expect; in no time."""

from pathlib import Path

import pytest

from harness.call.call import Call
from harness.call.opening import CallOptions
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ExpectationFailed, ServerRefused, UsageError
from harness.realtime.server.assistants.script import Script
from harness.trace import read_trace
from harness.virtual_time import run_in_virtual_time

SCRIPT = Script.model_validate(
    {"rules": [{"when": {"words": ["forward"]}, "say": "Going forward."}]}
)


def test_a_turn_is_said_understood_answered_and_measured(tmp_path: Path) -> None:
    async def main() -> None:
        speech = SimulatedSpeech()
        async with open_simulated_call(SCRIPT, speech, out=tmp_path, seed=7) as call:
            said = await call.say("goforward")
            answer = await call.answer()
            assert answer.transcript == "Going forward."
            assert "forward" in answer.recognised.lower()
            assert answer.start_s is not None
            assert 0.4 < answer.start_s - said.speech_end_s < 2.5
            await _look_around(call)
            await call.hang_up()
            await call.expect("peer_connection.closed")

    run_in_virtual_time(main)
    trace = read_trace(tmp_path / "trace.jsonl")
    assert (trace.header["engine"], trace.header["seed"]) == ("simulated", 7)
    assert trace.of_type("error") == []
    assert trace.events[-1].type == "call.closed"


async def _look_around(call: Call) -> None:
    with pytest.raises(UsageError, match="no page"):
        _ = call.page
    with pytest.raises(ExpectationFailed, match="an answer that is over"):
        await call.answer(within_s=2)
    await call.send_event({"type": "no.such.type"})
    assert (await call.expect("problem")).data["code"]


def test_settings_that_are_wrong_are_refused_like_by_a_server() -> None:
    async def main() -> None:
        options = CallOptions(session={"no_such_setting": 1})
        async with open_simulated_call(SCRIPT, SimulatedSpeech(), options=options):
            pass

    with pytest.raises(ServerRefused, match="no_such_setting"):
        run_in_virtual_time(main)
