"""Tool servers for tests, as a context names them: started in a moment, see `small_tool_server`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from harness.context.mcp_server import McpServer
from tests.support.small_http_tool_server import small_http_server

SCRIPT = Path(__file__).with_name("small_tool_server.py")


def small_server(how: str = "well", **fields: Any) -> McpServer:
    """One that behaves in that way."""
    wanted = {"name": "small", "within_s": 20.0, **fields}
    return McpServer(command=["python", "-SE", str(SCRIPT), how], **wanted)


Serve = Callable[..., Awaitable[McpServer]]
"""Begins a server that behaves in a way, with these fields of the context's."""


@asynccontextmanager
async def serving(over_http: bool) -> AsyncIterator[Serve]:
    """Small servers, as programs or over HTTP, until the block ends."""
    async with AsyncExitStack() as stack:

        async def serve(how: str = "well", **fields: Any) -> McpServer:
            if not over_http:
                return small_server(how, **fields)
            url = await stack.enter_async_context(small_http_server(how))
            return McpServer(url=url, **{"name": "small", "within_s": 20.0, **fields})

        yield serve
