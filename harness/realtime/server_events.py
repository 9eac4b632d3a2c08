"""The server's events: which there are, and what each must have for a client to use it.

Only fields that are needed are asked for; everything else may be missing, null or new.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.errors import MalformedEvent
from harness.realtime.wire import Event

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _id(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _text_or_nothing(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _record(value: Any) -> bool:
    return isinstance(value, dict)


def _records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _item(value: Any) -> bool:
    """An item with an id and a type; a message has a role and a list of parts."""
    if not (_record(value) and _id(value.get("id")) and _id(value.get("type"))):
        return False
    match value["type"]:
        case "message":
            return _text(value.get("role")) and _records(value.get("content"))
        case "function_call":
            return all(_text(value.get(key)) for key in ("call_id", "name", "arguments"))
        case "function_call_output":
            return _text(value.get("call_id")) and _text(value.get("output"))
    return True


def _response(value: Any) -> bool:
    if not (_record(value) and _id(value.get("id"))):
        return False
    output = value.get("output")
    return output is None or (isinstance(output, list) and all(map(_item, output)))


def _final_response(value: Any) -> bool:
    return _response(value) and _text(value.get("status"))


_DELTA: dict[str, Check] = {"response_id": _id, "item_id": _id, "delta": _text}
_ENTRY: dict[str, Check] = {"item": _item, "previous_item_id": _text_or_nothing}
_PLAYBACK: dict[str, Check] = {"response_id": _id}
_WORDS: dict[str, Check] = {"item_id": _id}
_OUTPUT_ITEM: dict[str, Check] = {"response_id": _id, "item": _item}
_FREE: dict[str, Check] = {}

SERVER_EVENTS: dict[str, dict[str, Check]] = {
    "error": {"error": _record},
    "session.created": {"session": _record},
    "session.updated": {"session": _record},
    "conversation.created": _FREE,
    "conversation.item.added": _ENTRY,
    "conversation.item.created": _ENTRY,
    "conversation.item.done": _ENTRY,
    "conversation.item.retrieved": {"item": _item},
    "conversation.item.deleted": _WORDS,
    "conversation.item.truncated": {"item_id": _id, "audio_end_ms": _number},
    "conversation.item.input_audio_transcription.delta": _WORDS,
    "conversation.item.input_audio_transcription.completed": {"item_id": _id, "transcript": _text},
    "conversation.item.input_audio_transcription.segment": _WORDS,
    "conversation.item.input_audio_transcription.failed": _WORDS,
    "input_audio_buffer.speech_started": _WORDS,
    "input_audio_buffer.speech_stopped": _WORDS,
    "input_audio_buffer.committed": _WORDS,
    "input_audio_buffer.cleared": _FREE,
    "input_audio_buffer.timeout_triggered": _FREE,
    "input_audio_buffer.dtmf_event_received": _FREE,
    "output_audio_buffer.started": _PLAYBACK,
    "output_audio_buffer.stopped": _PLAYBACK,
    "output_audio_buffer.cleared": _PLAYBACK,
    "response.created": {"response": _response},
    "response.done": {"response": _final_response},
    "response.output_item.added": _OUTPUT_ITEM,
    "response.output_item.done": _OUTPUT_ITEM,
    "response.content_part.added": _FREE,
    "response.content_part.done": _FREE,
    "response.output_text.delta": _DELTA,
    "response.output_text.done": _FREE,
    "response.output_audio_transcript.delta": _DELTA,
    "response.output_audio_transcript.done": _FREE,
    "response.output_audio.delta": _DELTA,
    "response.output_audio.done": _FREE,
    "response.function_call_arguments.delta": _FREE,
    "response.function_call_arguments.done": _FREE,
    "response.mcp_call_arguments.delta": _FREE,
    "response.mcp_call_arguments.done": _FREE,
    "response.mcp_call.in_progress": _FREE,
    "response.mcp_call.completed": _FREE,
    "response.mcp_call.failed": _FREE,
    "mcp_list_tools.in_progress": _FREE,
    "mcp_list_tools.completed": _FREE,
    "mcp_list_tools.failed": _FREE,
    "rate_limits.updated": {"rate_limits": _records},
}
"""Event types, and for each the fields it must have."""


def is_known(event: Event) -> bool:
    """Whether the event's type is one that a server sends."""
    return event["type"] in SERVER_EVENTS


def check_server_event(event: Event) -> None:
    """Nothing, where the event has what its type must have (or its type is unknown).

    Raises:
        MalformedEvent: names the field.
    """
    for name, check in SERVER_EVENTS.get(event["type"], _FREE).items():
        if not check(event.get(name)):
            raise MalformedEvent(
                f"The server sent a {event['type']} whose “{name}” is missing or not usable.",
                code="malformed_event",
                param=name,
            )
