"""The tool by which a model shows a widget: what it shows becomes an item of the thread."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from harness.context.widgets import ROOTS, why_no_widget
from harness.errors import ToolRefused
from harness.realtime.client.tools import Tool
from harness.realtime.widgets import SHOW_WIDGET

SHOWN = "It is shown."
_ABOUT = (
    "Show a ChatKit widget in the written thread beside the call, such as a card with buttons. "
    "Say in words what the user needs to know, too."
)
_PARAMETERS = {
    "type": "object",
    "properties": {
        "widget": {
            "type": "object",
            "description": f"A ChatKit widget: its type is one of {', '.join(ROOTS)}, its children "
            "are components such as Text and Button",
        },
        "copy_text": {"type": "string", "description": "What it says, in words"},
    },
    "required": ["widget"],
}


def widget_tool() -> Tool:
    """The tool. Nobody has to go on after it, where the answer that called it has words."""
    return Tool(SHOW_WIDGET, _ABOUT, _PARAMETERS, _shown, wants_answer=False)


def shown_widget(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a call of the tool has shown, as a thread's item has it; None where it was no widget.

    Args:
        item: a function's call, of any name.
    """
    if item.get("name") != SHOW_WIDGET:
        return None
    try:
        given = json.loads(item["arguments"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or why_no_widget(given.get("widget")) is not None:
        return None
    shown = {"type": "widget", "widget": given["widget"]}
    words = given.get("copy_text")
    return {**shown, "copy_text": words} if isinstance(words, str) and words else shown


def _shown(widget: Any = None, copy_text: Any = None) -> str:
    why = why_no_widget(widget)
    if why is not None:
        raise ToolRefused(f"It is not shown: {why}.", code="invalid_tool_arguments")
    return SHOWN
