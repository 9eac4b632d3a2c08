"""Remote tool servers (MCP) over streamable HTTP: asked for their tools, and to run one.

Each request has a connection of its own that is closed with it. A server is not trusted: what it
sends is counted as it comes in, its time is limited, it is not followed to another address, and
nothing of this machine's own (proxy settings, ``.netrc``) is used for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from harness.errors import MissingExtra
from harness.realtime.server.validation.mcp_values import (
    TIMED_OUT,
    RemoteFailure,
    RemoteResult,
    RemoteServer,
    RemoteTool,
    hide_secrets,
)
from harness.server.calls.mcp_failures import RemoteProblem, Watch, failure_of

if TYPE_CHECKING:
    import httpx2
    from mcp import Client
    from mcp_types import CallToolResult, Tool

T = TypeVar("T")

MAX_LISTED_BYTES = 120_000
MAX_OUTPUT_BYTES = 48_000
"""As JSON. Browsers take data channel messages of 256 KiB, and the last event of a response holds
the outputs of all its calls."""

MAX_TOOLS = 500
MAX_PAGES = 50


async def list_tools(server: RemoteServer, within_s: float) -> list[RemoteTool]:
    """All tools of a server.

    Raises:
        RemoteProblem: says what went wrong, without secrets.
    """

    async def ask(client: Client) -> list[RemoteTool]:
        tools: list[RemoteTool] = []
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            page = await client.list_tools(cursor=cursor)
            tools += [_tool(tool) for tool in page.tools]
            cursor = page.next_cursor
            if cursor is None or len(tools) > MAX_TOOLS:
                break
        return tools

    tools = await _asked(server, within_s, ask)
    size = len(json.dumps([tool.as_listed() for tool in tools]))
    if len(tools) > MAX_TOOLS or size > MAX_LISTED_BYTES:
        message = (
            f"The list of {len(tools)} tools ({size} bytes) is too long; at most {MAX_TOOLS} "
            f"tools in {MAX_LISTED_BYTES} bytes are taken."
        )
        raise RemoteProblem(RemoteFailure("protocol_error", message))
    return tools


async def call_tool(
    server: RemoteServer, name: str, arguments: dict[str, Any], within_s: float
) -> RemoteResult:
    """What a tool gives, its own failure included.

    Raises:
        RemoteProblem: the call could not be made, or its answer not be read.
    """

    async def ask(client: Client) -> CallToolResult:
        return await client.call_tool(name, arguments)

    result = await _asked(server, within_s, ask)
    text = hide_secrets(_text(result), server)
    if result.is_error:
        return RemoteResult(failure=RemoteFailure("tool_execution_error", text or "It failed."))
    size = len(json.dumps(text))
    if size > MAX_OUTPUT_BYTES:
        message = f"The output ({size} bytes) is too long; at most {MAX_OUTPUT_BYTES} are taken."
        return RemoteResult(failure=RemoteFailure("tool_execution_error", message))
    return RemoteResult(text)


async def _asked(server: RemoteServer, within_s: float, ask: Callable[[Client], Awaitable[T]]) -> T:
    """One connection for one question.

    Cancelled or too late, everything under way is dropped at once: closing politely would let a
    server that says nothing hold the call.
    """
    try:
        await asyncio.to_thread(_import_package)  # it takes most of a second
    except MissingExtra as missing:
        failure = RemoteFailure("protocol_error", f"{missing.message} {missing.hint}")
        raise RemoteProblem(failure) from missing
    import anyio

    watch = Watch()
    scope = anyio.CancelScope(deadline=anyio.current_time() + within_s)

    async def talk() -> T:
        with scope:
            async with _connected(server, watch) as client:
                return await ask(client)
        message = f"The server gave no answer within {within_s:g} s."
        raise RemoteProblem(RemoteFailure("protocol_error", message, TIMED_OUT))

    talking = asyncio.get_running_loop().create_task(talk())
    try:
        return await asyncio.shield(talking)
    except asyncio.CancelledError:
        scope.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        raise
    except RemoteProblem:
        raise
    except Exception as error:
        raise RemoteProblem(failure_of(error, watch, server)) from error


@asynccontextmanager
async def _connected(server: RemoteServer, watch: Watch) -> AsyncIterator[Client]:
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    async with (
        _http_client(server, watch) as http,
        Client(streamable_http_client(server.url, http_client=http)) as client,
    ):
        yield client


def _http_client(server: RemoteServer, watch: Watch) -> httpx2.AsyncClient:
    import httpx2

    class Counted(httpx2.AsyncByteStream):
        """A body that is counted while it is read."""

        def __init__(self, body: httpx2.AsyncByteStream) -> None:
            self._body = body

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for part in self._body:
                watch.count(len(part))
                yield part

        async def aclose(self) -> None:
            await self._body.aclose()

    class Transport(httpx2.AsyncHTTPTransport):
        """Reports each answer's status and counts its body."""

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            """As httpx does it, with the status reported and the body counted."""
            response = await super().handle_async_request(request)
            watch.see(response.status_code, response.headers.get("content-encoding"))
            assert isinstance(response.stream, httpx2.AsyncByteStream)
            response.stream = Counted(response.stream)
            return response

    # What is packed could be a thousand times larger than what was counted.
    headers = {**server.headers, "Accept-Encoding": "identity"}
    return httpx2.AsyncClient(transport=Transport(), headers=headers, timeout=None, trust_env=False)


def _import_package() -> None:
    """Import what the extra brings.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import httpx2
        import mcp.client.streamable_http  # noqa: F401
    except ImportError as error:
        raise MissingExtra("mcp", "Calling remote MCP tools") from error
    # It logs what a server sends, with tracebacks; whatever matters reaches the client as events.
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    logging.getLogger(httpx2.__name__).setLevel(logging.WARNING)


def _tool(tool: Tool) -> RemoteTool:
    annotations = tool.annotations
    return RemoteTool(
        name=tool.name,
        description=tool.description or "",
        input_schema=tool.input_schema,
        annotations=(
            annotations.model_dump(mode="json", by_alias=True, exclude_none=True)
            if annotations is not None
            else None
        ),
    )


def _text(result: CallToolResult) -> str:
    """Everything a tool gave as one text: words as they are, all else as JSON."""
    parts = [
        part.text if part.type == "text" else part.model_dump_json(by_alias=True, exclude_none=True)
        for part in result.content
    ]
    if not parts and result.structured_content is not None:
        return json.dumps(result.structured_content, ensure_ascii=False)
    return "\n".join(parts)
