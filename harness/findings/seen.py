"""Seen events: an event of the trace, typed, and the message that it carries, read once for all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from harness.facts.catalogue import AnyFact
from harness.facts.connection import DataChannelMessage
from harness.facts.sockets import SocketMessage
from harness.trace import TraceEvent

LONGEST_MESSAGE = 1_000_000
"""Characters; a longer message is not looked into."""

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Message:
    """A JSON object with a type that went over a data channel or a WebSocket."""

    direction: Literal["sent", "received"]
    """As seen from the page."""

    carrier: str
    """Of a data channel the peer connection's name; of a WebSocket its own."""

    label: str
    """The channel's label, or the WebSocket's address."""

    type: str
    body: Mapping[str, Any]

    def part(self, *names: str) -> Mapping[str, Any]:
        """An object within it, by the names on the way; an empty one where there is none."""
        found: Any = self.body
        for name in names:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found if isinstance(found, Mapping) else NOTHING

    def text(self, *names: str) -> str:
        """A text within it; "" where there is none."""
        value = self.part(*names[:-1]).get(names[-1])
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One event as rules get it."""

    event: TraceEvent
    fact: AnyFact
    t_s: float
    """Its place on the timeline; that of the event before where it has none of its own."""

    message: Message | None = None

    def is_sent(self, type: str) -> Message | None:
        """The message, where the page sent one of this type."""
        return self._of("sent", type)

    def is_received(self, type: str) -> Message | None:
        """The message, where the page received one of this type."""
        return self._of("received", type)

    def _of(self, direction: str, type: str) -> Message | None:
        found = self.message
        return found if found and found.direction == direction and found.type == type else None


def message_of(fact: AnyFact) -> Message | None:
    """What a message says, where it is a JSON object with a type."""
    match fact:
        case DataChannelMessage(connection=carrier) | SocketMessage(socket=carrier):
            text = fact.text
        case _:
            return None
    if text is None or len(text) > LONGEST_MESSAGE or not text.lstrip().startswith("{"):
        return None
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    kind = body.get("type") if isinstance(body, Mapping) else None
    if not isinstance(kind, str):
        return None
    return Message(fact.direction, carrier, fact.label, kind, body)
