"""JSON text to event and back, for both ends of the channel.

An event stays the plain object it was on the wire: a type we do not know is kept as it came.
`typed` gives the official package's model of an event where a caller wants one.
"""

from __future__ import annotations

import json
from typing import Any, Literal, NoReturn

from harness.errors import ProtocolError

Event = dict[str, Any]
"""One event, as a JSON object."""


def decode(text: str) -> Event:
    """One message of the events channel as an object with a string ``type``.

    Raises:
        ProtocolError: not JSON (code ``invalid_json``), not an object or without a usable
            ``type`` (code ``invalid_event``).
    """
    value = decode_object(text)
    if "type" not in value:
        raise ProtocolError("The 'type' field is missing.", code="invalid_event")
    if not isinstance(value["type"], str):
        raise ProtocolError(
            "Invalid type for 'type': expected a string.", code="invalid_type", param="type"
        )
    return value


def decode_object(text: str) -> Event:
    """One JSON object; see `decode` for the errors."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(
            "Could not parse the event: it is not valid JSON.", code="invalid_json"
        ) from error
    if not isinstance(value, dict):
        raise ProtocolError("An event must be a JSON object.", code="invalid_event")
    return value


def encode(event: Event) -> str:
    """The event as one line of JSON, ASCII only, so that any text survives any channel."""
    return json.dumps(event, separators=(",", ":"), allow_nan=False)


def typed(event: Event, sender: Literal["client", "server"]) -> Any:
    """The official package's model of this event; the event itself where it has none.

    Imports ``openai.types.realtime`` at first use, which takes more than a second.
    """
    from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
    from pydantic import TypeAdapter, ValidationError

    union: Any = RealtimeServerEvent if sender == "server" else RealtimeClientEvent
    try:
        return TypeAdapter(union).validate_python(event)
    except ValidationError:
        return event


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
