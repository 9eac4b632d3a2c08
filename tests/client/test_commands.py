"""Every command sends its event, and none without a call."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.client.client import RealtimeClient
from harness.errors import MalformedEvent, NotConnected, SettingsError
from harness.realtime.client.settings import SessionSettings
from tests.support.fake_client import make_call, open_call

PNG = b"\x89PNG\r\n"
SENDS: dict[str, Callable[[RealtimeClient], Any]] = {
    "input_audio_buffer.commit": lambda c: c.commit(),
    "input_audio_buffer.clear": lambda c: c.clear_input_audio(),
    "response.create": lambda c: c.respond({"instructions": "Be brief."}),
    "conversation.item.create": lambda c: c.send_text("Hello."),
    "conversation.item.delete": lambda c: c.delete_item("item_1"),
    "conversation.item.retrieve": lambda c: c.retrieve_item("item_1"),
    "conversation.item.truncate": lambda c: c.truncate("item_1", 500),
    "session.update": lambda c: c.update({"instructions": "Be kind."}),
    "any.event": lambda c: c.send_event({"type": "any.event"}),
}


@pytest.mark.parametrize("kind", SENDS)
async def test_a_command_sends_its_event(kind: str) -> None:
    async with open_call() as call:
        request = SENDS[kind](call.client)
        assert call.peer.sent[-1]["type"] == kind
        assert call.peer.sent[-1]["event_id"] == request.event_id


@pytest.mark.parametrize("kind", SENDS)
async def test_without_a_call_it_says_so(kind: str) -> None:
    call = make_call()
    with pytest.raises(NotConnected):
        SENDS[kind](call.client)


async def test_outside_the_conversation() -> None:
    async with open_call() as call:
        call.client.respond_outside({"metadata": {"topic": "x"}})
        assert call.peer.sent[-1]["response"]["conversation"] == "none"


async def test_with_nothing_to_stop_nothing_is_sent() -> None:
    async with open_call() as call:
        for request in (call.client.cancel(), call.client.clear_output_audio()):
            assert await request is None
        assert await call.client.interrupt() is None
        assert call.peer.sent_types() == ["session.update"]


async def test_what_is_being_said_can_be_stopped() -> None:
    async with open_call() as call:
        call.peer.far_says(type="response.created", response={"id": "resp_1"})
        call.peer.far_says(type="output_audio_buffer.started", response_id="resp_1")
        call.client.interrupt()
        assert call.peer.sent_types()[-2:] == ["response.cancel", "output_audio_buffer.clear"]


async def test_an_image_goes_with_its_words() -> None:
    async with open_call() as call:
        call.client.send_image(PNG, "What is this?")
        parts = call.peer.sent[-1]["item"]["content"]
        assert [part["type"] for part in parts] == ["input_image", "input_text"]
        with pytest.raises(SettingsError):
            call.client.send_image(b"GIF89a")


async def test_a_remote_tool_is_approved() -> None:
    async with open_call() as call:
        call.client.approve_mcp("mcpr_1", False, "not now")
        item = call.peer.sent[-1]["item"]
        assert (item["approve"], item["reason"]) == (False, "not now")


async def test_what_is_no_json_is_refused_at_once() -> None:
    async with open_call() as call:
        with pytest.raises(MalformedEvent):
            call.client.send_event({"type": "x", "v": {1, 2}})


async def test_an_item_goes_where_it_is_wanted() -> None:
    async with open_call() as call:
        item = {"type": "message", "role": "system", "content": []}
        call.client.create_item(item, "root")
        assert call.peer.sent[-1]["previous_item_id"] == "root"


async def test_a_tool_may_be_answered_by_hand() -> None:
    functions = [{"type": "function", "name": "ask", "parameters": {"type": "object"}}]
    async with open_call(settings=SessionSettings(functions=functions)) as call:
        asked = {
            "id": "item_1", "type": "function_call", "status": "completed",
            "call_id": "call_1", "name": "ask", "arguments": "{}",
        }  # fmt: skip
        call.peer.far_says(type="response.created", response={"id": "resp_1"})
        done = {"id": "resp_1", "status": "completed", "output": [asked]}
        call.peer.far_says(type="response.done", response=done)
        assert call.told("tool_called")[0].data["is_ours"] is False
        call.client.finish_tool("call_1", {"answer": 42})
        assert json.loads(call.peer.sent[-2]["item"]["output"]) == {"answer": 42}
