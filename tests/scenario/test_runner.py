"""A scenario step by step, on a call that answers as the test says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from harness.audio.clip import silence
from harness.call.call import HeardAnswer, Said
from harness.call.events import CallEvent
from harness.call.utterance import Utterance
from harness.errors import ExpectationFailed, PeerLost
from harness.facts.steps import StepFact
from harness.scenario.model import Scenario
from harness.scenario.progress import NoProgress
from harness.scenario.runner import ScenarioRunner, step_text
from harness.score.answers import Answer
from harness.score.hearing import EarReport, Hearing
from harness.streams.event_stream import EventStream


def heard(text: str, **facts: Any) -> HeardAnswer:
    known: dict[str, Any] = {
        "transcript": text,
        "recognised": text,
        "start_s": 3.0,
        "end_s": 4.0,
        "voice_to_voice_s": 0.8,
        "interrupted": False,
        "status": "completed",
        "answer_id": "a",
        "hearing": Hearing(3.0, 4.0, -20.0, (EarReport("fake", text),)),
    }
    return HeardAnswer(**{**known, **facts})


class FakeRecorder:
    def __init__(self) -> None:
        self.notes: list[tuple[str, dict[str, Any]]] = []

    def note(self, fact: StepFact, t_s: float) -> None:
        self.notes.append((fact.type, fact.to_data()))

    def of(self, type: str) -> list[dict[str, Any]]:
        return [facts for kind, facts in self.notes if kind == type]


class FakeCall:
    """Gives the answers in its list, then none; remembers what was done."""

    def __init__(self, answers: list[HeardAnswer | Exception]) -> None:
        self.recorder = FakeRecorder()
        self.done: list[str] = []
        self.now_s = 0.0
        self.answers: list[Answer] = []
        self.stream: EventStream[CallEvent] = EventStream("events")
        self.transcript: str | None = "go forward ten meters"
        self.voice: str | None = None
        self.twice: list[str] = []
        self.unheard: str | None = None
        self._next = list(answers)

    def events(self, pattern: str) -> Any:
        return self.stream.reader(match=lambda e: e.matches(pattern))

    async def say(self, utterance: Utterance, wait: bool) -> Said:
        self.done.append(f"say {utterance.text}")
        return Said(utterance, self.now_s)

    async def interrupt(self, utterance: Utterance, after_s: float, within_s: float) -> Said:
        self.done.append(f"interrupt {after_s}")
        return Said(utterance, 3.5)

    async def offload(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)

    async def until(self, t_s: float) -> None:
        self.now_s = max(self.now_s, t_s)

    async def silence(self, duration_s: float) -> None:
        self.now_s += duration_s

    async def mute(self, muted: bool) -> None:
        self.done.append(f"mute {muted}")

    async def set_microphone(self, access: str) -> None:
        self.done.append(f"microphone {access}")

    async def end_turn(self) -> None:
        self.done.append("end_turn")

    async def send_event(self, event: dict[str, Any]) -> None:
        self.done.append(f"send {event['type']}")

    async def hang_up(self) -> None:
        self.done.append("hang_up")

    async def answer_tool(self, name: str, output: str) -> None:
        self.done.append(f"tool_result {name} {output}")

    def why_unheard(self, from_s: float, until_s: float) -> str | None:
        return self.unheard

    async def user_transcript(self, within_s: float) -> str | None:
        return self.transcript

    async def answer(self, within_s: float) -> HeardAnswer:
        if not self._next:
            raise ExpectationFailed("no answer", found="nothing came at all")
        answer = self._next.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def second_answers(self) -> list[str]:
        return self.twice

    async def sound_without_voice(self, from_s: float) -> str | None:
        return None

    async def no_answer(self, within_s: float) -> str | None:
        self.now_s += within_s
        return self.voice

    async def expect(self, pattern: str, within_s: float, from_start: bool) -> CallEvent:
        event = next((e for e in self.stream.snapshot() if e.matches(pattern)), None)
        if event is None:
            raise ExpectationFailed("no event", found="only others")
        return event

    async def next_of(self, reader: Any, within_s: float, what: str) -> CallEvent:
        ready = reader.take_available()
        if not ready:
            raise ExpectationFailed("no tool", found="no tool was called")
        return cast("CallEvent", ready[0])


async def run(steps: list[Any], *answers: HeardAnswer | Exception) -> tuple[bool, FakeCall]:
    call = FakeCall(list(answers))
    return await run_on(call, steps), call


async def run_on(call: FakeCall, steps: list[Any]) -> bool:
    scenario = Scenario.model_validate({"name": "t", "steps": steps})
    clip = silence(1.0)
    utterances = {
        number: Utterance("u", clip, "Go forward.", None, 0.1, 0.9)
        for number, step in enumerate(scenario.steps, start=1)
        if step.say or step.interrupt
    }
    return await ScenarioRunner(call, scenario, utterances, NoProgress()).run()  # type: ignore[arg-type]


def verdicts(call: FakeCall) -> list[tuple[str, str]]:
    return [(e["kind"], e["verdict"]) for e in call.recorder.of("expectation")]


async def test_steps_are_done_in_order_and_noted() -> None:
    passed, call = await run(
        [
            {"say": "u"},
            {"mute": True},
            {"device": {"unplug": "microphone"}},
            "end_turn",
            {"send": {"type": "x"}},
            "hang_up",
        ]
    )
    assert passed
    unplugged = "microphone none"
    assert call.done == ["say Go forward.", "mute True", unplugged, "end_turn", "send x", "hang_up"]
    assert [s["kind"] for s in call.recorder.of("step.started")] == [
        "say",
        "mute",
        "device",
        "end_turn",
        "send",
        "hang_up",
    ]


async def test_what_holds_passes_and_what_does_not_fails_with_evidence() -> None:
    passed, call = await run(
        [{"expect": {"words": ["forward", "moon"], "voice_to_voice_s": 1.0}}],
        heard("going forward"),
    )
    assert not passed
    assert verdicts(call) == [("words", "failed"), ("voice_to_voice", "passed")]
    assert "moon" in call.recorder.of("expectation")[0]["evidence"]["text"]


async def test_a_failed_word_does_not_stop_the_conversation() -> None:
    passed, call = await run(
        [{"expect": {"words": ["moon"]}}, {"expect": {"words": ["sun"]}}],
        heard("earth"),
        heard("the sun"),
    )
    assert not passed
    assert verdicts(call) == [("words", "failed"), ("words", "passed")]


async def test_a_missing_answer_ends_it_and_the_rest_is_skipped() -> None:
    passed, call = await run(
        [{"expect": {"words": ["a"]}}, {"say": "u"}, {"expect": {"words": ["b"]}}]
    )
    assert not passed
    assert verdicts(call) == [("words", "failed"), ("skipped", "skipped")]
    assert call.done == []
    assert "nothing came" in call.recorder.of("expectation")[0]["evidence"]


async def test_an_answer_that_the_page_never_played_is_none_and_says_why() -> None:
    """Its words are in the transcript; nobody heard them, and the message names the cause."""
    silent = heard("the sun", recognised="", start_s=None, end_s=None, voice_to_voice_s=None)
    call = FakeCall([silent])
    call.unheard = "received, never played: the element is muted"
    assert not await run_on(call, [{"expect": {"words": ["sun"]}}])
    evidence = str(call.recorder.of("expectation")[0]["evidence"])
    assert call.unheard in evidence
    assert "the sun" in evidence


async def test_what_is_heard_is_judged_even_if_a_page_was_silent_at_times() -> None:
    call = FakeCall([heard("the sun")])
    call.unheard = "received, never played: the element is paused"
    assert await run_on(call, [{"expect": {"words": ["sun"]}}])


async def test_an_interruption_is_judged_by_when_it_fell_silent() -> None:
    cut = heard("one two", interrupted=True, end_s=4.1, status="cancelled")
    step = {"interrupt": {"after_ms": 500, "say": "u", "stops_within_s": 0.6}}
    passed, call = await run([step], cut)
    assert passed
    assert call.done == ["interrupt 0.5"]
    evidence = call.recorder.of("expectation")[0]["evidence"]
    assert evidence.startswith("silent 0.500 s after the interruption")
    assert evidence.endswith("which cut in 0.600 s after the answer's first sound")
    (note,) = call.recorder.of("note")
    assert "cut in 0.600 s after the answer's first sound; 0.5 s was asked for" in note["text"]


async def test_an_answer_that_was_not_cut_fails_the_interruption() -> None:
    step = {"interrupt": {"after_ms": 500, "say": "u", "stops_within_s": 0.6}}
    passed, call = await run([step], heard("all of it", end_s=4.1))
    assert not passed
    assert verdicts(call) == [("barge_in", "failed")]


async def test_no_answer_is_what_was_expected_unless_one_comes() -> None:
    step = {"expect": {"no_answer": True, "within_s": 2}}
    passed, call = await run([step])
    assert passed
    assert call.now_s == 2

    chatty = FakeCall([])
    chatty.voice = "an answer came: “hi”"
    assert not await run_on(chatty, [step])
    assert chatty.recorder.of("expectation")[0]["evidence"] == "an answer came: “hi”"


async def test_events_and_tools_are_looked_for() -> None:
    call = FakeCall([])
    call.stream.push(CallEvent(1.0, "wire", "response.done"))
    called = {"name": "book", "arguments": '{"guests": 2}', "call_id": "c"}
    call.stream.push(CallEvent(1.1, "dialogue", "tool.called", called))
    steps = [
        {"expect": {"event": "response.*"}},
        {"expect": {"tool": {"name": "book", "arguments": {"guests": 2}}}},
        {"tool_result": {"name": "book", "output": {"ok": True}}},
        {"wait": {"event": "response.done"}},
    ]
    assert await run_on(call, steps)
    assert verdicts(call) == [("event", "passed"), ("tool", "passed")]
    assert call.done == ['tool_result book {"ok": true}']


async def test_a_missing_event_or_tool_stops_the_conversation() -> None:
    for expected in ({"event": "x.*"}, {"tool": {"name": "book"}}):
        passed, call = await run([{"expect": expected}, "hang_up"])
        assert not passed
        assert call.done == []


async def test_the_user_s_words_may_be_missing_without_ending_it() -> None:
    call = FakeCall([])
    call.transcript = None
    assert not await run_on(call, [{"expect": {"user_words": ["ten"]}}, "hang_up"])
    assert call.done == ["hang_up"]


async def test_a_timed_mute_ends_by_itself() -> None:
    passed, call = await run([{"mute": 1.5}])
    assert passed
    assert call.done == ["mute True", "mute False"]
    assert call.now_s == 1.5


async def test_waiting_for_an_answer_does_not_judge_it() -> None:
    passed, call = await run([{"wait": {"answer": True}}], heard("whatever"))
    assert passed
    assert verdicts(call) == []


async def test_a_lost_call_is_no_verdict_but_an_error() -> None:
    with pytest.raises(PeerLost):
        await run([{"expect": {"words": ["a"]}}], PeerLost("gone"))


def test_a_step_can_be_told_in_a_few_words() -> None:
    scenario = Scenario.model_validate(
        {
            "name": "t",
            "steps": [
                {"silence": 2},
                {"wait": {"event": "a.b"}},
                {"send": {"type": "x"}},
                {"tool_result": {"name": "f", "output": "1"}},
                "hang_up",
            ],
        }
    )
    assert [step_text(step, None) for step in scenario.steps] == [
        "2.0",
        "a.b",
        "x",
        "f gives 1",
        "",
    ]


def push_problem(call: FakeCall) -> None:
    call.stream.push(CallEvent(1.5, "wire", "error", {}, "received"))
    call.stream.push(CallEvent(1.5, "dialogue", "problem", {"code": "x", "message": "Broken."}))


@pytest.mark.parametrize(
    ("step", "more", "passed"),
    [
        ("end_turn", {}, False),
        ("end_turn", {"allow_problems": ["x"]}, True),
        ({"wait": {"event": "error"}}, {}, True),
        ({"expect": {"event": "problem"}}, {}, True),
    ],
)
async def test_a_problem_of_the_service_fails_the_run_unless_planned_for(
    step: Any, more: dict[str, Any], passed: bool
) -> None:
    call = FakeCall([])
    push_problem(call)
    scenario = Scenario.model_validate({"name": "t", "steps": [step, "hang_up"], **more})
    runner = ScenarioRunner(call, scenario, {}, NoProgress())  # type: ignore[arg-type]
    assert await runner.run() is passed
    assert (("problem", "failed") in verdicts(call)) is not passed


async def test_a_problem_is_told_also_where_the_conversation_stopped() -> None:
    call = FakeCall([])
    push_problem(call)
    assert not await run_on(call, [{"say": "u"}, {"expect": {"words": ["yes"]}}, "hang_up"])
    assert verdicts(call) == [("words", "failed"), ("problem", "failed")]
    assert call.recorder.of("expectation")[-1]["evidence"].startswith("x: Broken. (at 1.500 s")


async def test_an_answer_that_nobody_heard_is_not_waited_for_in_vain() -> None:
    silent = heard("The weather is nice.", start_s=None, end_s=None, unheard="it was silent")
    passed, call = await run([{"wait": {"answer": True}}], silent)
    assert not passed
    (judged,) = call.recorder.of("expectation")
    assert judged["evidence"] == (
        "an answer came, and nobody heard it: it was silent; "
        "its transcript says “The weather is nice.”"
    )


async def test_an_interruption_of_nothing_is_told() -> None:
    """The answer had ended before the user's voice, which is 0.1 s into the clip at 3.5 s."""
    step = {"interrupt": {"after_ms": 500, "say": "u"}}
    passed, call = await run([step], heard("short", end_s=3.2))
    assert not passed
    (judged,) = call.recorder.of("expectation")
    assert judged["evidence"].startswith("the answer had ended 0.400 s before the user cut in")


async def test_an_answer_that_cuts_the_user_off_is_told_whatever_is_expected() -> None:
    early = heard("yes", voice_to_voice_s=-1.6)
    passed, call = await run([{"expect": {"words": ["yes"]}}], early)
    assert passed
    assert "1.600 s before the user had ended" in call.recorder.of("note")[0]["text"]


@pytest.mark.parametrize("allowed", [[], ["second_answer"]])
async def test_two_answers_to_one_turn_fail_unless_they_are_allowed(allowed: list[str]) -> None:
    call = FakeCall([])
    call.twice = ["two answers to what the user said"]
    scenario = Scenario.model_validate(
        {"name": "t", "allow_problems": allowed, "steps": ["hang_up"]}
    )
    passed = await ScenarioRunner(call, scenario, {}, NoProgress()).run()  # type: ignore[arg-type]
    assert passed is bool(allowed)
    assert bool(call.recorder.of("expectation")) is not passed
