"""Servers of remote tools: named, listed, listed again, referred to; secrets are never told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.realtime.server.mcp_servers import SHELL_GRACE_S
from harness.realtime.server.validation.mcp_values import LIST_WITHIN_S, RemoteFailure, RemoteTool
from tests.support.session_driver import SessionDriver

URL = "http://127.0.0.1:9/mcp"
MANUAL = {"audio": {"input": {"turn_detection": None}}, "output_modalities": ["text"]}
ADD = RemoteTool("add", "Adds.", {"type": "object"}, {"readOnlyHint": True})
WIPE = RemoteTool("wipe", "Wipes.", {"type": "object"})


def mcp(label: str = "desk", **more: Any) -> dict[str, Any]:
    return {"type": "mcp", "server_label": label, "server_url": URL, **more}


def update(call: SessionDriver, *tools: dict[str, Any]) -> None:
    call.send("session.update", session={"type": "realtime", "tools": list(tools)})


def error_of(call: SessionDriver) -> dict[str, Any]:
    error: dict[str, Any] = call.last("error")["error"]
    return error


def test_a_server_is_listed_after_the_update_that_names_it() -> None:
    call = SessionDriver(settings=MANUAL)
    update(call, mcp())
    call.list_tools(ADD, WIPE)
    assert call.types(1) == [
        "session.updated",
        "mcp_list_tools.in_progress",
        "conversation.item.added",
        "conversation.item.done",
        "mcp_list_tools.completed",
    ]
    assert call.last("conversation.item.added")["item"]["tools"] == []
    item = call.last("conversation.item.done")["item"]
    assert item["server_label"] == "desk"
    assert [tool["name"] for tool in item["tools"]] == ["add", "wipe"]
    assert item["tools"][0]["annotations"] == {"readOnlyHint": True}
    assert call.last("mcp_list_tools.completed")["item_id"] == item["id"]


def test_a_session_that_starts_with_a_server_lists_it_at_once() -> None:
    call = SessionDriver(settings={**MANUAL, "tools": [mcp()]})
    assert call.types() == [
        "session.created",
        "mcp_list_tools.in_progress",
        "conversation.item.added",
    ]
    assert call.listings[0].server.url == URL


def test_the_item_of_a_listing_can_be_retrieved_as_soon_as_it_is_announced() -> None:
    call = SessionDriver(settings=MANUAL)
    update(call, mcp())
    item_id = call.last("mcp_list_tools.in_progress")["item_id"]
    call.send("conversation.item.retrieve", item_id=item_id)
    assert call.last("conversation.item.retrieved")["item"]["tools"] == []
    call.send("conversation.item.delete", item_id=item_id)
    assert error_of(call)["code"] == "item_in_progress"


def test_secrets_reach_the_server_and_are_never_read_back() -> None:
    secret: dict[str, Any] = {
        "authorization": "tok-very-secret",
        "headers": {"X-Key": "also-secret"},
    }
    call = SessionDriver(settings={**MANUAL, "tools": [mcp(**secret)]})
    update(call, mcp(**secret, server_description="again"))
    headers = call.listings[0].server.headers
    assert headers == {"X-Key": "also-secret", "Authorization": "Bearer tok-very-secret"}
    told = json.dumps(call.events)
    assert "secret" not in told
    assert call.last("session.updated")["session"]["tools"] == [
        mcp(server_description="again", require_approval="always")
    ]
    assert "secret" not in repr(call.listings)


def test_the_same_server_is_not_listed_again() -> None:
    call = SessionDriver(settings=MANUAL)
    update(call, mcp())
    update(call, mcp())
    call.list_tools(ADD)
    update(call, mcp())
    update(call)
    update(call, {"type": "mcp", "server_label": "desk"})
    assert not call.listings
    assert len(call.of_type("mcp_list_tools.in_progress")) == 1
    tools = call.last("session.updated")["session"]["tools"]
    assert tools == [mcp(require_approval="always")]


def test_a_server_that_changed_is_listed_again_and_the_old_listing_ends() -> None:
    call = SessionDriver(settings=MANUAL)
    update(call, mcp())
    first = call.listings[0].job_id
    update(call, mcp(allowed_tools=["wipe"]))
    assert call.stopped == [first]
    assert call.types(-4) == [
        "conversation.item.done",
        "mcp_list_tools.failed",
        "mcp_list_tools.in_progress",
        "conversation.item.added",
    ]
    call.session.receive_tools(first, [ADD], None, call.now_s)  # too late
    call.listings.pop(0)
    call.list_tools(ADD, WIPE)
    listed = call.last("conversation.item.done")["item"]["tools"]
    assert [tool["name"] for tool in listed] == ["wipe"]


def test_a_reference_may_narrow_what_is_allowed() -> None:
    call = SessionDriver(settings=MANUAL)
    update(call, mcp())
    call.list_tools(ADD, WIPE)
    reference = {"type": "mcp", "server_label": "desk", "allowed_tools": {"read_only": True}}
    update(call, reference)
    call.list_tools(ADD, WIPE)
    listed = call.last("conversation.item.done")["item"]["tools"]
    assert [tool["name"] for tool in listed] == ["add"]


def test_an_unknown_label_alone_is_refused_and_nothing_is_applied() -> None:
    call = SessionDriver(settings=MANUAL)
    update(call, {"type": "mcp", "server_label": "nobody"})
    assert error_of(call)["param"] == "session.tools[0].server_url"
    assert call.session.settings["tools"] == []
    assert not call.of_type("session.updated")


def test_a_listing_that_fails_says_why_and_can_be_asked_for_again() -> None:
    call = SessionDriver(settings=MANUAL)
    update(call, mcp())
    call.list_tools(failure=RemoteFailure("http_error", "Unauthorized", 401))
    assert call.types(-4) == [
        "conversation.item.added",
        "error",
        "conversation.item.done",
        "mcp_list_tools.failed",
    ]
    error = error_of(call)
    assert (error["type"], error["code"]) == ("external_connector_error", "http_error")
    assert "'desk'. HTTP status code: 401. Unauthorized" in error["message"]
    assert error["event_id"] is None
    update(call, mcp())
    call.list_tools(ADD)
    assert call.events[-1]["type"] == "mcp_list_tools.completed"


def test_a_listing_that_never_comes_back_ends_by_itself() -> None:
    call = SessionDriver(settings=MANUAL)
    update(call, mcp())
    due_s = call.session.wake_at_s()
    assert due_s == pytest.approx(call.now_s + LIST_WITHIN_S + SHELL_GRACE_S)
    assert due_s is not None
    call.session.advance(due_s)
    call.drain()
    assert call.events[-1]["type"] == "mcp_list_tools.failed"
    assert call.stopped == [call.listings[0].job_id]


def test_a_response_waits_for_the_tools_that_its_own_request_brings() -> None:
    rules = [{"call": {"name": "add", "arguments": {"a": 1}}}]
    call = SessionDriver(rules, MANUAL)
    tools = [mcp(require_approval="never")]
    call.send("response.create", response={"tools": tools})
    call.wait(0.5)
    assert not call.of_type("response.output_item.added")
    call.list_tools(ADD)
    call.wait_for("response.mcp_call.in_progress")
    assert call.calls[0].arguments == {"a": 1}
    assert call.session.settings["tools"] == []


def test_a_response_made_before_the_listing_runs_without_the_tools() -> None:
    call = SessionDriver([{"call": {"name": "add"}}], {**MANUAL, "tools": [mcp()]})
    call.send("response.create")
    call.wait(0.1)
    details = call.last("response.done")["response"]["status_details"]
    assert details["error"]["code"] == "tool_not_offered"
    assert "MCP desk" in details["error"]["message"]
