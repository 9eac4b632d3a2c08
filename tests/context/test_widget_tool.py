"""The tool by which a model shows a widget."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.context.widget_tool import SHOWN, shown_widget, widget_tool
from harness.errors import ToolRefused

CARD = {"type": "Card", "children": [{"type": "Text", "value": "Soup"}]}


def call(arguments: Any, name: str = "show_widget") -> dict[str, Any]:
    return {"type": "function_call", "name": name, "arguments": arguments}


def test_a_widget_is_shown_and_nobody_has_to_answer() -> None:
    tool = widget_tool()
    assert tool.function(**tool.read_arguments(json.dumps({"widget": CARD}))) == SHOWN
    assert not tool.wants_answer
    assert tool.definition()["parameters"]["required"] == ["widget"]


def test_what_is_no_widget_is_refused_with_the_reason() -> None:
    with pytest.raises(ToolRefused, match="one of Card, ListView, Basic"):
        widget_tool().function(widget={"type": "Text"})


def test_it_becomes_an_item_of_the_thread() -> None:
    given = json.dumps({"widget": CARD, "copy_text": "Soup."})
    assert shown_widget(call(given)) == {"type": "widget", "widget": CARD, "copy_text": "Soup."}
    assert shown_widget(call(json.dumps({"widget": CARD}))) == {"type": "widget", "widget": CARD}


@pytest.mark.parametrize(
    "item",
    [
        call("no json"),
        call("[]"),
        call('{"widget": {"type": "Text"}}'),
        call(json.dumps({"widget": CARD}), "show"),
        {"name": "show_widget"},
    ],
)
def test_anything_else_does_not(item: dict[str, Any]) -> None:
    assert shown_widget(item) is None
