"""Output items while they are generated: speech, text, function calls."""

from __future__ import annotations

from typing import Any

from tests.support.session_driver import SessionDriver

MANUAL = {"audio": {"input": {"turn_detection": None}}}
LONG = "One two three four five six. Seven eight nine ten eleven twelve. Thirteen fourteen."
LOOK = {"type": "function", "name": "look", "parameters": {"type": "object"}}
MOVE = {"type": "function", "name": "move"}


def response_of(call: SessionDriver) -> dict[str, Any]:
    response: dict[str, Any] = call.last("response.done")["response"]
    return response


def test_a_written_answer_follows_the_documented_order() -> None:
    call = SessionDriver([{"say": "Yes, of course."}], MANUAL)
    content = [{"type": "input_text", "text": "Can you?"}]
    call.send(
        "conversation.item.create", item={"type": "message", "role": "user", "content": content}
    )
    mark = len(call.events)
    call.send("response.create", response={"output_modalities": ["text"]})
    call.wait_for("rate_limits.updated")
    assert call.types(mark) == [
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
        "rate_limits.updated",
    ]
    assert call.last("response.content_part.done")["part"] == {
        "type": "text",
        "text": "Yes, of course.",
    }
    assert response_of(call)["output_modalities"] == ["text"]
    assert not any(piece.any() for piece in call.played)


def test_a_response_may_speak_and_call_several_tools() -> None:
    rule = {"say": "Wait.", "call": [{"name": "look"}, {"name": "move", "arguments": {"x": 1}}]}
    call = SessionDriver([rule], {"tools": [LOOK, MOVE], **MANUAL})
    call.send("response.create")
    call.wait_for("response.done")
    assert [item["type"] for item in response_of(call)["output"]] == [
        "message",
        "function_call",
        "function_call",
    ]
    indexes = [event["output_index"] for event in call.of_type("response.output_item.done")]
    assert indexes == [0, 1, 2]


def test_an_interrupted_call_is_incomplete() -> None:
    rule = {"call": {"name": "look", "arguments": {"text": "x" * 600}}}
    call = SessionDriver([rule], {"tools": [LOOK], **MANUAL})
    call.send("response.create")
    call.wait_for("response.function_call_arguments.delta")
    call.send("response.cancel")
    assert response_of(call)["output"][0]["status"] == "incomplete"


def test_arguments_are_sent_in_pieces_under_one_call_id() -> None:
    rule = {"call": {"name": "look", "arguments": {"text": "x" * 60}}}
    call = SessionDriver([rule], {"tools": [LOOK], **MANUAL})
    call.send("response.create")
    call.wait_for("response.done")
    deltas = call.of_type("response.function_call_arguments.delta")
    assert len(deltas) == 5
    call_ids = {event["call_id"] for event in deltas}
    assert call_ids == {response_of(call)["output"][0]["call_id"]}
