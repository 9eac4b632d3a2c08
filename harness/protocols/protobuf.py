"""Protocol buffers, as much as a reader of a few fields needs: numbers and what they hold.

Source: "Encoding", protobuf.dev.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

Value = int | bytes
"""A number (little-endian where it is fixed), or what has a length: text, bytes, a message."""

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5


def fields_of(data: bytes) -> Mapping[int, Sequence[Value]]:
    """The fields of a message by their numbers, each with its values in order.

    What is no message gives what could be read before it went wrong: nothing is ever raised.
    """
    found: dict[int, list[Value]] = defaultdict(list)
    at = 0
    while at < len(data):
        try:
            tag, at = _varint(data, at)
            value, at = _value(data, at, tag & 7)
        except ValueError:
            break
        found[tag >> 3].append(value)
    return dict(found)


def text_of(values: Sequence[Value] | None) -> str:
    """The last of a field's values as text; "" where there is none."""
    last = values[-1] if values else b""
    return last.decode(errors="replace") if isinstance(last, bytes) else ""


def messages_of(values: Sequence[Value] | None) -> list[Mapping[int, Sequence[Value]]]:
    """Each of a field's values as a message."""
    return [fields_of(value) for value in values or () if isinstance(value, bytes)]


def _value(data: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == _VARINT:
        return _varint(data, at)
    if kind == _LENGTH:
        length, at = _varint(data, at)
        return _piece(data, at, length), at + length
    if kind in (_FIXED64, _FIXED32):
        length = 8 if kind == _FIXED64 else 4
        return int.from_bytes(_piece(data, at, length), "little"), at + length
    raise ValueError(f"wire type {kind}")


def _piece(data: bytes, at: int, length: int) -> bytes:
    if at + length > len(data):
        raise ValueError("cut off")
    return data[at : at + length]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise ValueError("cut off")
        number |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return number, at
    raise ValueError("no number of 64 bits")
