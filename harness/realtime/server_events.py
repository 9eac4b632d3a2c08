"""The server's events: which there are, and what each must have for a client to use it.

Only fields that are needed are asked for; everything else may be missing, null or new.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from harness.errors import MalformedEvent, ProtocolError
from harness.realtime import vocabulary as v
from harness.realtime.wire import Event

_ID = v.Text(may_be_empty=False)
_RECORD = v.Anything()
_RECORDS = v.Array(v.Anything())


def _open(optional: Mapping[str, v.Shape] | None = None, /, **needed: v.Shape) -> v.Record:
    """An object that must have these fields, and may have any others."""
    return v.Record({**needed, **(optional or {})}, required=tuple(needed), is_open=True)


def _item(**needed: v.Shape) -> v.Record:
    return _open(id=_ID, type=_ID, **needed)


_ITEM = v.OneOf(
    "type",
    {
        "message": _item(role=v.Text(), content=_RECORDS),
        "function_call": _item(call_id=v.Text(), name=v.Text(), arguments=v.Text()),
        "function_call_output": _item(call_id=v.Text(), output=v.Text()),
    },
    otherwise=_item(),
)
_OUTPUT = {"output": v.Array(_ITEM)}
_RESPONSE = _open(_OUTPUT, id=_ID)
_FINAL_RESPONSE = _open(_OUTPUT, id=_ID, status=v.Text())

_DELTA = _open(response_id=_ID, item_id=_ID, delta=v.Text())
_ENTRY = _open({"previous_item_id": v.Text()}, item=_ITEM)
_PLAYBACK = _open(response_id=_ID)
_WORDS = _open(item_id=_ID)
_OUTPUT_ITEM = _open(response_id=_ID, item=_ITEM)
_FREE = _open()

SERVER_EVENTS: Mapping[str, v.Record] = {
    "error": _open(error=_RECORD),
    "session.created": _open(session=_RECORD),
    "session.updated": _open(session=_RECORD),
    "conversation.created": _FREE,
    "conversation.item.added": _ENTRY,
    "conversation.item.created": _ENTRY,
    "conversation.item.done": _ENTRY,
    "conversation.item.retrieved": _open(item=_ITEM),
    "conversation.item.deleted": _WORDS,
    "conversation.item.truncated": _open(item_id=_ID, audio_end_ms=v.Number(0)),
    "conversation.item.input_audio_transcription.delta": _WORDS,
    "conversation.item.input_audio_transcription.completed": _open(
        item_id=_ID, transcript=v.Text()
    ),
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
    "response.created": _open(response=_RESPONSE),
    "response.done": _open(response=_FINAL_RESPONSE),
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
    "rate_limits.updated": _open(rate_limits=_RECORDS),
}
"""Event types, and for each what it must have."""


def is_known(event: Event) -> bool:
    """Whether the event's type is one that a server sends."""
    return event["type"] in SERVER_EVENTS


def check_server_event(event: Event) -> None:
    """Nothing, where the event has what its type must have (or its type is unknown).

    Raises:
        MalformedEvent: names the field.
    """
    try:
        SERVER_EVENTS.get(event["type"], _FREE).check(event, "")
    except ProtocolError as error:
        name = re.split(r"[.\[]", error.param or "")[0]
        raise MalformedEvent(
            f"The server sent a {event['type']} whose “{name}” is missing or not usable.",
            code="malformed_event",
            param=name,
        ) from error
