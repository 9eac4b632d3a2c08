"""The protocol that a call speaks, named here and nowhere else in this room.

Everything else in this room is about speech, answers and tools; what those are on the wire is
known to the adapter of the protocol in `harness.realtime`.
"""

from __future__ import annotations

import json
from typing import Any, Literal, Protocol

from harness.facts.dialogue import DialogueFact
from harness.realtime.dialogue import Dialogue
from harness.realtime.wire import EVENTS_LABEL

Direction = Literal["sent", "received"]

FIRST_RECEIVED = frozenset(
    {
        "session.created",
        "session.updated",
        "conversation.item.added",
        "conversation.item.created",
        "input_audio_buffer.speech_started",
        "input_audio_buffer.committed",
        "response.created",
        "rate_limits.updated",
    }
)
"""What a service says before anything else: one of these is on every channel of the protocol."""

FIRST_SENT = frozenset({"session.update", "conversation.item.create", "response.create"})


class Wire(Protocol):
    """A voice protocol, as far as a call needs it."""

    label: str
    """The data channel that usually carries its events."""

    def knows(self, direction: Direction, text: str) -> bool:
        """Whether a message is certainly one of this protocol's, whatever channel carries it."""
        ...

    def read(self, direction: Direction, text: str) -> list[DialogueFact]:
        """What one message means for the conversation."""
        ...

    def end_turn(self) -> list[dict[str, Any]]:
        """The events that end the user's turn by hand and ask for an answer."""
        ...

    def asks_for_answer(self, event: dict[str, Any]) -> bool:
        """Whether a client's event asks for an answer by hand."""
        ...

    def tool_result(self, call_id: str, output: str) -> list[dict[str, Any]]:
        """The events that give a tool's result and ask for an answer to it."""
        ...


class RealtimeWire:
    """The OpenAI Realtime protocol."""

    label = EVENTS_LABEL

    def __init__(self) -> None:
        self._dialogue = Dialogue()

    def knows(self, direction: Direction, text: str) -> bool:
        kind, _ = parse_message(text)
        return kind in (FIRST_RECEIVED if direction == "received" else FIRST_SENT)

    def read(self, direction: Direction, text: str) -> list[DialogueFact]:
        return self._dialogue.on_message(direction, text)

    def end_turn(self) -> list[dict[str, Any]]:
        return [{"type": "input_audio_buffer.commit"}, {"type": "response.create"}]

    def asks_for_answer(self, event: dict[str, Any]) -> bool:
        return event.get("type") == "response.create"

    def tool_result(self, call_id: str, output: str) -> list[dict[str, Any]]:
        item = {"type": "function_call_output", "call_id": call_id, "output": output}
        return [{"type": "conversation.item.create", "item": item}, {"type": "response.create"}]


def parse_message(text: str) -> tuple[str, dict[str, Any]]:
    """The type and content of a JSON message; anything else is kept as it came."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return "message.unreadable", {"text": text[:2000]}
    if isinstance(message, dict) and isinstance(message.get("type"), str):
        return message["type"], message
    return "message.untyped", {"message": message}
