"""Findings of answers: asked for at the wrong moment, tools, turns without an answer."""

from __future__ import annotations

import pytest

from harness.facts.call import ProtocolRecognised, SecondCall
from harness.facts.dialogue import AnswerEnded, AnswerStarted, ToolCalled, UserTurnCommitted
from tests.support.healthy_call import (
    HEALTHY,
    PEER,
    At,
    found_in,
    names_in,
    received,
    sent,
    ticking,
)

CREATE = {"type": "response.create"}
BESIDE = {"type": "response.create", "response": {"conversation": "none"}}
BEGAN = {"type": "response.created", "response": {"id": "r1", "conversation_id": "c"}}
DONE = {"type": "response.done", "response": {"id": "r1"}}


def output(t_s: float, call_id: str = "call_1") -> At:
    item = {"type": "function_call_output", "call_id": call_id, "output": "{}"}
    return sent(t_s, {"type": "conversation.item.create", "item": item})


def test_asked_twice_before_anything_began() -> None:
    twice = [sent(2.0, CREATE), sent(2.1, CREATE), received(2.2, BEGAN)]
    (found,) = found_in(HEALTHY, twice)
    assert found.name == "response_asked_twice"
    assert "0.10 s apart" in found.cause


def test_asked_while_one_runs() -> None:
    running = [received(2.0, BEGAN), sent(2.5, CREATE), received(4.0, DONE)]
    assert names_in(HEALTHY, running) == ["response_while_active"]


def test_the_servers_word_for_it_counts_once() -> None:
    refused = {"code": "conversation_already_has_active_response", "message": "Wait."}
    refusal = received(2.6, {"type": "error", "error": refused})
    running = [received(2.0, BEGAN), sent(2.5, CREATE), refusal]
    assert names_in(HEALTHY, running) == ["response_while_active"]
    assert names_in(HEALTHY, refusal) == ["response_while_active"]


def test_one_after_the_other_and_one_beside_the_conversation_are_well() -> None:
    proper = [sent(2.0, CREATE), received(2.1, BEGAN), sent(2.2, BESIDE), received(4.0, DONE)]
    assert names_in(HEALTHY, proper, sent(4.1, CREATE), received(4.2, BEGAN)) == []


def test_a_tool_that_is_never_answered() -> None:
    called = (2.0, ToolCalled("call_1", "book_table", "{}"))
    (found,) = found_in(HEALTHY, called, ticking(14))
    assert found.name == "tool_result_missing"
    assert "“book_table”" in found.cause
    assert names_in(HEALTHY, called, ticking(6)) == []


@pytest.mark.parametrize(
    ("protocol", "found"), [("Realtime", ["tool_result_missing"]), ("RTVI", []), ("Toy", [])]
)
def test_a_bot_that_runs_its_functions_itself_waits_for_nobody(
    protocol: str, found: list[str]
) -> None:
    recognised = (1.0, ProtocolRecognised(protocol, "data_channel", "chat", ["tools"]))
    called = (2.0, ToolCalled("call_1", "book_table", "{}"))
    assert names_in(HEALTHY, recognised, called, ticking(14)) == found


def test_a_tool_that_is_answered_and_used() -> None:
    called = (2.0, ToolCalled("call_1", "book_table", "{}"))
    answered = [output(3.0), sent(3.1, CREATE), received(3.2, BEGAN)]
    assert names_in(HEALTHY, called, answered, ticking(14)) == []


def test_a_result_that_is_given_twice() -> None:
    called = (2.0, ToolCalled("call_1", "book_table", "{}"))
    twice = [output(3.0), output(3.1), sent(3.2, CREATE), received(3.3, BEGAN)]
    assert names_in(HEALTHY, called, twice, ticking(14)) == ["tool_result_twice"]
    others = [output(3.0), output(3.1, "call_2"), sent(3.2, CREATE), received(3.3, BEGAN)]
    assert names_in(HEALTHY, called, others, ticking(14)) == []


def test_a_result_that_nobody_goes_on_from() -> None:
    called = (2.0, ToolCalled("call_1", "book_table", "{}"))
    assert names_in(HEALTHY, called, output(3.0), ticking(9)) == ["tool_result_unused"]


def test_a_turn_without_an_answer() -> None:
    committed = (3.0, UserTurnCommitted("turn"))
    assert names_in(HEALTHY, committed, ticking(12)) == ["turn_never_answered"]
    answered = (5.0, AnswerStarted("answer"))
    assert names_in(HEALTHY, committed, answered, ticking(12)) == []


def test_the_settings_say_why_nobody_answers() -> None:
    for detection, why in ((None, "is off"), ({"create_response": False}, "is false")):
        audio = {"input": {"turn_detection": detection}}
        updated = received(0.5, {"type": "session.updated", "session": {"audio": audio}})
        (found,) = found_in(HEALTHY, updated, (3.0, UserTurnCommitted("turn")), ticking(12))
        assert why in found.cause


def test_answers_that_come_to_nothing() -> None:
    for status, name in (("failed", "answer_failed"), ("incomplete", "answer_incomplete")):
        ended = (5.0, AnswerEnded("answer", status, "rate limit", ""))
        (found,) = found_in(HEALTHY, ended)
        assert found.name == name
        assert "rate limit" in found.cause
    assert names_in(HEALTHY, (5.0, AnswerEnded("answer", "cancelled", None, ""))) == []


def test_two_calls_at_once() -> None:
    assert names_in(HEALTHY, (4.0, SecondCall(PEER, 2))) == ["two_calls"]
