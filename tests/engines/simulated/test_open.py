"""A simulated call is a call: say, hear, expect; in no time."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.call.call import Call
from harness.call.opening import CallOptions
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ExpectationFailed, ServerRefused, UsageError
from harness.realtime.server.assistants.script import Script
from harness.report.build import build_results
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


def stages_of(
    folder: Path, rule: dict[str, Any] | None = None, faults: Sequence[str] = (), **detection: Any
) -> dict[str, int]:
    """The stages of one turn's wait, ms, with this in the script, its rule and turn detection."""
    script = {"rules": [{"say": "Going forward.", **(rule or {})}], "faults": list(faults)}
    session = {"audio": {"input": {"turn_detection": {"type": "server_vad", **detection}}}}

    async def main() -> None:
        options = CallOptions(session=session)
        async with open_simulated_call(
            Script.model_validate(script), SimulatedSpeech(), out=folder, options=options
        ) as call:
            await call.say("goforward")
            await call.answer()

    run_in_virtual_time(main)
    ((turn,),) = (scenario.turns for scenario in build_results([folder]).scenarios)
    return {stage.name: round(1000 * (stage.end_s - stage.start_s)) for stage in turn.stages}


LAST = "generation + jitter buffer + page"
"""Of one piece where there is no page and no packet."""


def test_what_is_late_in_one_build_is_late_in_its_stage(tmp_path: Path) -> None:
    """Endpointing by 400 ms, sound by 700, and the event between them by 250, which takes as much
    off the stage behind it; to within a tick of the simulation."""
    before = stages_of(tmp_path / "before", silence_duration_ms=500)
    after = stages_of(
        tmp_path / "after",
        rule={"delay_ms": 700},
        faults=["event_late; events=response.created; delay_s=0.25"],
        silence_duration_ms=900,
    )
    changed = {name: after[name] - before[name] for name in before}
    assert changed == pytest.approx({"endpointing": 400, "decision": 250, LAST: 450}, abs=51)


@pytest.fixture(scope="module")
def as_before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    return stages_of(tmp_path_factory.mktemp("before"), silence_duration_ms=500)


LATE_EVENT = ["event_late; events=response.created; delay_s=0.4"]


@pytest.mark.parametrize(
    ("stage", "planted"),
    [
        ("endpointing", {"silence_duration_ms": 900}),
        ("decision", {"rule": {"delay_ms": 400}, "faults": LATE_EVENT}),
        (LAST, {"rule": {"delay_ms": 400}}),
    ],
)
def test_a_planted_delay_is_pinned_to_its_stage_alone(
    stage: str, planted: dict[str, Any], as_before: dict[str, int], tmp_path: Path
) -> None:
    """400 ms in one build; jitter buffer and page have theirs in tests/e2e/test_never_played.py."""
    after = stages_of(tmp_path, **{"silence_duration_ms": 500, **planted})
    grown = {name: after[name] - as_before[name] for name in as_before}
    expected = {name: 400 if name == stage else 0 for name in as_before}
    assert grown == pytest.approx(expected, abs=51)
