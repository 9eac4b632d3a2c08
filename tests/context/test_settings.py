"""A session's settings with a context's beside them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.context.definition import ContextTool
from harness.context.settings import (
    definitions_of,
    instructions_with,
    python_tools,
    tools_with,
)
from harness.errors import ToolSignatureError, UsageError
from tests.support.contexts import context


def opening_hours(day: str) -> str:
    """When we are open.

    Args:
        day: of the week
    """
    return f"On {day}: 9 to 5."


def no_tool(day) -> str:  # type: ignore[no-untyped-def]
    return str(day)


HERE = f"{__name__}:opening_hours"


def test_instructions_come_after_the_sessions_own_then_what_is_known() -> None:
    one = context(instructions="Sell shoes.", state={"name": "Kim"})
    assert instructions_with("Be brief.", one).split("\n\n") == [
        "Be brief.",
        "Sell shoes.",
        'What is known from before, as JSON: {"name": "Kim"}',
    ]
    assert instructions_with("Be brief.", None) == "Be brief."
    assert instructions_with("", context()) == ""


def test_tools_come_after_the_sessions_own_and_win_over_one_of_their_name() -> None:
    own = [{"type": "function", "name": "a"}, {"type": "mcp", "server_label": "x"}]
    assert tools_with(own, [{"name": "a", "description": "ours"}]) == [
        own[1],
        {"name": "a", "description": "ours"},
    ]


def test_a_python_function_is_found_beside_the_context_s_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    code = "def open_at(day: str) -> str:\n    return f'{day}: 9'\n"
    (tmp_path / "hours_of_mine.py").write_text(code, "utf-8")
    one = context(tools=[ContextTool(python="hours_of_mine:open_at")], folder=str(tmp_path))
    (tool,) = python_tools(one)
    assert tool.name == "open_at"


def test_a_python_function_says_itself_what_it_takes() -> None:
    by_hand = ContextTool(name="order", description="Orders it.")
    one = context(tools=[ContextTool(python=HERE), by_hand])
    (tool,) = python_tools(one)
    order, hours = definitions_of(one, [tool])
    assert (hours["name"], hours["parameters"]["required"]) == ("opening_hours", ["day"])
    assert (order["description"], order["parameters"]["type"]) == ("Orders it.", "object")
    renamed = context(tools=[ContextTool(python=HERE, name="hours", description="Open?")])
    (tool,) = python_tools(renamed)
    assert (tool.name, tool.description) == ("hours", "Open?")


@pytest.mark.parametrize("reference", ["no.such.module:x", f"{__name__}:nothing"])
def test_a_function_that_is_not_there_is_told(reference: str) -> None:
    with pytest.raises(UsageError, match="cannot be had"):
        python_tools(context(tools=[ContextTool(python=reference)]))


def test_a_function_that_can_be_no_tool_is_told() -> None:
    with pytest.raises(ToolSignatureError):
        python_tools(context(tools=[ContextTool(python=f"{__name__}:no_tool")]))
