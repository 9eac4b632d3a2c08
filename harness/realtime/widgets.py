"""Widgets beside a call: the function that shows one, and the note of an action that one sets off.

The protocol has neither. A client that has something to look at offers the function
`SHOW_WIDGET`; an action of a widget is put into the conversation as a note, a system message.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from harness.realtime.items import Item, text_of

SHOW_WIDGET = "show_widget"

_NOTE = re.compile(
    r"The user set off the action '(?P<type>.*?)'(?: of the widget \S+)?, with (?P<payload>.*)\.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class SetOff:
    """An action of a widget that the user has set off."""

    type: str

    payload: str
    """What came with it, as JSON; "" for nothing."""


def action_note(kind: str, payload: Any, widget_id: str | None) -> str:
    """What a conversation is told of an action.

    Args:
        kind: the action's type.
        payload: what comes with it, any JSON.
        widget_id: the item of the widget; None where nobody knows.
    """
    where = "" if widget_id is None else f" of the widget {widget_id}"
    with_what = json.dumps(payload, ensure_ascii=False)
    return f"The user set off the action '{kind}'{where}, with {with_what}."


def action_in(item: Item) -> SetOff | None:
    """The action that an item of a conversation is the note of; None: it is no such note."""
    if item.get("type") != "message" or item.get("role") != "system":
        return None
    found = _NOTE.fullmatch(text_of(item))
    if found is None:
        return None
    payload = found["payload"]
    return SetOff(found["type"], "" if payload == "null" else payload)
