"""Tools in a scenario: calls that are expected, and what a tool gives back."""

from __future__ import annotations

from collections.abc import Mapping
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


TELL_TOOLS = "let the other side tell it (of Pipecat, `function_call_report_level`)"


def hidden_of_call(name: str, arguments: Any, called: Mapping[str, Any]) -> str | None:
    """What the other side keeps to itself of a call that may be the one meant; None: it tells it.

    Args:
        name: of the tool that is meant.
        arguments: those that matter; nothing where none do.
    """
    if not called.get("name"):
        return f"a tool was called, and the page is not told which: {TELL_TOOLS}"
    if called["name"] == name and arguments and called.get("arguments") == "":
        return f"called {name}, and the page is not told with what: {TELL_TOOLS}"
    return None
