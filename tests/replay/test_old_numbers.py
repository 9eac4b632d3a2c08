"""The old call as a run: its latencies are those that `harness score` has."""

from __future__ import annotations

from pathlib import Path

from harness.regression.compare import compare
from harness.regression.facts import Calls, RunFacts, ScenarioFacts, TurnFacts
from harness.replay.listen import HeardCall
from harness.replay.old_numbers import facts_of
from harness.replay.plan import plan_call
from harness.score.conversation import conversation_of
from harness.speech.spans import Span

USER = [Span(4, 5, 0.01, 0.02), Span(8, 9.5, 0.01, 0.02), Span(13, 14, 0.01, 0.02)]
AGENT = [Span(1, 3, 0.03, 0.01), Span(5.8, 8.4, 0.03, 0.01), Span(10.5, 12, 0.03, 0.01)]
SAID = ("I'd like a table.", "No, wait.", "Goodbye.")
ANSWERS = ("For how many people would that be?", "I am waiting.", "")


def recorded() -> ScenarioFacts:
    talk = conversation_of(USER, AGENT)
    plan = plan_call(talk, 20.0, has_agent=True)
    call = HeardCall(Path("a.wav"), 20.0, 8000, 0, talk, plan, SAID, ANSWERS, "Hello.", ())
    return facts_of(call, "a")


def replayed(*, slower_ms: float = 0.0, text: str = "I am waiting.", runs: int = 1) -> Calls:
    """A run in an engine that knows words and tools."""
    old = recorded().runs[0].turns
    turns = [
        turn.model_copy(
            update={
                "heard": text if turn.heard == "I am waiting." else turn.heard,
                "answer": turn.heard,
                "tools": ("look_up({})",),
                "times_ms": {name: ms + slower_ms for name, ms in turn.times_ms.items()},
            }
        )
        for turn in old
    ]
    run = RunFacts(turns=tuple(turns), events=("response.done",))
    facts = ScenarioFacts(name="a", engine="browser", protocol="realtime", runs=(run,) * runs)
    return Calls(source="new", machine="a machine", scenarios=(facts,))


BASE = Calls(source="old", scenarios=(recorded(),))


def test_turns_have_words_latencies_and_interruptions() -> None:
    greeting, first, second, third = recorded().runs[0].turns
    assert greeting == TurnFacts(heard="Hello.")
    assert (first.said, first.heard, first.interrupted) == (SAID[0], ANSWERS[0], True)
    assert first.times_ms == {"voice_to_voice": 800.0, "barge_in_reaction": 400.0}
    assert first.uncertain_ms["voice_to_voice"] == 36.1
    assert second.times_ms == {"voice_to_voice": 1000.0}
    assert (third.audible, third.is_answered, third.times_ms) == (False, False, {})


def test_a_run_that_is_as_the_recording_is_the_same() -> None:
    found = compare(BASE, replayed())
    assert {finding.verdict for finding in found.findings} <= {"same"}


def test_a_recording_is_compared_with_any_engine_and_any_machine() -> None:
    assert compare(BASE, replayed()).unlike == ()
    assert compare(replayed(), BASE).unlike == ()


def test_slower_answers_are_found() -> None:
    found = compare(BASE, replayed(slower_ms=400))
    assert "latency" in {finding.kind for finding in found.findings}


def test_a_word_that_is_gone_is_a_doubt_in_one_run_and_sure_in_three() -> None:
    (one,) = compare(BASE, replayed(text="I am.")).of("cannot_tell")
    assert one.more_repeats == 2
    (sure,) = compare(BASE, replayed(text="I am.", runs=3)).of("worse")
    assert "waiting" in sure.text
