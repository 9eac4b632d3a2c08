"""Every event a client may send, checked before anything happens."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from harness.realtime import vocabulary as v
from harness.realtime.server.validation.shapes import (
    AUDIO_FORMAT,
    MAX_APPEND_BASE64_CHARS,
    MAX_EVENT_ID_CHARS,
    MAX_ID_CHARS,
    MAX_OUTPUT_TOKENS,
    MODALITIES,
    PROMPT,
    REASONING,
    TOOL_CHOICE,
    TOOLS,
    VOICE,
)
from harness.realtime.server.validation.shapes_mcp import mcp_items
from harness.realtime.wire import Event

IMAGE_KINDS = ("data:image/png;base64", "data:image/jpeg;base64", "data:image/jpg;base64")

_ID = v.Text(MAX_ID_CHARS)
_ITEM_ID = v.Text(MAX_ID_CHARS, may_be_empty=False)

_ITEM_BASE: Mapping[str, v.Shape] = {
    "id": _ITEM_ID,
    "type": v.Text(),
    "object": v.Choice(("realtime.item",)),
    "status": v.Choice(("completed", "incomplete", "in_progress")),
}


def _image_in_the_event(url: str, path: str) -> None:
    """Images come with the event, as a data URI: a server does not fetch what a client names."""
    start, _, body = url.partition(",")
    try:
        is_image = start in IMAGE_KINDS and bool(base64.b64decode(body, validate=True))
    except ValueError:
        is_image = False
    if not is_image:
        v.refuse(
            f"Invalid '{path}': expected a base64-encoded data URI with an image MIME type "
            "(PNG or JPEG).",
            "invalid_value",
            path,
        )


def _text_part(required: str = "text") -> v.Record:
    return v.Record({"type": v.Text(), "text": v.Text()}, required=(required,))


def _message(parts: Mapping[str, v.Shape]) -> v.Record:
    content = v.Array(v.OneOf("type", parts))
    fields = {**_ITEM_BASE, "role": v.Text(), "content": content}
    return v.Record(fields, required=("content",))


USER_PARTS: Mapping[str, v.Shape] = {
    "input_text": _text_part(),
    "input_audio": v.Record(
        {
            "type": v.Text(),
            "audio": v.Text(MAX_APPEND_BASE64_CHARS),
            "transcript": v.Text(),
        }
    ),
    "input_image": v.Record(
        {
            "type": v.Text(),
            "image_url": v.Checked(v.Text(may_be_empty=False), _image_in_the_event),
            "detail": v.Choice(("auto", "low", "high")),
        },
        required=("image_url",),
    ),
}
MESSAGE = v.OneOf(
    "role",
    {
        "system": _message({"input_text": _text_part()}),
        "user": _message(USER_PARTS),
        "assistant": _message({"output_text": _text_part()}),
    },
)
FUNCTION_CALL = v.Record(
    {**_ITEM_BASE, "call_id": _ID, "name": v.Text(), "arguments": v.Text()},
    required=("name", "arguments"),
)
FUNCTION_CALL_OUTPUT = v.Record(
    {**_ITEM_BASE, "call_id": _ID, "output": v.Text()}, required=("call_id", "output")
)
ITEM_CASES: Mapping[str, v.Shape] = {
    "message": MESSAGE,
    "function_call": FUNCTION_CALL,
    "function_call_output": FUNCTION_CALL_OUTPUT,
    **mcp_items(_ITEM_BASE),
}
ITEM = v.OneOf("type", ITEM_CASES)
REFERENCE = v.Record({"type": v.Text(), "id": _ID}, required=("id",))
INPUT_ITEM = v.OneOf("type", {**ITEM_CASES, "item_reference": REFERENCE})

RESPONSE = v.Record(
    {
        "conversation": v.Choice(("auto", "none")),
        "input": v.Array(INPUT_ITEM),
        "instructions": v.Text(),
        "tools": TOOLS,
        "tool_choice": TOOL_CHOICE,
        "parallel_tool_calls": v.Boolean(),
        "reasoning": REASONING,
        "max_output_tokens": MAX_OUTPUT_TOKENS,
        "output_modalities": MODALITIES,
        "audio": v.Record({"output": v.Record({"format": AUDIO_FORMAT, "voice": VOICE})}),
        "prompt": PROMPT,
        "metadata": v.StringMap(max_pairs=16, max_key_chars=64, max_value_chars=512),
    },
)


def _event(required: tuple[str, ...] = (), **fields: v.Shape) -> v.Record:
    base: dict[str, v.Shape] = {"type": v.Text(), "event_id": v.Text(MAX_EVENT_ID_CHARS)}
    return v.Record({**base, **fields}, required)


CLIENT_EVENTS: Mapping[str, v.Shape] = {
    # The session itself is checked where it is applied: its errors depend on its type.
    "session.update": _event(("session",), session=v.Anything()),
    "input_audio_buffer.append": _event(("audio",), audio=v.Text(MAX_APPEND_BASE64_CHARS)),
    "input_audio_buffer.commit": _event(),
    "input_audio_buffer.clear": _event(),
    "output_audio_buffer.clear": _event(),
    "conversation.item.create": _event(("item",), item=ITEM, previous_item_id=_ID),
    "conversation.item.retrieve": _event(("item_id",), item_id=_ITEM_ID),
    "conversation.item.delete": _event(("item_id",), item_id=_ITEM_ID),
    "conversation.item.truncate": _event(
        ("item_id", "content_index", "audio_end_ms"),
        item_id=_ITEM_ID,
        content_index=v.Integer(0),
        audio_end_ms=v.Integer(0),
    ),
    "response.create": _event(response=RESPONSE),
    "response.cancel": _event(response_id=_ID),
}


def check_client_event(event: Event) -> None:
    """Refuse an event that is not exactly what the protocol allows.

    Args:
        event: an object with a string ``type``.

    Raises:
        ProtocolError: with the protocol's ``code`` and the dotted ``param``.
    """
    shape = CLIENT_EVENTS.get(event["type"])
    if shape is None:
        v.refuse_choice("type", event["type"], tuple(CLIENT_EVENTS))
    shape.check(event, "")
