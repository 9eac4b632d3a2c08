"""What the Realtime protocol says, in words of no protocol."""

import json

from harness.facts.dialogue import AnswerEnded
from harness.protocols.interface import Channel, Message, parse_message
from harness.protocols.realtime import RealtimeProtocol

EVENTS = Channel("oai-events")


def test_messages_have_the_type_that_the_protocol_gives_them() -> None:
    assert parse_message('{"type": "a.b", "x": 1}') == ("a.b", {"type": "a.b", "x": 1})
    assert parse_message("[1]")[0] == "message.untyped"
    assert parse_message("{")[0] == "message.unreadable"


def test_an_answer_s_end_is_told_with_its_status() -> None:
    wire = RealtimeProtocol()
    response = {"id": "r", "status": "cancelled", "output": [], "conversation_id": "c"}
    wire.read(
        Message(EVENTS, "received", json.dumps({"type": "response.created", "response": response}))
    )
    told = wire.read(
        Message(EVENTS, "received", json.dumps({"type": "response.done", "response": response}))
    )
    assert told == [AnswerEnded("r", "cancelled", None, "")]


def test_a_turn_is_ended_and_a_tool_answered_by_two_events_each() -> None:
    wire = RealtimeProtocol()
    assert [e["type"] for e in wire.end_turn()] == [
        "input_audio_buffer.commit",
        "response.create",
    ]
    item, follow_up = wire.tool_result("call_1", "done")
    assert item["item"] == {"type": "function_call_output", "call_id": "call_1", "output": "done"}
    assert follow_up["type"] == "response.create"


def test_nesting_without_end_is_kept_as_unreadable() -> None:
    assert parse_message("[" * 100_000)[0] == "message.unreadable"
