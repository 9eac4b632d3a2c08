"""Remote tools (MCP) end to end: a real tool server, our server, our client over real WebRTC."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from harness.browser.launch import Chromium
from harness.browser.voice_page import open_voice_page
from harness.client.client import RealtimeClient
from harness.client.log import session_logs
from harness.client.server_api import set_script
from harness.realtime.client.settings import McpServer, SessionSettings
from harness.server.process.launch import RunningServer
from tests.support.mcp_server import ToolServer
from tests.support.stock_client import serve_stock_page

SECRET = "tok-0123456789"
RULES = [
    {
        "when": {"words": ["open"]},
        "call": {"name": "opening_hours", "arguments": {"day": "Sunday"}},
    },
    {"when": {"words": ["cancel"]}, "call": {"name": "cancel_booking", "arguments": {"number": 7}}},
    {"when": {"words": ["oven"]}, "call": {"name": "broken"}},
    {"when": {"tool": "opening_hours", "result": "from five"}, "say": "From five to eleven."},
    {"when": {"tool": "cancel_booking", "outcome": "ok"}, "say": "It is cancelled."},
    {"when": {"tool": "cancel_booking", "outcome": "refused"}, "say": "It stays as it is."},
    {"when": {"tool": "broken", "outcome": "failed"}, "say": "The oven is out of order."},
]


def desk(url: str, label: str = "desk") -> McpServer:
    """What only reads is called without asking."""
    return McpServer(
        server_label=label,
        server_url=url,
        headers={"Authorization": f"Bearer {SECRET}", "X-Key": SECRET},
        require_approval={"never": {"tool_names": ["opening_hours", "broken"]}},
    )


@asynccontextmanager
async def call_with(
    server: RunningServer, *servers: McpServer, **options: Any
) -> AsyncIterator[RealtimeClient]:
    await set_script(server, {"rules": RULES})
    settings = SessionSettings(output_modality="text", mcp_servers=list(servers))
    options = {"api_key": server.api_key, "settings": settings, **options}
    async with RealtimeClient(server.url, **options) as client:
        yield client


def items(client: RealtimeClient, kind: str) -> list[dict[str, Any]]:
    return [item for item in client.snapshot().items if item["type"] == kind]


async def ask(client: RealtimeClient, text: str) -> None:
    await client.send_text(text)
    await client.respond()


async def test_tools_are_listed_called_approved_and_refused(
    shared_server: RunningServer, remote_tools: ToolServer, tmp_path: Path
) -> None:
    """One call, so that the connection is paid for once."""
    remote_tools.calls.clear()
    async with call_with(shared_server, desk(remote_tools.url), log_folder=tmp_path) as client:
        answers = client.events("answer_over")
        requests = client.events("approval_requested")

        async def next_words() -> str:
            async for answer in answers:
                if answer.data["text"]:
                    return str(answer.data["text"])
            raise AssertionError("the call is over")

        listed = await client.expect("tools_listed", within_s=20)
        assert "opening_hours" in listed.data["names"]
        assert len(items(client, "mcp_list_tools")) == 1

        await ask(client, "When are you open?")
        assert await next_words() == "From five to eleven."

        await ask(client, "Please cancel it.")
        request = await anext(requests)
        assert request.data["name"] == "cancel_booking"
        assert json.loads(request.data["arguments"]) == {"number": 7}
        assert remote_tools.calls == ["opening_hours Sunday"]
        await client.approve_mcp(request.data["approval_request_id"])
        assert await next_words() == "It is cancelled."
        assert remote_tools.calls == ["opening_hours Sunday", "cancel_booking 7"]

        await ask(client, "Cancel the other one, too.")
        request = await anext(requests)
        await client.approve_mcp(request.data["approval_request_id"], False, "not that one")
        assert await next_words() == "It stays as it is."
        assert len(remote_tools.calls) == 2

        await ask(client, "What about the oven?")
        assert await next_words() == "The oven is out of order."

        calls = items(client, "mcp_call")
        assert [call["name"] for call in calls] == ["opening_hours", "cancel_booking", "broken"]
        assert calls[2]["error"]["type"] == "tool_execution_error"
        assert client.events("error").take_available() == []
    written = "".join(path.read_text(encoding="utf-8") for path in session_logs(tmp_path))
    assert "opening_hours" in written
    assert SECRET not in written


async def test_a_tool_server_that_is_down_is_told_and_the_call_goes_on(
    shared_server: RunningServer,
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/mcp"
        async with call_with(shared_server, desk(url)) as client:
            error = await client.expect("error", within_s=20)
            assert error.data["code"] == "protocol_error"
            assert "'desk'" in error.data["message"]
            await ask(client, "Hello.")
            over = await client.expect("answer_over", within_s=20)
            assert over.data["text"] == "You said: Hello."


STOCK = """async ({ desk }) => {
  const { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession } =
    await import("/bundle/openai-realtime-agents.mjs");
  const { key, socketUrl } = await (await fetch("/token", { method: "POST" })).json();
  const tools = [{ type: "hosted_tool", name: "hosted_mcp", providerData: {
    type: "mcp", server_label: "desk", server_url: desk,
    require_approval: { never: { tool_names: ["opening_hours"] } } } }];
  const transport = new OpenAIRealtimeWebSocket({ url: socketUrl });
  const session = new RealtimeSession(new RealtimeAgent({ name: "waiter", tools }), {
    transport, config: { outputModalities: ["text"] } });
  const app = { session, texts: [], calls: [], errors: [], tools: 0, done: 0 };
  transport.on("response.output_text.done", ({ text }) => app.texts.push(text));
  transport.on("response.done", () => { app.done += 1; });
  session.on("error", ({ error }) => app.errors.push(JSON.stringify(error)));
  session.on("mcp_tools_changed", (known) => { app.tools = known.length; });
  session.on("mcp_tool_call_completed", (context, agent, call) => app.calls.push(call.output));
  session.on("tool_approval_requested", (context, agent, request) =>
    session.approve(request.approvalItem));
  await session.connect({ apiKey: key });
  window.app = app;
}"""


async def test_the_stock_client_uses_them_too(
    shared_server: RunningServer, remote_tools: ToolServer, shared_chromium: Chromium
) -> None:
    """It asks for the answer to a call itself: there must be one, and no error."""
    await set_script(shared_server, {"rules": RULES})
    async with serve_stock_page(shared_server) as url, open_voice_page(shared_chromium) as voice:
        page = voice.page
        await voice.goto(f"{url}/pcm.js")
        await page.evaluate(STOCK, {"desk": remote_tools.url})
        await page.wait_for_function("app.tools > 0")
        await page.evaluate("app.session.sendMessage('When are you open?')")
        await page.wait_for_function("app.done === 2")
        await page.evaluate("app.session.sendMessage('Please cancel it.')")
        await page.wait_for_function("app.done === 5")
        told = await page.evaluate("({ ...app, session: undefined })")
    assert told["errors"] == []
    assert told["texts"] == ["From five to eleven.", "It is cancelled."]
    assert told["calls"] == [
        "On Sunday we are open from five to eleven.",
        "Booking 7 is cancelled.",
    ]
