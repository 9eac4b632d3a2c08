"""Pieces of an answer, each at its time."""

from __future__ import annotations

from harness.realtime.server.assistant_output import Thought
from harness.realtime.server.assistants.assistant import Say, Wait


def test_pieces_come_in_order_and_since_when_they_are_due() -> None:
    thought = Thought()
    thought.add(Say("a"), 1.0)
    thought.add(Wait(2.0), 1.0)
    thought.add(Say("b"), 1.5)
    assert thought.take(1.5) == (Say("a"), 1.0)
    assert thought.take(2.0) is None
    assert thought.wake_at_s() == 3.0
    assert thought.take(4.0) == (Say("b"), 3.0)
    assert (thought.take(4.0), thought.wake_at_s(), thought.is_over) == (None, None, False)
    thought.is_complete = True
    assert thought.is_over


def test_a_wait_at_the_end_is_waited_for() -> None:
    thought = Thought(is_complete=True)
    thought.add(Wait(1.0), 0.0)
    assert (thought.take(0.0), thought.is_over, thought.wake_at_s()) == (None, False, 1.0)
    assert (thought.take(1.0), thought.is_over, thought.wake_at_s()) == (None, True, None)


def test_nothing_is_over_before_it_is_said_to_be() -> None:
    assert not Thought().is_over
    assert Thought(is_complete=True).is_over
