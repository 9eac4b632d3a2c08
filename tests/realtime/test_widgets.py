"""The note of a widget's action, written and read."""

from __future__ import annotations

from typing import Any

import pytest

from harness.realtime.widgets import SetOff, action_in, action_note


def system(text: str) -> dict[str, Any]:
    part = {"type": "input_text", "text": text}
    return {"id": "i", "type": "message", "role": "system", "content": [part]}


@pytest.mark.parametrize(
    ("payload", "read"),
    [
        ({"dish": "soup, with 'it'."}, '{"dish": "soup, with \'it\'."}'),
        ("Grüße", '"Grüße"'),
        (None, ""),
    ],
)
@pytest.mark.parametrize("widget", ["msg_1", None])
def test_a_note_is_read_as_it_was_written(payload: Any, read: str, widget: str | None) -> None:
    assert action_in(system(action_note("order", payload, widget))) == SetOff("order", read)


@pytest.mark.parametrize(
    "item",
    [
        system("The user is in a hurry."),
        {**system(action_note("order", None, None)), "role": "user"},
        {"type": "function_call", "name": "order"},
        {},
    ],
)
def test_nothing_else_is_one(item: dict[str, Any]) -> None:
    assert action_in(item) is None
