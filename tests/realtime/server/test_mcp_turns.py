"""Approvals, approved calls and the answers that follow remote tools."""

from __future__ import annotations

from typing import Any

import pytest

from harness.realtime.server.mcp_turns import FOLLOW_UP_AFTER_S, MOST_FOLLOW_UPS
from harness.realtime.server.validation.mcp_values import RemoteFailure
from tests.realtime.server.test_mcp_servers import ADD, MANUAL, WIPE, mcp
from tests.support.session_driver import SessionDriver

RULES: list[dict[str, Any]] = [
    {"when": {"tool": "add", "outcome": "ok"}, "say": "It is three."},
    {"when": {"tool": "add", "outcome": "failed"}, "say": "It broke."},
    {"when": {"outcome": "refused"}, "say": "Fine, not then."},
    {"when": {"greeting": True}, "call": {"name": "add", "arguments": {"a": 1}}},
]


def a_call(require_approval: Any = "never", rules: list[dict[str, Any]] = RULES) -> SessionDriver:
    """A session that has called its remote tool, or asked to be allowed to."""
    call = SessionDriver(rules, {**MANUAL, "tools": [mcp(require_approval=require_approval)]})
    call.list_tools(ADD)
    call.send("response.create")
    call.wait_for(
        "response.mcp_call.in_progress" if require_approval == "never" else "response.done"
    )
    return call


def decide(call: SessionDriver, approve: bool, **more: Any) -> None:
    requests = [
        event["item"]["id"]
        for event in call.of_type("conversation.item.done")
        if event["item"]["type"] == "mcp_approval_request"
    ]
    item = {
        "type": "mcp_approval_response",
        "approval_request_id": requests[-1],
        "approve": approve,
        **more,
    }
    call.send("conversation.item.create", item=item, previous_item_id=requests[-1])


def last_text(call: SessionDriver) -> str:
    output = call.last("response.done")["response"]["output"]
    return str(output[-1]["content"][0]["text"])


def test_the_client_may_ask_for_the_answer() -> None:
    call = a_call()
    call.call_ended("3")
    call.send("response.create")
    call.wait_for("response.done")
    assert last_text(call) == "It is three."
    call.wait(2 * FOLLOW_UP_AFTER_S)
    assert len(call.of_type("response.created")) == 2
    assert not call.of_type("error")


def test_the_server_answers_by_itself_where_nobody_asks() -> None:
    call = a_call()
    call.call_ended(failure=RemoteFailure("tool_execution_error", "No."))
    done_s = call.now_s
    assert call.session.wake_at_s() == pytest.approx(done_s + FOLLOW_UP_AFTER_S)
    call.wait(FOLLOW_UP_AFTER_S + 0.5)
    assert last_text(call) == "It broke."
    assert len(call.of_type("response.created")) == 2


def test_a_request_that_crosses_the_servers_own_answer_gets_that_answer() -> None:
    call = a_call()
    call.call_ended("3")
    call.wait(FOLLOW_UP_AFTER_S + 0.02)
    assert len(call.of_type("response.created")) == 2
    call.send("response.create")
    assert not call.of_type("error")
    call.send("response.create")  # the second one is one too many
    assert call.last("error")["error"]["code"] == "conversation_already_has_active_response"
    call.wait_for("response.done")
    assert last_text(call) == "It is three."


def test_a_crossing_request_with_wishes_of_its_own_is_refused() -> None:
    call = a_call()
    call.call_ended("3")
    call.wait(FOLLOW_UP_AFTER_S + 0.02)
    call.send("response.create", response={"instructions": "sing"})
    assert call.last("error")["error"]["code"] == "conversation_already_has_active_response"


def test_an_approved_call_is_made_in_a_response_of_its_own() -> None:
    call = a_call("always")
    decide(call, approve=True)
    assert call.types(call.mark)[:5] == [
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
    ]
    call.send("response.create")  # some clients ask, after their approval
    call.wait(0.1)
    call.call_ended("3")
    item = call.last("response.done")["response"]["output"][0]
    assert item["approval_request_id"].startswith("item_")
    assert item["output"] == "3"
    call.wait(FOLLOW_UP_AFTER_S + 0.5)
    assert last_text(call) == "It is three."
    assert not call.of_type("error")


