"""Soft and absent expectations, one of several, rounds, a time for all: on a call by script."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness.audio.clip import silence
from harness.call.call import HeardAnswer
from harness.call.events import CallEvent
from harness.call.utterance import Utterance
from harness.errors import ExpectationFailed
from harness.protocols.by_ear import ByEar
from harness.protocols.interface import VoiceProtocol
from harness.protocols.realtime import RealtimeProtocol
from harness.scenario.flow import Round
from harness.scenario.model import Scenario
from harness.scenario.progress import NoProgress
from harness.scenario.runner import ScenarioRunner
from tests.support.fake_call import FakeCall, heard


class TimedCall(FakeCall):
    """Waiting for what does not come takes its time."""

    async def answer(self, within_s: float) -> HeardAnswer:
        if not self._next:
            self.now_s += within_s
        return await super().answer(within_s)

    async def expect(self, pattern: str, within_s: float, from_start: bool = False) -> CallEvent:
        fits = [e for e in self.stream.snapshot() if e.matches(pattern)]
        taken = len([done for done in self.done if done.startswith("took")])
        if len(fits) <= taken:
            self.now_s += within_s
            raise ExpectationFailed("no event", found="only others")
        self.done.append(f"took {fits[taken].type}")
        return fits[taken]


async def run(
    steps: list[Any],
    *answers: HeardAnswer | Exception,
    events: tuple[CallEvent, ...] = (),
    rounds: dict[int, Round] | None = None,
    protocol: VoiceProtocol | None = None,
    **scenario: Any,
) -> tuple[str, TimedCall]:
    call = TimedCall(list(answers))
    call.protocol = protocol or RealtimeProtocol()
    for event in events:
        call.stream.push(event)
    read = Scenario.model_validate({"name": "t", "steps": steps, **scenario})
    said = Utterance("u", silence(1.0), "Go.", None, 0.1, 0.9)
    utterances = {n: said for n, step in enumerate(read.steps, start=1) if step.say}
    runner = ScenarioRunner(call, read, utterances, NoProgress(), None, rounds)  # type: ignore[arg-type]
    await runner.run()
    return runner.verdict, call


def found(call: FakeCall) -> list[tuple[str, str]]:
    return [(e["kind"], e["verdict"]) for e in call.recorder.of("expectation")]


def event(type: str, **data: Any) -> CallEvent:
    return CallEvent(1.0, "dialogue", type, data)


async def test_what_is_soft_is_noted_and_fails_nothing() -> None:
    steps = [{"expect": {"words": ["moon"], "soft": True}}, {"expect": {"words": ["earth"]}}]
    verdict, call = await run(steps, heard("the sun"), heard("the earth"))
    assert verdict == "passed"
    assert [e.get("soft", False) for e in call.recorder.of("expectation")] == [True, False]
    verdict, call = await run(steps)
    assert verdict == "failed", "the first missing answer did not end it, the second did"
    assert found(call) == [("words", "failed"), ("words", "failed")]


async def test_one_of_several_is_enough_and_all_ask_the_same_answer() -> None:
    steps = [
        {"expect": {"any_of": [{"words": ["moon"]}, {"words": ["sun"]}]}},
        {"expect": {"words": ["earth"]}},
    ]
    verdict, call = await run(steps, heard("the sun"), heard("the earth"))
    assert verdict == "passed"
    assert found(call) == [("any_of", "passed"), ("words", "passed")]
    verdict, call = await run(steps[:1], heard("the stars"))
    assert verdict == "failed"
    [judged] = call.recorder.of("expectation")
    assert judged["text"] == "the answer says “moon”, or the answer says “sun”"


async def test_an_event_may_stand_for_an_answer_that_did_not_come() -> None:
    either = [{"event": "tool.called"}, {"words": ["moon"]}]
    steps = [{"expect": {"any_of": either}}, {"end_turn": True}]
    verdict, call = await run(steps, events=(event("tool.called"),))
    assert verdict == "passed"
    assert call.done == ["took tool.called", "end_turn"]
    verdict, call = await run(steps)
    assert verdict == "failed"
    assert "end_turn" not in call.done, "nobody answered, so nobody is there to speak to"


@pytest.mark.parametrize("names", [("pay", "book"), ("book", "pay"), ("book", "look", "pay")])
async def test_alternatives_about_a_tool_are_judged_by_the_same_call(names: list[str]) -> None:
    steps = [
        {"expect": {"any_of": [{"tool": {"name": name}} for name in names]}},
        {"expect": {"tool": {"name": "later"}}},
    ]
    verdict, call = await run(steps[:1], events=(event("tool.called", name="pay", arguments="{}"),))
    assert (verdict, found(call)) == ("passed", [("any_of", "passed")])
    verdict, call = await run(steps[:1], events=(event("tool.called", name="no", arguments="{}"),))
    assert (verdict, found(call)) == ("failed", [("any_of", "failed")])
    verdict, call = await run(steps)
    assert found(call) == [("any_of", "failed"), ("tool", "failed")], "no call at all"


@pytest.mark.parametrize(
    ("absent", "verdict"),
    [
        ({"event": "error"}, "passed"),
        ({"event": "tool.*"}, "failed"),
        ({"tool": {"name": "pay"}}, "failed"),
        ({"tool": {"name": "pay", "arguments": {"sum": 4}}}, "passed"),
        ({"words": ["moon"]}, "passed"),
        ({"words": ["sun"]}, "failed"),
    ],
)
async def test_what_must_not_come_is_waited_for(absent: dict[str, Any], verdict: str) -> None:
    called = event("tool.called", name="pay", arguments='{"sum": 3}')
    steps = [{"expect": {"absent": {**absent, "within_s": 2}}}]
    judged, call = await run(steps, heard("the sun"), events=(called,))
    assert judged == verdict
    assert found(call) == [("absent", verdict)]
    if verdict == "passed":
        assert call.now_s == 2.0


@pytest.mark.parametrize("absent", [{"tool": {"name": "pay"}}, {"event": "tool.*"}])
@pytest.mark.parametrize(
    ("protocol", "verdict"), [(RealtimeProtocol(), "passed"), (ByEar(), "cannot_tell")]
)
async def test_what_nobody_could_have_seen_is_not_known_to_be_absent(
    absent: dict[str, Any], protocol: VoiceProtocol, verdict: str
) -> None:
    steps = [{"expect": {"absent": absent}}]
    judged, call = await run(steps, protocol=protocol)
    assert (judged, found(call)) == (verdict, [("absent", verdict)])


async def test_a_tool_call_whose_name_is_kept_back_may_be_the_one_that_must_not_come() -> None:
    called = event("tool.called", name="", arguments="")
    steps = [{"expect": {"absent": {"tool": {"name": "pay"}, "within_s": 2}}}]
    judged, call = await run(steps, events=(called,))
    assert (judged, found(call)) == ("cannot_tell", [("absent", "cannot_tell")])


@pytest.mark.parametrize("absent", [{"event": "peer_connection.*"}, {"words": ["moon"]}])
async def test_what_the_browser_and_ears_tell_is_absent_without_a_protocol(
    absent: dict[str, Any],
) -> None:
    verdict, _ = await run([{"expect": {"absent": absent}}], protocol=ByEar())
    assert verdict == "passed"


async def test_rounds_go_on_until_it_holds() -> None:
    steps = ["end_turn", {"expect": {"words": ["bye"]}}] * 3 + ["hang_up"]
    rounds = {1: Round(1, 3, 6), 3: Round(2, 3, 6), 5: Round(3, 3, 6)}
    verdict, call = await run(steps, heard("more"), heard("bye"), rounds=rounds)
    assert verdict == "passed"
    assert call.done == ["end_turn", "end_turn", "hang_up"]
    [judged] = call.recorder.of("expectation")
    evidence = judged["evidence"]
    assert "in round 2 of at most 3" in (
        evidence if isinstance(evidence, str) else evidence["text"]
    )
    verdict, call = await run(steps, *map(heard, ("more", "more", "more")), rounds=rounds)
    assert verdict == "failed"
    assert found(call) == [("words", "failed")]


async def test_steps_that_are_not_over_in_time_have_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(self: FakeCall, duration_s: float) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(FakeCall, "silence", never)
    steps = [{"silence": 5}, {"expect": {"words": ["a"]}}]
    verdict, call = await run(steps, timeout_s=0.01)
    assert verdict == "failed"
    assert found(call) == [("timeout", "failed"), ("skipped", "skipped")]
    assert call.recorder.of("expectation")[0]["evidence"] == "step 1 of 2 was not over"
