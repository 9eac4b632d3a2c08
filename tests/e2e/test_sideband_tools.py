"""Remote tools of a call that a backend steers over a sideband: a real tool server, real WebRTC.

The page's data channel sees everything, and does nothing.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from harness.realtime.server import mcp_calls as mcp_call
from harness.realtime.server import mcp_turns
from harness.realtime.server.assistants.script import Script
from tests.support.local_server import Caller, call_to, local_server
from tests.support.mcp_server import ToolServer
from tests.support.sockets import SocketClient, socket_to

CANCEL = {"name": "cancel_booking", "arguments": {"number": 7}}
RULES = [
    {"when": {"words": ["cancel"]}, "call": CANCEL},
    {"when": {"words": ["oven"]}, "call": {"name": "broken"}},
    {"when": {"words": ["wait"]}, "call": {"name": "slow"}},
    {"when": {"tool": "cancel_booking", "outcome": "ok"}, "say": "It is cancelled."},
    {"when": {"tool": "cancel_booking", "outcome": "refused"}, "say": "It stays."},
    {"when": {"tool": "broken", "outcome": "failed"}, "say": "Out of order."},
    {"when": {"tool": "slow", "outcome": "failed"}, "say": "That takes too long."},
]


@pytest.fixture(autouse=True)
def answers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to a call comes by itself, and a test need not wait for that."""
    monkeypatch.setattr(mcp_turns, "FOLLOW_UP_AFTER_S", 0.0)


@asynccontextmanager
async def steered_call(url: str) -> AsyncIterator[tuple[SocketClient, Caller]]:
    """A call whose sideband has just named this tool server."""
    free = {"never": {"tool_names": ["broken", "slow"]}}
    desk = {"server_label": "desk", "server_url": url, "require_approval": free}
    session = {
        "type": "realtime",
        "output_modalities": ["text"],
        "tools": [{"type": "mcp", **desk}],
    }
    async with local_server(has_real_sessions=True) as server:
        server.state.assistants.follow(Script.model_validate({"rules": RULES}))
        async with (
            call_to(server) as page,
            socket_to(server, f"?call_id={page.call_id}") as sideband,
        ):
            await sideband.send(type="session.update", session=session)
            yield sideband, page


async def ask(sideband: SocketClient, text: str) -> None:
    content = [{"type": "input_text", "text": text}]
    item = {"type": "message", "role": "user", "content": content}
    await sideband.send(type="conversation.item.create", item=item)
    await sideband.send(type="response.create")


async def requested(sideband: SocketClient) -> str:
    """The id of the next request for approval."""
    while True:
        done = await sideband.event("response.output_item.done")
        if done["item"]["type"] == "mcp_approval_request":
            return str(done["item"]["id"])


async def decide(sideband: SocketClient, request_id: str, approve: bool) -> None:
    item = {"type": "mcp_approval_response", "approval_request_id": request_id, "approve": approve}
    await sideband.send(type="conversation.item.create", item=item)


async def words(sideband: SocketClient) -> str:
    return str((await sideband.event("response.output_text.done"))["text"])


async def failure_of_call(sideband: SocketClient) -> dict[str, Any]:
    """The error of the next call that failed."""
    await sideband.event("response.mcp_call.failed")
    error: dict[str, Any] = (await sideband.event("response.output_item.done"))["item"]["error"]
    return error


async def test_a_backend_lists_refuses_and_approves(remote_tools: ToolServer) -> None:
    remote_tools.calls.clear()
    async with steered_call(remote_tools.url) as (sideband, page):
        await sideband.event("mcp_list_tools.completed")

        await ask(sideband, "Please cancel it.")
        await decide(sideband, await requested(sideband), approve=False)
        assert await words(sideband) == "It stays."
        assert remote_tools.calls == []

        await ask(sideband, "Please cancel it.")
        await decide(sideband, await requested(sideband), approve=True)
        assert await words(sideband) == "It is cancelled."
        assert remote_tools.calls == ["cancel_booking 7"]
        await sideband.event("response.done")

        assert "error" not in sideband.kinds()
        of_tools = [event["event_id"] for event in sideband.events if "mcp" in event["type"]]
        await page.listener.until(lambda: _has_all(page, of_tools))


def _has_all(page: Caller, event_ids: list[str]) -> bool:
    return set(event_ids) <= {event["event_id"] for event in page.events()}


async def test_a_tool_that_fails_or_is_too_slow_is_answered(
    remote_tools: ToolServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with steered_call(remote_tools.url) as (sideband, _):
        await sideband.event("mcp_list_tools.completed")
        await ask(sideband, "What about the oven?")
        error = await failure_of_call(sideband)
        assert error["type"] == "tool_execution_error"
        assert await words(sideband) == "Out of order."

        monkeypatch.setattr(mcp_call, "CALL_WITHIN_S", 0.3)
        await ask(sideband, "I can wait.")
        error = await failure_of_call(sideband)
        assert (error["type"], error["code"]) == ("protocol_error", -32001)
        assert await words(sideband) == "That takes too long."


async def test_a_tool_server_that_is_down_is_told_to_both() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/mcp"
        async with steered_call(url) as (sideband, page):
            error = (await sideband.event("error"))["error"]
            assert (error["type"], error["code"]) == ("external_connector_error", "protocol_error")
            await sideband.event("mcp_list_tools.failed")
            await page.event("mcp_list_tools.failed")
            await ask(sideband, "Hello.")
            assert await words(sideband) == "You said: Hello."
