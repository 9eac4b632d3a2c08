"""Remote tools for real: the official package's server, and servers that mean no good."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from harness.context.mcp.failures import UNREACHABLE, UNREADABLE, RemoteProblem
from harness.context.mcp.package import MAX_OUTPUT_BYTES
from harness.errors import MissingExtra
from harness.realtime.server.validation.mcp_values import TIMED_OUT, RemoteFailure, RemoteServer
from harness.server.calls import mcp_client
from harness.server.calls.mcp_client import call_tool, list_tools
from tests.support.mcp_server import ToolServer
from tests.support.small_server import serve
from tests.support.waiting import until

WITHIN_S = 20.0


def at(url: str, **headers: str) -> RemoteServer:
    return RemoteServer("desk", url, headers)


async def problem_of(work: Awaitable[Any]) -> RemoteFailure:
    with pytest.raises(RemoteProblem) as caught:
        await work
    return caught.value.failure


async def test_tools_are_listed_with_schema_and_annotations(remote_tools: ToolServer) -> None:
    tools = {tool.name: tool for tool in await list_tools(at(remote_tools.url), WITHIN_S)}
    hours = tools["opening_hours"]
    assert hours.description == "When the restaurant is open."
    assert hours.input_schema["required"] == ["day"]
    assert hours.is_read_only
    assert not tools["cancel_booking"].is_read_only


async def test_a_tool_is_called(remote_tools: ToolServer) -> None:
    server = at(remote_tools.url)
    result = await call_tool(server, "opening_hours", {"day": "Sunday"}, WITHIN_S)
    assert result.output == "On Sunday we are open from five to eleven."
    assert result.failure is None


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [("broken", {}, "broken"), ("opening_hours", {}, "day"), ("none", {}, "none")],
)
async def test_a_tool_that_fails_says_so(
    remote_tools: ToolServer, name: str, arguments: dict[str, Any], words: str
) -> None:
    try:
        result = await call_tool(at(remote_tools.url), name, arguments, WITHIN_S)
        failure = result.failure
    except RemoteProblem as problem:
        failure = problem.failure
    assert failure is not None
    assert words in failure.message


async def test_a_secret_is_sent_and_hidden_where_it_comes_back(remote_tools: ToolServer) -> None:
    server = at(remote_tools.url, Authorization="Bearer tok-123456")
    result = await call_tool(server, "whoami", {}, WITHIN_S)
    assert result.output == "•••"


async def test_an_output_that_is_too_long_is_a_failure(remote_tools: ToolServer) -> None:
    arguments = {"letters": MAX_OUTPUT_BYTES}
    result = await call_tool(at(remote_tools.url), "long_text", arguments, WITHIN_S)
    assert result.failure is not None
    assert "too long" in result.failure.message


async def test_a_tool_that_takes_too_long_is_given_up(remote_tools: ToolServer) -> None:
    failure = await problem_of(call_tool(at(remote_tools.url), "slow", {}, 0.5))
    assert (failure.kind, failure.code) == ("protocol_error", TIMED_OUT)


async def test_a_call_that_is_cancelled_ends_at_once(remote_tools: ToolServer) -> None:
    known = len(remote_tools.calls)
    calling = asyncio.create_task(call_tool(at(remote_tools.url), "slow", {}, WITHIN_S))
    await until(lambda: len(remote_tools.calls) > known)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling


async def test_a_server_that_is_down() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/mcp"
        failure = await problem_of(list_tools(at(url), WITHIN_S))
    assert (failure.kind, failure.code) == ("protocol_error", UNREACHABLE)


async def _says_nothing(request: web.Request) -> web.StreamResponse:
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(60)
    return web.Response()


async def _never_stops(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        while True:
            await response.write(b" " * 65_536)
    return response


async def _packs(request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})


async def _babbles(request: web.Request) -> web.StreamResponse:
    return web.json_response({"hello": ["this", "is", "no", "JSON-RPC"]})


async def _redirects(request: web.Request) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect("http://127.0.0.2:9/secret")


async def _refuses(request: web.Request) -> web.StreamResponse:
    return web.json_response({"error": "who are you?"}, status=401)


async def _breaks(request: web.Request) -> web.StreamResponse:
    return web.Response(status=502, text="<html>tok-123456</html>")


@pytest.mark.parametrize(
    ("handler", "kind", "code"),
    [
        (_says_nothing, "protocol_error", TIMED_OUT),
        (_never_stops, "protocol_error", UNREADABLE),
        (_packs, "protocol_error", UNREADABLE),
        (_babbles, "protocol_error", UNREADABLE),
        (_redirects, "http_error", 307),
        (_refuses, "http_error", 401),
        (_breaks, "http_error", 502),
    ],
)
async def test_a_server_that_means_no_good(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]], kind: str, code: int
) -> None:
    within_s = 0.3 if handler is _says_nothing else WITHIN_S
    async with serve({("POST", "/mcp"): handler}) as url:
        server = at(f"{url}/mcp", Authorization="Bearer tok-123456")
        failure = await problem_of(list_tools(server, within_s))
    assert (failure.kind, failure.code) == (kind, code)
    assert "tok-123456" not in failure.message


async def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise MissingExtra("mcp", "Calling remote MCP tools")

    monkeypatch.setattr(mcp_client, "import_package", missing)
    failure = await problem_of(list_tools(at("http://127.0.0.1:9"), WITHIN_S))
    assert "realtime-harness[mcp]" in failure.message
