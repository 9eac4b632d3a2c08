"""Pieces of an answer, each at its time."""

from __future__ import annotations

from harness.realtime.server.assistant_output import AssistantOutput
from harness.realtime.server.assistants.assistant import Say, Show, Wait


def test_pieces_come_in_order_and_since_when_they_are_due() -> None:
    assistant_output = AssistantOutput()
    assistant_output.add(Say("a"), 1.0)
    assistant_output.add(Wait(2.0), 1.0)
    assistant_output.add(Say("b"), 1.5)
    assert assistant_output.take(1.5) == (Say("a"), 1.0)
    assert assistant_output.take(2.0) is None
    assert assistant_output.wake_at_s() == 3.0
    assert assistant_output.take(4.0) == (Say("b"), 3.0)
    assert (assistant_output.take(4.0), assistant_output.wake_at_s(), assistant_output.is_over) == (
        None,
        None,
        False,
    )
    assistant_output.is_complete = True
    assert assistant_output.is_over


def test_a_wait_since_the_question_lets_what_has_passed_count() -> None:
    assistant_output = AssistantOutput(asked_at_s=10.0)
    assistant_output.add(Wait(1.0, since_asked=True), 10.4)
    assistant_output.add(Say("a"), 10.4)
    assistant_output.add(Wait(1.0, since_asked=True), 10.4)
    assistant_output.add(Say("b"), 10.4)
    assert assistant_output.take(10.9) is None
    assert assistant_output.wake_at_s() == 11.0
    assert assistant_output.take(11.2) == (Say("a"), 11.0)
    assert assistant_output.take(11.2) == (Say("b"), 11.0)


def test_a_wait_at_the_end_is_waited_for() -> None:
    assistant_output = AssistantOutput(is_complete=True)
    assistant_output.add(Wait(1.0), 0.0)
    assert (assistant_output.take(0.0), assistant_output.is_over, assistant_output.wake_at_s()) == (
        None,
        False,
        1.0,
    )
    assert (assistant_output.take(1.0), assistant_output.is_over, assistant_output.wake_at_s()) == (
        None,
        True,
        None,
    )


def test_nothing_is_over_before_it_is_said_to_be() -> None:
    assert not AssistantOutput().is_over
    assert AssistantOutput(is_complete=True).is_over


def test_a_call_has_nothing_to_look_at() -> None:
    assistant_output = AssistantOutput(is_complete=True)
    assistant_output.add(Show({"type": "Card"}), 0.0)
    assert assistant_output.take(0.0) is None
    assert assistant_output.is_over
