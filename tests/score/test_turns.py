"""Which turn an answer answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.score.turns import turn_before, turn_ends, turn_of_answer, voice_to_voice_s
from harness.speech.spans import Span
from tests.support.call_events import event

TURNS = [Span(1.0, 3.0), Span(6.0, 8.0)]


@pytest.mark.parametrize(
    ("began_s", "ends_s", "turn"),
    [
        (0.5, [], -1),
        (3.5, [3.4], 0),
        (5.0, [], 0),
        (8.5, [3.4, 8.4], 1),
        (6.5, [3.4], 0),
        (6.5, [3.4, 6.4], 1),
        (8.5, [3.4], 0),
        (2.5, [], 0),
    ],
    ids=[
        "a greeting",
        "the turn that has ended",
        "where the other side does not tell of turns",
        "the second one",
        "a late answer, while the user speaks again",
        "a pause that was taken for the end",
        "the second turn never reached the other side",
        "in the middle of the first",
    ],
)
def test_an_answer_belongs_to_a_turn(began_s: float, ends_s: list[float], turn: int) -> None:
    assert turn_of_answer(began_s, TURNS, ends_s) == turn


@given(st.floats(0, 10), st.floats(0, 10))
def test_a_later_answer_never_answers_an_earlier_turn(a: float, b: float) -> None:
    first, second = sorted([a, b])
    ends = [3.4, 8.4]
    assert turn_of_answer(first, TURNS, ends) <= turn_of_answer(second, TURNS, ends)


@given(st.lists(st.floats(0, 30)), st.floats(0, 30))
def test_it_is_the_last_turn_with_an_end_between_its_beginning_and_the_answer(
    ends_s: list[float], began_s: float
) -> None:
    """In whatever order the ends were told."""
    noticed = [
        index
        for index, said in enumerate(TURNS)
        if said.start_s < began_s
        and (not ends_s or any(said.start_s < end_s <= began_s + 0.05 for end_s in ends_s))
    ]
    assert turn_of_answer(began_s, TURNS, ends_s) == max(noticed, default=-1)


def test_an_end_that_was_told_before_the_answer_came_before_its_sound() -> None:
    """On a busy machine events are placed late against the sound: their order among each other
    holds, and the answer is no greeting."""
    heard_s, ended_s, told_s = 3.12, 3.25, 3.2501
    assert turn_of_answer(heard_s, TURNS, [ended_s], told_s) == 0
    assert turn_of_answer(heard_s, TURNS, [ended_s]) == -1
    assert turn_of_answer(heard_s, TURNS, [8.4], told_s) == -1, "of a later turn"
    assert turn_of_answer(5.5, TURNS, [3.4, 8.4], 8.5) == 0, "said before the second one began"


def test_the_ends_of_turns_are_those_that_the_other_side_tells() -> None:
    events = [event("user.speech_stopped", 1.0), event("user.committed", None), event("x", 2.0)]
    assert turn_ends(events) == [1.0]


def test_what_no_event_tells_of_follows_the_turn_that_had_ended() -> None:
    assert [turn_before(t, TURNS) for t in (0.0, 2.0, 3.0, 9.0)] == [-1, -1, 0, 1]


def test_a_latency_needs_both_sides() -> None:
    assert voice_to_voice_s(3.5, 3.0) == 0.5
    assert voice_to_voice_s(None, 3.0) is None
    assert voice_to_voice_s(3.5, None) is None
