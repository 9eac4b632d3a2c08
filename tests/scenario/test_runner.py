"""A scenario step by step, on a call that answers as the test says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from harness.audio.clip import silence
from harness.call.call import HeardAnswer
from harness.call.events import CallEvent
from harness.call.sent_words import SentWords
from harness.call.utterance import Utterance
from harness.errors import ExpectationFailed, PeerLost
from harness.facts.call import AgentMissing
from harness.line.audio import AudioFrames
from harness.protocols.by_ear import ByEar
from harness.protocols.realtime import RealtimeProtocol
from harness.scenario.model import Scenario
from harness.scenario.progress import NoProgress
from harness.scenario.runner import ScenarioRunner
from harness.score.judgement import Judgement
from harness.streams.waiting import NothingLikeIt
from tests.support.fake_call import FakeCall, heard


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


@pytest.mark.parametrize("wanted", [True, False])
async def test_snapshots_are_kept_after_each_step_where_they_are_wanted(wanted: bool) -> None:
    class Page:
        kept = 0

        async def keep_snapshots(self) -> None:
            self.kept += 1

    page: Any = Page()
    data = {"name": "t", "page": {"snapshots": wanted}, "steps": [{"mute": True}, "hang_up"]}
    call: Any = FakeCall([])
    await ScenarioRunner(call, Scenario.model_validate(data), {}, NoProgress(), page).run()
    assert page.kept == (2 if wanted else 0)


async def test_what_is_said_may_go_on_be_queued_to_and_stop() -> None:
    goes_on = {"file": "u", "wait": False}
    passed, call = await run(
        [{"say": goes_on}, {"say": {**goes_on, "queue": True}}, {"microphone": "telephone"}, "stop"]
    )
    assert passed
    assert call.done == [
        "say Go forward.",
        "say Go forward. queued",
        "microphone a telephone's band",
        "stop within 20 ms",
    ]
    assert call.now_s == 0.0, "nobody waited"


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


async def test_the_user_s_words_are_judged_by_our_own_ear_where_the_page_tells_none() -> None:
    call = FakeCall([])
    call.protocol, call.sent = ByEar(), SentWords("go forward ten meters")
    assert await run_on(call, [{"expect": {"user_words": ["ten"]}}])
    call.sent = SentWords("go forward")
    assert not await run_on(call, [{"expect": {"user_words": ["ten"]}}])
    [first, second] = call.recorder.of("expectation")
    assert (first["verdict"], second["verdict"]) == ("passed", "failed")
    assert "by our own ear" in first["evidence"]


async def test_by_ear_an_interruption_is_judged_by_the_silence_that_follows() -> None:
    step = {"interrupt": {"after_ms": 500, "say": "u", "stops_within_s": 1}}
    for protocol, verdict in ((ByEar(), "passed"), (RealtimeProtocol(), "failed")):
        call = FakeCall([heard("and so on", end_s=4.2)])
        call.protocol = protocol
        assert await run_on(call, [step]) is (verdict == "passed")
        [judged] = [e for e in call.recorder.of("expectation") if e["kind"] == "barge_in"]
        assert judged["verdict"] == verdict
        assert ("by ear" in judged["evidence"]) is (verdict == "passed")


async def test_what_a_page_never_tells_is_no_verdict_on_it() -> None:
    for expected in ({"event": "x.*"}, {"tool": {"name": "book"}}):
        call = FakeCall([])
        call.protocol = ByEar()
        assert not await run_on(call, [{"expect": expected}])
        [judged] = call.recorder.of("expectation")
        assert judged["verdict"] == "cannot_tell"
        assert "no protocol that the harness reads" in judged["evidence"]


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


def push_problem(call: FakeCall) -> None:
    call.stream.push(CallEvent(1.5, "wire", "error", {}, "received"))
    call.stream.push(CallEvent(1.5, "dialogue", "problem", {"code": "x", "message": "Broken."}))


async def test_the_silence_of_a_mistyped_agent_does_not_pass() -> None:
    call = FakeCall([])
    call.recorder.agent_missing = AgentMissing("connection-7", ["connection-0"])
    tone = np.full(24_000, 0.3, np.float32)
    call.recorder.others.take(AudioFrames(1.0, tone, "top/connection-0", 0))
    assert not await run_on(call, [{"silence": 1}])
    assert verdicts(call) == [("agent", "failed")]


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


class FakePage:
    """Takes steps on a page; what it fails by, the test says."""

    def __init__(self, *failed: str) -> None:
        self.failed = failed
        self.done: list[str] = []

    async def act(self, step: Any) -> list[Judgement]:
        return self._took(step.kind)

    async def hold(self, wanted: Any, utterance: Utterance) -> list[Judgement]:
        return self._took(f"hold while {utterance.text}")

    async def hang_up(self, wanted: Any) -> list[Judgement]:
        return self._took("hang_up by a click")

    async def expect(self, wanted: Any, within_s: float | None) -> list[Judgement]:
        return self._took(f"expect {wanted.in_words} {within_s}")

    def _took(self, what: str) -> list[Judgement]:
        self.done.append(what)
        return [Judgement("page", what, False, "nothing matches")] if what in self.failed else []


PAGE_STEPS: list[Any] = [
    {"click": "#a"},
    {"expect": {"words": ["sun"], "page": {"visible": "#a"}, "within_s": 2}},
    {"hold": {"key": "t", "while": "u"}},
    {"hang_up": {"click": "#end"}},
    {"expect": {"page": {"url": "/bye"}}},
]
IN_ORDER = [
    "click",
    "expect “#a” is visible 2.0",
    "hold while Go forward.",
    "hang_up by a click",
    "expect the page's address is “/bye” None",
]


async def run_with_page(page: FakePage) -> FakeCall:
    call = FakeCall([heard("the sun")])
    scenario = Scenario.model_validate({"name": "t", "steps": PAGE_STEPS})
    utterances = {3: Utterance("u", silence(1.0), "Go forward.", None, 0.1, 0.9)}
    runner = ScenarioRunner(call, scenario, utterances, NoProgress(), page)  # type: ignore[arg-type]
    await runner.run()
    return call


async def test_steps_on_the_page_stand_between_the_others() -> None:
    page = FakePage()
    call = await run_with_page(page)
    assert page.done == IN_ORDER
    assert verdicts(call) == [("words", "passed")]
    texts = [fact["text"] for fact in call.recorder.of("step.started")]
    assert texts == [
        "#a",
        "the answer says “sun”; “#a” is visible",
        "t",
        "“#end”",
        "the page's address is “/bye”",
    ]


async def test_a_step_on_the_page_that_fails_ends_it_and_an_expectation_does_not() -> None:
    page = FakePage(IN_ORDER[1], IN_ORDER[3])
    call = await run_with_page(page)
    assert page.done == IN_ORDER[:4]
    assert verdicts(call) == [
        ("words", "passed"),
        ("page", "failed"),
        ("page", "failed"),
        ("skipped", "skipped"),
    ]


async def test_a_pause_counts_from_the_last_sound_of_the_answer() -> None:
    passed, call = await run(
        [{"wait": {"answer": True, "pause_s": 0.8}}, {"wait": {"answer": True, "pause_s": 0}}],
        heard("one", end_s=4.0),
        heard("two", end_s=3.0),
    )
    assert passed
    assert call.now_s == 4.8


@pytest.mark.parametrize(
    ("late", "told"),
    [
        (NothingLikeIt("No.", "one", "2 came: a, b", "nothing within 2 s"), "2 came: a, b"),
        (ExpectationFailed("No.", found="the stream broke"), "the stream broke"),
        (ExpectationFailed("No."), "nothing came at all"),
    ],
)
async def test_what_came_in_place_of_an_answer_is_told_once(
    late: ExpectationFailed, told: str
) -> None:
    passed, call = await run([{"expect": {"words": ["go"], "within_s": 2}}], late)
    assert not passed
    (judged,) = call.recorder.of("expectation")
    assert judged["evidence"] == f"no answer within 2 s: {told}"
