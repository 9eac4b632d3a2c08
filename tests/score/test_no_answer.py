"""Nobody answers: any voice breaks it, but for the last of an answer that was cut."""

from dataclasses import dataclass
from typing import Any

import pytest

from harness.score.answers import Answer, Stretch
from harness.score.no_answer import CUT_TAKES_S, Quiet, emptiness_of, failure_of, voice_in

TOOLS = [("before", 2.0), ("look_up", 3.2), ("", 3.3)]


@dataclass(frozen=True)
class Happened:
    """An event of a call."""

    type: str
    data: dict[str, Any]
    t_s: float | None
    source: str = "dialogue"


QUIET = Quiet(from_s=10.0, until_s=13.0, acted_s=8.5, spoke_until_s=9.8)


def heard(*spans: tuple[float, float | None], started_s: float = 3.0, **facts: object) -> Answer:
    stretches = [Stretch(*span) for span in spans]
    start_s = stretches[0].start_s if stretches else None
    return Answer("a", started_s, "We opened.", voice_start_s=start_s, stretches=stretches, **facts)  # type: ignore[arg-type]


def test_nothing_heard_is_no_answer() -> None:
    assert voice_in(QUIET, []) is None
    assert voice_in(QUIET, [heard((3.0, 7.0))]) is None


@pytest.mark.parametrize("end_s", [None, 12.0, 20.0])
def test_an_older_answer_that_goes_on_is_heard(end_s: float | None) -> None:
    found = voice_in(QUIET, [heard((3.0, end_s))])
    assert found is not None
    assert found.startswith("the rest of an older answer was heard from 3.000 s")


def test_the_last_of_an_answer_that_was_cut_may_sound_on_for_a_moment() -> None:
    cut: dict[str, Any] = {"status": "cancelled"}
    assert voice_in(QUIET, [heard((3.0, 9.8 + CUT_TAKES_S), **cut)]) is None
    assert voice_in(QUIET, [heard((3.0, 9.9 + CUT_TAKES_S), **cut)]) is not None
    assert voice_in(QUIET, [heard((3.0, 9.8 + CUT_TAKES_S), status="completed")]) is not None


def test_an_answer_that_was_cut_and_goes_on_later_is_heard() -> None:
    assert voice_in(QUIET, [heard((3.0, 9.9), (11.0, 12.0), status="cancelled")]) is not None


def test_a_new_answer_is_told_with_its_words() -> None:
    found = voice_in(QUIET, [heard((11.0, 12.0), started_s=10.8)])
    assert found == "an answer came, heard from 11.000 s to 12.000 s: “We opened.”"


def test_an_answer_that_came_before_counts_unless_a_step_has_asked_for_it() -> None:
    early = heard((9.0, 9.9), started_s=8.9)
    assert "had come before, at 9.000 s" in (voice_in(QUIET, [early]) or "")
    assert voice_in(QUIET, [early], {"a"}) is None


def test_an_answer_without_sound_is_one() -> None:
    assert "without a voice" in (voice_in(QUIET, [heard(started_s=11.0)]) or "")
    assert voice_in(QUIET, [heard(started_s=14.0)]) is None


def test_a_long_answer_is_told_in_short() -> None:
    long = Answer("a", 11.0, "word " * 200, voice_start_s=11.0, stretches=[Stretch(11.0)])
    assert len(voice_in(QUIET, [long]) or "") < 200


def test_an_answer_that_failed_says_why() -> None:
    failed = Answer("a", 3.0, status="failed", reason="Too many tokens.")
    assert failure_of(failed) == "an answer failed: Too many tokens."
    assert failure_of(Answer("a", 3.0, status="failed")) == (
        "an answer failed: no reason was given"
    )
    assert failure_of(Answer("a", 3.0, status="completed")) is None
    assert failure_of(heard((3.0, 7.0), status="failed", reason="Too many tokens.")) is None


def test_an_answer_without_word_and_sound_says_so_and_names_its_tools() -> None:
    empty = Answer("a", 3.0, status="completed", ended_s=3.4)
    said = "an answer was over at 3.400 s (completed), without a word and without a sound"
    assert emptiness_of(empty, []) == said
    calls = [Happened("tool.called", {"name": name}, t_s) for name, t_s in TOOLS]
    assert emptiness_of(empty, calls) == f"{said}, but for a call of look_up, a tool"
    assert emptiness_of(Answer("a", 3.0), []) is None
    assert emptiness_of(heard((3.0, 7.0), status="completed", ended_s=7.0), []) is None
