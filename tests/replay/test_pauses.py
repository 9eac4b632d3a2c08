"""Pauses within a turn: what was redacted is one, and the server's silence is longer than each."""

from __future__ import annotations

import pytest

from harness.replay.pauses import longest_pause_s, silence_ms
from harness.speech.spans import Span
from tests.support.heard_call import heard_call


def spans(*edges: tuple[float, float]) -> list[Span]:
    return [Span(*each) for each in edges]


def test_the_longest_pause_lies_within_a_turn() -> None:
    turns = spans((1, 4), (9, 11))
    voiced = spans((1, 2), (2.3, 4), (9, 9.4), (10.2, 11))
    assert longest_pause_s(turns, voiced, []) == 0.8
    assert longest_pause_s(turns, [], []) == 0.0
    assert longest_pause_s([], voiced, []) == 0.0


@pytest.mark.parametrize(
    ("turn", "redacted", "pause_s"),
    [
        ((1, 4), [(2.0, 3.2)], 1.2),
        ((1, 4), [(2.0, 2.5), (2.5, 3.2)], 1.2),
        ((1, 4), [(2.0, 2.2), (3.0, 3.1)], 0.2),
        ((1.5, 3.9), [(0.0, 1.5), (3.9, 9.0)], 0.0),  # the turn has begun later, and ended sooner
    ],
)
def test_what_is_redacted_is_a_pause(
    turn: tuple[float, float], redacted: list[tuple[float, float]], pause_s: float
) -> None:
    assert longest_pause_s([Span(*turn)], [Span(1, 4)], spans(*redacted)) == pause_s


def test_short_pauses_need_no_other_silence() -> None:
    plan = heard_call([(1, 2), (6, 7)], [(2.8, 5), (7.9, 10)]).plan
    assert silence_ms(0.4, plan, waits=True) is None
    assert silence_ms(0.8, plan, waits=True) == 1100


def test_turns_that_wait_for_nothing_stay_apart() -> None:
    """The silence lies between the longest pause within a turn and the shortest between two."""
    plan = heard_call([(1, 2), (3.2, 4)], [(2.1, 2.5), (5, 6)]).plan
    assert len(plan.turns) == 2
    assert silence_ms(1.0, plan, waits=False) == 1100
    assert silence_ms(1.5, plan, waits=False) == 1800, "nothing lies between them"
    unanswered = heard_call([(1, 2), (4.1, 5)], [(6, 7)]).plan
    assert unanswered.turns[1].start == "silence"
    assert silence_ms(1.9, unanswered, waits=True) == 2000
