"""What the session sends is what the official package's models expect."""

from __future__ import annotations

from typing import Any

import pytest

from harness.realtime.server.validation.mcp_values import RemoteFailure, RemoteTool
from tests.support.openai_types import typed
from tests.support.session_driver import SessionDriver

TOOL = {"type": "function", "name": "look"}


def a_busy_call() -> list[dict[str, Any]]:
    """One of nearly everything a session can send."""
    whisper = {"audio": {"input": {"transcription": {"model": "gpt-transcribe"}}}}
    rules = [
        {"when": {"words": ["look"]}, "call": {"name": "look"}},
        {"say": "One two three four five six. Seven eight nine ten."},
    ]
    call = SessionDriver(rules, {"tools": [TOOL], **whisper}, ["hello", "look", "hello"])
    call.say()
    call.wait_for("response.done")
    call.say()  # interrupts
    call.wait_for("response.done")
    call.say()
    call.send("response.cancel")
    call.send("output_audio_buffer.clear")
    call.send("input_audio_buffer.clear")
    call.send("response.create", response={"output_modalities": ["text"]})
    call.wait_for("response.done")
    call.send("conversation.item.retrieve", item_id=call.session.items[0]["id"])
    call.send("conversation.item.delete", item_id=call.session.items[0]["id"])
    call.send("session.update", session={"type": "realtime"})
    call.send("nonsense")
    return call.events


def a_call_of_remote_tools() -> list[dict[str, Any]]:
    """Listings and calls that succeed and fail, approvals given and refused."""
    server = {"type": "mcp", "server_label": "desk", "server_url": "http://127.0.0.1:9/"}
    always = {"tools": [{**server, "headers": {"X-Key": "x"}}], "output_modalities": ["text"]}
    rules = [{"when": {"greeting": True}, "call": {"name": "add"}}, {"say": "Done."}]
    failure = RemoteFailure("http_error", "Bad Gateway", 502)
    call = SessionDriver(rules, always)
    call.list_tools(failure=failure)
    call.send("session.update", session={"type": "realtime", **always})
    call.list_tools(RemoteTool("add", "Adds.", {"type": "object"}, {"readOnlyHint": True}))
    call.send("conversation.item.retrieve", item_id=call.session.items[-1]["id"])
    for approve in (True, True, False):
        call.send("response.create", response={"input": []})
        request = call.wait_for("response.done")["response"]["output"][-1]
        item = {"approval_request_id": request["id"], "approve": approve, "reason": "so"}
        call.send("conversation.item.create", item={"type": "mcp_approval_response", **item})
        call.wait(0.2)
        if call.calls:
            is_first = not call.of_type("response.mcp_call.completed")
            call.call_ended("3" if is_first else None, None if is_first else failure)
        call.wait(1.5)
    return call.events


def test_events_about_remote_tools_are_official_too() -> None:
    events = a_call_of_remote_tools()
    assert [event for event in events if isinstance(typed(event, "server"), dict)] == []
    kinds = {event["type"] for event in events}
    wanted = {f"mcp_list_tools.{how}" for how in ("in_progress", "completed", "failed")}
    wanted |= {f"response.mcp_call.{how}" for how in ("in_progress", "completed", "failed")}
    wanted |= {f"response.mcp_call_arguments.{how}" for how in ("delta", "done")}
    assert wanted <= kinds
    items = {event["item"]["type"] for event in events if "item" in event}
    assert len({kind for kind in items if kind.startswith("mcp_")}) == 4


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    return a_busy_call()


def test_every_event_is_one_of_the_official_models(events: list[dict[str, Any]]) -> None:
    unknown = [event for event in events if isinstance(typed(event, "server"), dict)]
    assert unknown == []


def test_the_call_was_busy(events: list[dict[str, Any]]) -> None:
    assert len({event["type"] for event in events}) >= 30
