"""Calls of remote tools in a response: made, failed, cut, forbidden; and requests to be allowed."""

from __future__ import annotations

from typing import Any

import pytest

from harness.realtime.server.validation.mcp_values import CALL_WITHIN_S, RemoteFailure
from tests.realtime.server.test_mcp_servers import ADD, MANUAL, WIPE, mcp
from tests.support.session_driver import SessionDriver

CALL = {"name": "add", "arguments": {"a": 1, "b": "a longer text, in two deltas"}}
TEXT = '{"a": 1, "b": "a longer text, in two deltas"}'


def a_call(*rules: dict[str, Any], **tool: Any) -> SessionDriver:
    """A session whose remote server is listed; the script's first rule calls `add`."""
    tool = {"require_approval": "never", **tool}
    script = [*rules, {"when": {"greeting": True}, "call": CALL}]
    call = SessionDriver(script, {**MANUAL, "tools": [mcp(**tool)]})
    call.list_tools(ADD, WIPE)
    return call


def test_a_call_climbs_the_whole_ladder() -> None:
    call = a_call()
    call.send("response.create")
    call.wait_for("response.mcp_call.in_progress")
    assert call.calls[0].name == "add"
    assert call.calls[0].server.label == "desk"
    call.call_ended("3")
    assert call.types(call.mark) == [
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done",
        "response.mcp_call.in_progress",
        "response.mcp_call.completed",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
        "rate_limits.updated",
    ]
    deltas = call.of_type("response.mcp_call_arguments.delta")
    assert "".join(delta["delta"] for delta in deltas) == TEXT
    assert all(delta["obfuscation"] for delta in deltas)
    added = call.last("response.output_item.added")["item"]
    assert (added["arguments"], added["output"]) == ("", None)
    assert call.last("response.done")["response"]["output"] == [
        {
            "id": added["id"],
            "type": "mcp_call",
            "server_label": "desk",
            "name": "add",
            "arguments": TEXT,
            "approval_request_id": None,
            "output": "3",
            "error": None,
        }
    ]


def test_a_call_that_fails_says_how_and_the_response_is_completed() -> None:
    call = a_call()
    call.send("response.create")
    call.wait_for("response.mcp_call.in_progress")
    call.call_ended(failure=RemoteFailure("http_error", "Bad Gateway", 502))
    assert call.of_type("response.mcp_call.failed")
    response = call.last("response.done")["response"]
    assert response["status"] == "completed"
    error = {"type": "http_error", "code": 502, "message": "Bad Gateway"}
    assert response["output"][0]["error"] == error
    assert response["output"][0]["output"] is None


def test_a_cancelled_response_gives_its_call_up() -> None:
    call = a_call()
    call.send("response.create")
    call.wait_for("response.mcp_call.in_progress")
    job_id = call.calls[0].job_id
    call.send("response.cancel")
    assert call.stopped == [job_id]
    assert call.types(call.mark)[:4] == [
        "response.mcp_call.failed",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]
    item = call.last("response.done")["response"]["output"][0]
    assert item["error"]["type"] == "tool_execution_error"
    known = len(call.events)
    call.call_ended("too late")
    assert len(call.events) == known


def test_a_call_cut_in_its_arguments_is_never_made() -> None:
    call = a_call()
    call.send("response.create")
    call.wait_for("response.mcp_call_arguments.delta")
    call.send("response.cancel")
    assert not call.calls
    assert call.types(call.mark)[:2] == [
        "response.mcp_call_arguments.done",
        "response.mcp_call.failed",
    ]
    assert TEXT.startswith(call.last("response.mcp_call_arguments.done")["arguments"])


def test_speech_interrupts_a_call() -> None:
    rules = [{"when": {"words": ["hello"]}, "call": CALL}, {"say": "Yes."}]
    call = SessionDriver(rules, {"tools": [mcp(require_approval="never")]}, ["hello", "stop"])
    call.list_tools(ADD)
    call.say()
    call.wait_for("response.mcp_call.in_progress")
    call.say()
    first = call.of_type("response.done")[0]["response"]
    assert first["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    assert call.stopped == [call.calls[0].job_id]
    call.wait_for("output_audio_buffer.stopped")
    assert call.syntheses[-1].text == "Yes."


def test_a_call_that_never_comes_back_fails_by_itself() -> None:
    call = a_call()
    call.send("response.create")
    call.wait_for("response.mcp_call.in_progress")
    due_s = call.session.wake_at_s()
    assert due_s == pytest.approx(call.now_s + CALL_WITHIN_S + 5, abs=0.1)
    assert due_s is not None
    call.session.advance(due_s)
    call.drain()
    error = call.last("response.done")["response"]["output"][0]["error"]
    assert "no answer within 60 s" in error["message"]
    assert call.stopped == [call.calls[0].job_id]


def test_an_item_of_a_running_call_cannot_be_deleted() -> None:
    call = a_call()
    call.send("response.create")
    item_id = call.wait_for("response.mcp_call.in_progress")["item_id"]
    call.send("conversation.item.delete", item_id=item_id)
    assert call.last("error")["error"]["code"] == "item_in_progress"
    call.call_ended("3")
    call.send("conversation.item.delete", item_id=item_id)
    assert call.events[-1]["type"] == "conversation.item.deleted"


def test_a_call_that_needs_approval_becomes_a_request() -> None:
    call = a_call(require_approval="always")
    call.send("response.create")
    call.wait_for("response.done")
    assert not call.calls
    assert call.types(call.mark)[1:6] == [
        "response.output_item.added",
        "conversation.item.added",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]
    request = call.last("response.done")["response"]["output"][0]
    assert request["type"] == "mcp_approval_request"
    assert (request["server_label"], request["name"]) == ("desk", "add")
    assert request["arguments"] == TEXT


def test_outside_the_conversation_nothing_can_be_approved() -> None:
    call = a_call({"call": CALL}, require_approval="always")
    call.send("response.create", response={"conversation": "none", "input": []})
    call.wait_for("response.done")
    assert not call.calls
    item = call.last("response.done")["response"]["output"][0]
    assert item["type"] == "mcp_call"
    assert "needs approval" in item["error"]["message"]


def test_a_function_of_the_same_name_goes_first_unless_the_server_is_named() -> None:
    function = {"type": "function", "name": "add"}
    settings = {**MANUAL, "tools": [mcp(require_approval="never"), function]}
    for label, kind in [(None, "function_call"), ("desk", "mcp_call")]:
        call = SessionDriver([{"call": {**CALL, "server_label": label}}], settings)
        call.list_tools(ADD)
        call.send("response.create")
        assert call.last("response.output_item.added")["item"]["type"] == kind


def test_tool_choice_none_offers_no_remote_tool() -> None:
    call = a_call()
    call.send("response.create", response={"tool_choice": "none"})
    call.wait(0.1)
    error = call.last("response.done")["response"]["status_details"]["error"]
    assert error["code"] == "tool_not_offered"
    assert "['add', 'wipe']" in error["message"]
