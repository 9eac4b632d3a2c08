"""Remote tool servers (MCP) over streamable HTTP: asked for their tools, and to run one.

Each request has a connection of its own that is closed with it. A server is not trusted: what it
sends is counted as it comes in, its time is limited, it is not followed to another address, and
nothing of this machine's own (proxy settings, ``.netrc``) is used for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from harness.context.mcp.failures import RemoteProblem, Watch, failure_of
from harness.context.mcp.package import (
    http_client,
    import_package,
    listed_by,
    text_of_result,
    too_long_a_list,
    too_long_an_output,
)
from harness.errors import MissingExtra
from harness.realtime.server.validation.mcp_values import (
    TIMED_OUT,
    RemoteFailure,
    RemoteResult,
    RemoteServer,
    RemoteTool,
    hide_secrets,
)

if TYPE_CHECKING:
    from mcp import Client
    from mcp_types import CallToolResult

T = TypeVar("T")


async def list_tools(server: RemoteServer, within_s: float) -> list[RemoteTool]:
    """All tools of a server.

    Raises:
        RemoteProblem: says what went wrong, without secrets.
    """
    tools = await _asked(server, within_s, listed_by)
    if (why := too_long_a_list(tools)) is not None:
        raise RemoteProblem(RemoteFailure("protocol_error", why))
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
    text = hide_secrets(text_of_result(result), server)
    if result.is_error:
        return RemoteResult(failure=RemoteFailure("tool_execution_error", text or "It failed."))
    if (why := too_long_an_output(text)) is not None:
        return RemoteResult(failure=RemoteFailure("tool_execution_error", why))
    return RemoteResult(text)


async def _asked(server: RemoteServer, within_s: float, ask: Callable[[Client], Awaitable[T]]) -> T:
    """One connection for one question.

    Cancelled or too late, everything under way is dropped at once: closing politely would let a
    server that says nothing hold the call.
    """
    try:
        await asyncio.to_thread(import_package)  # it takes most of a second
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
        http_client(server.headers, watch) as http,
        Client(streamable_http_client(server.url, http_client=http)) as client,
    ):
        yield client
