"""Tool servers for tests, as a context names them: started in a moment, see `small_tool_server`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.context.mcp_server import McpServer

SCRIPT = Path(__file__).with_name("small_tool_server.py")


def small_server(how: str = "well", **fields: Any) -> McpServer:
    """One that behaves in that way."""
    wanted = {"name": "small", "within_s": 20.0, **fields}
    return McpServer(command=["python", "-SE", str(SCRIPT), how], **wanted)
