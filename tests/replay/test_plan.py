"""Plans: when each turn begins, and what of the recording is kept for it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.replay.plan import (
    AFTER_S,
    BEFORE_S,
    LONGEST_TURN_S,
    USUAL_PAUSE_S,
    Plan,
    cuts_of,
    plan_call,
    too_much,
)
from harness.score.conversation import conversation_of
from harness.speech.spans import Span


def plan(user: list[tuple[float, float]], agent: list[tuple[float, float]]) -> Plan:
    voices = ([Span(*each) for each in side] for side in (user, agent))
    return plan_call(conversation_of(*voices), 10_000.0, has_agent=bool(agent))


def test_turns_begin_as_long_after_the_answers_as_then() -> None:
    made = plan([(1, 2), (6, 7), (12, 13)], [(2.8, 5), (7.9, 10.5)])
    assert [turn.start for turn in made.turns] == ["first", "answer", "answer"]
    assert [turn.after_s for turn in made.turns] == pytest.approx([1, 1, 1.5])
    assert [turn.agent is not None for turn in made.turns] == [True, True, False]


def test_a_greeting_is_waited_for() -> None:
    made = plan([(4, 5)], [(0.5, 3), (6, 7)])
    assert made.greeting == Span(0.5, 3)
    assert (made.turns[0].start, made.turns[0].after_s) == ("greeting", 1.0)


def test_a_turn_that_got_no_answer_is_followed_by_silence() -> None:
    made = plan([(1, 2), (8, 9)], [(10, 11)])
    assert [turn.start for turn in made.turns] == ["first", "silence"]
    assert made.turns[1].after_s == 6.0


def test_an_interruption_counts_from_the_answers_first_sound() -> None:
    made = plan([(1, 2), (5, 6.5)], [(3, 5.4), (7.5, 9)])
    assert made.turns[1].start == "interrupts"
    assert made.turns[1].after_s == 2.0
    assert made.turns[1].reaction is not None
    assert made.turns[1].reaction.reaction_s == pytest.approx(0.4)


def test_what_is_said_while_the_agent_speaks_on_is_kept() -> None:
    made = plan([(1, 2), (4, 4.4), (10, 11)], [(3, 9), (12, 13)])
    aside, after = made.turns[1:]
    assert aside.is_aside
    assert (aside.start, aside.after_s, aside.agent) == ("interrupts", 1.0, None)
    assert (after.start, after.after_s) == ("answer", 1.0)


def test_what_the_agent_says_after_a_long_silence_is_left_out_and_told() -> None:
    """The caller goes on as long after the answer as then, whoever spoke in between."""
    made = plan([(1, 2), (40, 41)], [(3, 5), (35, 36), (42, 43)])
    assert [turn.start for turn in made.turns] == ["first", "answer"]
    assert made.turns[1].after_s == 35
    assert made.turns[0].agent == Span(3, 5)
    (told,) = made.left_out
    assert "at 35.00 s, after 30 s of silence, answers nothing" in told


def test_who_cuts_into_that_cuts_into_no_answer() -> None:
    made = plan([(1, 2), (35.5, 36.2), (40, 41)], [(3, 5), (35, 39), (42, 43)])
    assert [turn.start for turn in made.turns] == ["first", "answer", "silence"]
    assert [turn.after_s for turn in made.turns[1:]] == pytest.approx([30.5, 3.8])


def test_one_answer_is_cut_into_once() -> None:
    made = plan([(1, 2), (4, 4.3), (7, 8.5)], [(3, 7.3), (9.5, 11)])
    assert [turn.user.start_s for turn in made.turns] == [1, 7]
    assert made.turns[1].start == "interrupts"
    assert "4.00 s" in made.left_out[0]


def test_a_caller_alone_speaks_after_the_usual_pause() -> None:
    made = plan([(1, 2), (9, 10)], [])
    assert [turn.start for turn in made.turns] == ["first", "answer"]
    assert made.turns[1].after_s == USUAL_PAUSE_S
    assert made.turns[1].gap_s == pytest.approx(7 - AFTER_S - BEFORE_S)


@given(
    st.lists(st.tuples(st.floats(0.05, 4), st.floats(0.1, 6)), min_size=1, max_size=8),
    st.floats(0, 1),
)
def test_cuts_are_in_order_apart_and_hold_their_speech(
    parts: list[tuple[float, float]], rest_s: float
) -> None:
    said, at_s = [], 0.0
    for pause_s, length_s in parts:
        said.append(Span(at_s + pause_s, at_s + pause_s + length_s))
        at_s = said[-1].end_s
    cuts = cuts_of(said, at_s + rest_s)
    assert all(
        c.start_s <= s.start_s and s.end_s <= c.end_s for c, s in zip(cuts, said, strict=True)
    )
    assert all(one.end_s <= after.start_s for one, after in pairwise(cuts))
    assert cuts[0].start_s >= 0
    assert cuts[-1].end_s <= at_s + rest_s


def test_too_much_is_told_with_its_place() -> None:
    made = plan([(1, 2), (10, 10 + LONGEST_TURN_S + 1)], [(3, 4)])
    assert "turn 2, at 10.0 s" in (too_much(made) or "")
    assert too_much(plan([(1, 2)], [])) is None


def test_an_hour_of_one_persons_speech_is_too_much() -> None:
    turns = [(300.0 * n, 300.0 * n + 290.0) for n in range(14)]
    assert "at most 3600 s" in (too_much(plan(turns, [])) or "")
