"""Settings of a session with a context's beside its own: instructions, and the tools on offer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from harness import plugins
from harness.context.context import Context
from harness.context.definition import ContextTool
from harness.errors import ToolSignatureError, UsageError
from harness.realtime.client.tools import Tool, tool_from

KNOWN = "What is known from before, as JSON:"


def instructions_with(own: str, context: Context | None, prompts: str = "") -> str:
    """A session's own instructions, then the context's, its prompts', what is known from before."""
    if context is None:
        return own
    parts = [own, context.definition.instructions or "", prompts]
    if context.state:
        parts.append(f"{KNOWN} {json.dumps(dict(context.state), ensure_ascii=False)}")
    return "\n\n".join(part.strip() for part in parts if part.strip())


def tools_with(own: Iterable[Mapping[str, Any]], ours: Sequence[Mapping[str, Any]]) -> list[Any]:
    """A session's own tools, then the context's; of one name, the context's."""
    names = {tool["name"] for tool in ours}
    return [*(dict(tool) for tool in own if tool.get("name") not in names), *map(dict, ours)]


def definitions_of(context: Context, tools: Iterable[Tool]) -> list[dict[str, Any]]:
    """What the model is told of a context's tools.

    Args:
        tools: those of them that a Python function does; see `python_tools`.
    """
    done = {tool.name: tool.definition() for tool in tools}
    by_hand = {
        tool.name: _by_hand(tool)
        for tool in context.definition.tools
        if tool.python is None and tool.name is not None
    }
    return list({**by_hand, **done}.values())


def python_tools(context: Context) -> list[Tool]:
    """The context's tools that a Python function does.

    Raises:
        UsageError: there is no such function, or it cannot be a tool.
    """
    wanted = (tool for tool in context.definition.tools if tool.python and tool.long is None)
    return [python_tool(context, tool) for tool in wanted]


def python_tool(context: Context, wanted: ContextTool) -> Tool:
    """One of them, or one whose work is long; raises as `python_tools`."""
    try:
        function = plugins.load(str(wanted.python), context.definition.folder)
        return tool_from(function, name=wanted.name, description=wanted.description)
    except ToolSignatureError:
        raise
    except (ImportError, AttributeError, ValueError, ValidationError) as error:
        raise UsageError(
            f"The tool “{wanted.python}” of the context “{context.name}” cannot be had.",
            expected=f"module:function, {plugins.WHERE}",
            found=f"{type(error).__name__}: {error}",
        ) from error


def _by_hand(tool: ContextTool) -> dict[str, Any]:
    nothing = {"type": "object", "properties": {}}
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description or "",
        "parameters": tool.parameters or nothing,
    }
