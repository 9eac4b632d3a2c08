"""Tools in a scenario: calls that are expected, and what a tool gives back."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from harness.plain_data import Data


class ToolCall(Data):
    """A tool the assistant is expected to call."""

    name: str
    arguments: dict[str, Any] | None = Field(
        default=None,
        description="arguments that must be there with these values; others may be too",
    )


class ToolResult(Data):
    """What the tool that was called last under this name gives back."""

    name: str
    output: str | dict[str, Any] = Field(description="text, or data that is sent as JSON")
