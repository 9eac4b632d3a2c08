"""Approvals: somebody agrees to a call of a tool before it is made, or does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ToolRequest:
    """A call that the model wants, and that somebody has to agree to."""

    server: str
    """Name of the tool server, as the context calls it."""

    tool: str
    arguments: dict[str, Any]


Approve = Callable[[ToolRequest], bool | Awaitable[bool]]
"""Agrees with True; plain or async."""


def approve_named(tools: Collection[str]) -> Approve:
    """Agrees to calls of these tools, and to no other."""

    def approve(request: ToolRequest) -> bool:
        return request.tool in tools

    return approve