def test_a_refused_call_is_not_made_and_the_refusal_is_answered() -> None:
    call = a_call("always")
    decide(call, approve=False, reason="not today")
    echo = call.last("conversation.item.done")["item"]
    assert (echo["approve"], echo["reason"]) == (False, "not today")
    assert not call.of_type("response.mcp_call.in_progress")
    call.wait(FOLLOW_UP_AFTER_S + 0.5)
    assert last_text(call) == "Fine, not then."
    assert not call.calls


def test_an_approval_during_another_answer_waits_for_its_end() -> None:
    rules = [{"when": {"tool": "x"}, "say": "x"}, *RULES]
    call = a_call("always", rules)
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]}
    call.send("conversation.item.create", item=item)
    call.send("response.create")
    decide(call, approve=True)
    kinds = call.types(call.mark)
    assert "response.created" not in kinds
    call.wait_for("response.mcp_call.in_progress")
    kinds = call.types(call.mark)
    assert kinds.index("response.done") < kinds.index("response.created")


@pytest.mark.parametrize("request_id", ["nothing", ""])
def test_an_approval_of_nothing_is_refused(request_id: str) -> None:
    call = a_call("always")
    item = {"type": "mcp_approval_response", "approval_request_id": request_id, "approve": True}
    call.send("conversation.item.create", item=item, event_id="e")
    error = call.last("error")["error"]
    assert error["param"] == "item.approval_request_id"
    assert error["event_id"] == "e"
    assert call.types(call.mark) == ["error"]


def test_a_request_is_answered_once() -> None:
    call = a_call("always")
    decide(call, approve=False)
    decide(call, approve=True)
    assert call.last("error")["error"]["code"] == "invalid_approval_request_id"
    call.wait(FOLLOW_UP_AFTER_S + 0.5)
    assert not call.calls


def test_while_a_request_is_open_nothing_goes_on_by_itself() -> None:
    rules = [{"when": {"greeting": True}, "call": [{"name": "add"}, {"name": "wipe"}]}]
    approval = {"never": {"tool_names": ["wipe"]}}
    settings = {**MANUAL, "tools": [mcp(require_approval=approval)]}
    call = SessionDriver(rules, settings)
    call.list_tools(ADD, WIPE)
    call.send("response.create")
    call.wait_for("response.mcp_call.in_progress")
    call.call_ended("wiped")
    call.wait(3 * FOLLOW_UP_AFTER_S)
    assert len(call.of_type("response.created")) == 1
    decide(call, approve=False)
    call.wait(2 * FOLLOW_UP_AFTER_S)
    assert len(call.of_type("response.created")) == 2


def test_a_user_who_speaks_is_not_talked_over_by_a_late_answer() -> None:
    rules = [
        {"when": {"tool": "add"}, "say": "It is three."},
        {"when": {"turn": 1}, "call": {"name": "add"}},
        {"say": "Yes?"},
    ]
    call = SessionDriver(rules, {"tools": [mcp(require_approval="never")]}, ["one", "two"])
    call.list_tools(ADD)
    call.say()
    call.wait_for("response.mcp_call.in_progress")
    call.call_ended("3")
    call.say(2.0)
    call.wait_for("output_audio_buffer.stopped")
    assert [job.text for job in call.syntheses] == ["Yes?"]


def test_a_script_that_always_calls_ends() -> None:
    rules = [{"when": {"tool": "add"}, "call": {"name": "add"}}, *RULES[-1:]]
    call = a_call(rules=rules)
    for _ in range(MOST_FOLLOW_UPS + 3):
        if call.calls:
            call.call_ended("3")
        call.wait(FOLLOW_UP_AFTER_S + 0.2)
    assert len(call.of_type("response.created")) == MOST_FOLLOW_UPS + 1
