"""The OpenAI Realtime protocol, over a data channel of any label and over a WebSocket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.facts.dialogue import DialogueFact
from harness.protocols.interface import Channel, Message, Tells, VoiceProtocol, parse_message
from harness.realtime.dialogue import Dialogue
from harness.realtime.wire import EVENTS_LABEL

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

SUBPROTOCOL, PATH = "realtime", "/v1/realtime"
"""Of its WebSockets."""


class RealtimeProtocol(VoiceProtocol):
    """Reads one call's events."""

    name: ClassVar[str] = "Realtime"
    labels: ClassVar[Sequence[str]] = (EVENTS_LABEL,)
    tells: ClassVar[frozenset[Tells]] = frozenset({"answers", "user_words", "tools"})

    def __init__(self) -> None:
        self._dialogue = Dialogue()

    def knows_channel(self, channel: Channel) -> bool:
        if channel.carrier == "data_channel":
            return channel.label in self.labels
        return channel.subprotocol == SUBPROTOCOL or channel.path == PATH

    def knows(self, message: Message) -> bool:
        kind, _ = parse_message(message.text or "")
        return kind in (FIRST_RECEIVED if message.direction == "received" else FIRST_SENT)

    def read(self, message: Message) -> Sequence[DialogueFact]:
        if message.text is None:
            return []
        return self._dialogue.on_message(message.direction, message.text)

    def tells_now(self) -> frozenset[Tells]:
        return self.tells if self._dialogue.is_transcribed else self.tells - {"user_words"}

    def end_turn(self) -> list[dict[str, Any]]:
        return [{"type": "input_audio_buffer.commit"}, {"type": "response.create"}]

    def typed(self, text: str) -> list[dict[str, Any]]:
        part = {"type": "input_text", "text": text}
        item = {"type": "message", "role": "user", "content": [part]}
        return [{"type": "conversation.item.create", "item": item}, {"type": "response.create"}]

    def asks_for_answer(self, event: dict[str, Any]) -> bool:
        return event.get("type") == "response.create"

    def tool_result(self, call_id: str, output: str) -> list[dict[str, Any]]:
        item = {"type": "function_call_output", "call_id": call_id, "output": output}
        return [{"type": "conversation.item.create", "item": item}, {"type": "response.create"}]
