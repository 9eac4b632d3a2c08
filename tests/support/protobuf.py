"""Protocol buffers for tests, written by their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Content = int | bytes | str | Sequence[bytes]


def field(number: int, value: int | bytes) -> bytes:
    """One field: a number as a varint, bytes with their length."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def message(fields: Mapping[int, Content]) -> bytes:
    """A message of these fields; a sequence is a field that repeats."""
    written = b""
    for number, content in fields.items():
        if isinstance(content, str):
            content = content.encode()
        values = [content] if isinstance(content, int | bytes) else content
        written += b"".join(field(number, value) for value in values)
    return written


def _varint(number: int) -> bytes:
    written = b""
    while number > 0x7F:
        written += bytes([number & 0x7F | 0x80])
        number >>= 7
    return written + bytes([number])
