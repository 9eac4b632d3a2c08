"""What was begun before an answer, and given up."""

from __future__ import annotations

import pytest

from harness.score.answer_remarks import restarted, taken_back
from harness.score.answers import Answer
from harness.speech.spans import Span


def answer(at_s: float, text: str, *, cut: bool = False, heard: bool = True) -> Answer:
    status = "cancelled" if cut else "completed"
    voice_s = at_s + 0.1 if heard else None
    return Answer(f"a{at_s}", at_s, text, status, voice_start_s=voice_s)


CUT = answer(2.0, "We opened forty years ago as a", cut=True)


@pytest.mark.parametrize(
    ("text", "is_restart"),
    [
        ("We opened forty years ago, as a small bakery.", True),
        ("we OPENED forty years", True),
        ("We opened forty.", False),
        ("I am sorry. We opened forty years ago.", False),
        ("", False),
    ],
)
def test_an_answer_that_begins_as_the_one_that_was_cut(text: str, is_restart: bool) -> None:
    again = answer(6.0, text)
    assert (restarted(again, [CUT, again]) is not None) is is_restart


def test_only_one_that_was_cut_before_can_begin_again() -> None:
    ended, again = answer(2.0, CUT.text), answer(6.0, CUT.text, cut=True)
    assert restarted(again, [ended, again]) is None
    assert restarted(ended, [ended, again]) is None, "the cut one came later"


def test_an_answer_into_a_pause_that_nobody_heard_is_told() -> None:
    before, after = answer(1.8, "", cut=True, heard=False), answer(3.7, "Of course.")
    turns = [Span(0.3, 3.3)]
    assert "at 1.800 s and taken back" in (taken_back(after, [before, after], turns) or "")


@pytest.mark.parametrize(
    ("before", "turns"),
    [
        (answer(1.8, "", heard=False), [Span(0.3, 3.3)]),
        (answer(1.8, "", cut=True), [Span(0.3, 3.3)]),
        (answer(1.8, "", cut=True, heard=False), [Span(0.3, 1.5)]),
        (answer(1.8, "", cut=True, heard=False), [Span(0.3, 1.5), Span(2.0, 3.0)]),
        (answer(1.8, "", cut=True, heard=False), []),
    ],
    ids=["not cut", "heard", "after the turn", "to the turn before", "nothing said"],
)
def test_what_is_no_answer_into_a_pause(before: Answer, turns: list[Span]) -> None:
    after = answer(3.7, "Of course.")
    assert taken_back(after, [before, after], turns) is None
