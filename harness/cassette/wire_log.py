"""The events of a recorded call, both ways, as a cassette keeps them: no sound in them, no key.

Sound in events is base64 of what the cassette has as FLAC anyway; its length is kept in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from harness.errors import ProtocolError
from harness.realtime.wire import EVENTS_LABEL, Event, decode
from harness.redact import Masker
from harness.trace import Trace, TraceEvent

Sender = Literal["client", "server"]

MESSAGES = ("data_channel.message", "web_socket.message")
_SOUND = {"response.output_audio.delta": "delta", "input_audio_buffer.append": "audio"}


@dataclass(frozen=True, slots=True)
class WireEvent:
    """One event of the session."""

    t_s: float
    """When it was sent or received, in seconds on the call's timeline."""

    sender: Sender
    event: Event


def wire_events(trace: Trace) -> Iterator[WireEvent]:
    """The session's events in a trace, in order. What is no event is left out."""
    label = _label(trace)
    for entry in trace.of_type(*MESSAGES):
        data = entry.data
        if not isinstance(text := data.get("text"), str) or not _is_ours(data, label):
            continue
        try:
            event = decode(text)
        except ProtocolError:
            continue
        sender: Sender = "client" if data.get("direction") == "sent" else "server"
        yield WireEvent(entry.t_s or 0.0, sender, event)


def unreadable(trace: Trace) -> int:
    """How many of the channel's messages the trace holds no text of, or none that is an event."""
    label = _label(trace)
    ours = sum(_is_ours(entry.data, label) for entry in trace.of_type(*MESSAGES))
    return ours - sum(1 for _ in wire_events(trace))


def kept_lines(events: Iterable[WireEvent], masker: Masker | None = None) -> Iterator[Event]:
    """One object a line of ``events.jsonl``: ``at_s``, ``event``, ``from``, and ``audio_chars``.

    Args:
        masker: hides the keys that it knows, and whatever looks like one.
    """
    masker = masker or Masker()
    for one in events:
        kept, characters = without_sound(one.event)
        line = {"at_s": round(one.t_s, 3), "event": masker.value(kept), "from": one.sender}
        yield line if characters == 0 else {**line, "audio_chars": characters}


def without_sound(event: Event) -> tuple[Event, int]:
    """The event with "" in place of its base64 sound, and how many characters that had."""
    counted = 0

    def cut(value: Any, name: str = "") -> Any:
        nonlocal counted
        if isinstance(value, Mapping):
            return {key: cut(inner, str(key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [cut(inner) for inner in value]
        is_sound = name == _SOUND.get(event["type"]) or (name == "audio" and "type" in event)
        if is_sound and isinstance(value, str):
            counted += len(value)
            return ""
        return value

    return cut(event), counted


def _label(trace: Trace) -> str:
    recognised: list[TraceEvent] = trace.of_type("call.protocol")
    found = [str(event.data.get("label")) for event in recognised if event.data.get("label")]
    return found[0] if found else EVENTS_LABEL


def _is_ours(data: Mapping[str, Any], label: str) -> bool:
    return bool(data.get("label") == label)
