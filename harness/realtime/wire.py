"""JSON text to event and back, for both ends of the channel.

An event stays the plain object it was on the wire: a type we do not know is kept as it came.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from harness.errors import ProtocolError

EVENTS_LABEL = "oai-events"
"""Of the data channel that carries the events of a WebRTC call."""

Event = dict[str, Any]
"""One event, as a JSON object."""

DEEPEST = 100
"""Objects and arrays inside each other; deeper ones would end Python's stack further on."""

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SendEvent:
    """Send this event over the events channel, in order; what either session hands out."""

    event: Event


def decode(text: str) -> Event:
    """One message of the events channel as an object with a string ``type``.

    Raises:
        ProtocolError: not JSON (code ``invalid_json``), not an object or without a usable
            ``type`` (code ``invalid_event``).
    """
    return with_type(decode_object(text))


def decode_object(text: str) -> Event:
    """One JSON object; see `decode` for the errors."""
    return _object(text, parse_json)


def decode_strict_object(text: str) -> Event:
    """One JSON object, with the rules of `parse_strict_json`; see `decode` for the errors."""
    return _object(text, parse_strict_json)


def with_type(value: Event) -> Event:
    """The event, if it has a usable ``type``.

    Raises:
        ProtocolError: it has none (code ``invalid_event``).
    """
    if "type" not in value:
        raise ProtocolError("The 'type' field is missing.", code="invalid_event")
    if not isinstance(value["type"], str):
        raise ProtocolError(
            "Invalid type for 'type': expected a string.", code="invalid_type", param="type"
        )
    return value


def parse_json(text: str) -> Any:
    """A JSON value whose numbers are finite and whose nesting has an end.

    Raises:
        ValueError: it is not; says what is wrong.
    """
    return _parsed(text, dict)


def parse_strict_json(text: str) -> Any:
    """As `parse_json`; a key given twice and half a character are refused, too.

    Other readers would take the one or the other of two values, and half a character (a lone
    surrogate) cannot be written as UTF-8: what is understood would depend on who reads it.

    Raises:
        ValueError: it is not; says what is wrong.
    """
    value = _parsed(text, _without_repeats)
    # An escape may be half a pair, and then the whole value is looked through; raw text may be,
    # where it is no ASCII, but no channel delivers that.
    has_escapes = "\\ud" in text or "\\uD" in text
    if has_escapes or (not text.isascii() and _HALF_CHARACTER.search(text)):
        _refuse_half_characters(value)
    return value


def encode(event: Event) -> str:
    """The event as one line of JSON, ASCII only, so that any text survives any channel."""
    return json.dumps(event, separators=(",", ":"), allow_nan=False)


def _object(text: str, parse: Callable[[str], Any]) -> Event:
    try:
        value = parse(text)
    except ValueError as error:
        # json's own words are about the text; ours say more.
        detail = "" if isinstance(error, json.JSONDecodeError) else f" {error}"
        raise ProtocolError(
            f"Could not parse the event: it is not valid JSON.{detail}", code="invalid_json"
        ) from error
    if not isinstance(value, dict):
        raise ProtocolError("An event must be a JSON object.", code="invalid_event")
    return value


def _parsed(text: str, make: Callable[[list[tuple[str, Any]]], Any]) -> Any:
    hook = None if make is dict else make
    try:
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            object_pairs_hook=hook,
        )
    except RecursionError as error:
        raise ValueError(f"It is nested deeper than {DEEPEST} levels.") from error
    if text.count("[") + text.count("{") > DEEPEST:
        _refuse_depth(value)
    return value


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"The number {text[:20]} is too large.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON.")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"The key '{twice[:100]}' is given twice.")
    return made


def _refuse_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise ValueError(f"It is nested deeper than {DEEPEST} levels.")


def _refuse_half_characters(value: Any) -> None:
    level = [value]
    while level:
        for entry in level:
            texts = entry if isinstance(entry, dict) else [entry]
            if any(isinstance(text, str) and _HALF_CHARACTER.search(text) for text in texts):
                raise ValueError("A text in it holds half of a surrogate pair.")
        level = [inner for outer in level for inner in _inside(outer)]


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
