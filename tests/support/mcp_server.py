"""A real server of remote tools (MCP): the official package over streamable HTTP on loopback.

Annotations are values here: the package reads those of its tools, whose types it must find.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class ToolServer:
    """Where it is, and what it was asked to do."""

    url: str
    calls: list[str] = field(default_factory=list)


@contextmanager
def tool_server() -> Iterator[ToolServer]:
    """Runs in a thread with a loop of its own."""
    import uvicorn

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()  # who comes before the thread is ready waits, and is not refused
    running = ToolServer(f"http://127.0.0.1:{listening.getsockname()[1]}/mcp")
    config = uvicorn.Config(_app(running), log_level="critical", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield running
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listening.close()


def _app(running: ToolServer) -> Any:
    from mcp.server.mcpserver import Context, MCPServer
    from mcp_types import ToolAnnotations

    mcp = MCPServer("desk", log_level="CRITICAL")

    @mcp.tool(annotations=ToolAnnotations(read_only_hint=True))
    def opening_hours(day: str) -> str:
        """When the restaurant is open."""
        running.calls.append(f"opening_hours {day}")
        return f"On {day} we are open from five to eleven."

    @mcp.tool()
    def cancel_booking(number: int) -> str:
        """Cancel a booking for good."""
        running.calls.append(f"cancel_booking {number}")
        return f"Booking {number} is cancelled."

    @mcp.tool()
    def broken() -> str:
        """Always fails."""
        raise ValueError("the oven is on fire")

    @mcp.tool()
    async def slow() -> str:
        """Takes longer than anybody waits."""
        running.calls.append("slow")
        await asyncio.sleep(60)
        return "at last"

    @mcp.tool(structured_output=False)
    def whoami(ctx: Context) -> str:
        """The token that came along."""
        return str((ctx.headers or {}).get("authorization"))

    @mcp.tool(structured_output=False)
    def long_text(letters: int) -> str:
        """A text of that many letters."""
        return "x" * letters

    return mcp.streamable_http_app()
