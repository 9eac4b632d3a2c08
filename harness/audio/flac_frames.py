"""Frames of a FLAC file: where the last whole one ends. Decoders refuse a file that is cut in one.

Format: RFC 9639. A file begins with blocks that describe it, the first of which says how many
samples there are; frames follow, each with its place in the stream and a checksum.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass

MARK = b"fLaC"
INFO_AT, INFO_BYTES = 8, 34
"""Where the first block's content lies: blocks have 4 bytes before it, as the file does."""

COUNT = (1 << 36) - 1
"""These bits of the first block, behind its 13th byte, count samples."""

ADDED = (b"TAG", b"APETAGEX", b"ID3", bytes(16))
"""How names begin that programs add behind the last frame, and padding."""

MOST_HEADER_BYTES = 16
LAST_BYTES = 4_000_000
"""A last frame is looked for within so much of the end; the largest that is usual has 100 000."""


@dataclass(frozen=True, slots=True)
class CutFlac:
    """What is whole of a file whose last frame is not."""

    header: bytes
    """All blocks before the frames; the count of samples is of what is whole."""

    first: int
    """First byte of the first frame."""

    length: int
    """Bytes of whole frames."""

    samples: int
    """In each channel."""

    promised: int | None
    """As the file's own header has it; None where it does not know."""


def cut_flac(data: mmap.mmap | bytes) -> CutFlac | None:
    """What is whole of a FLAC file; None where all of it is, or nothing can be said.

    Args:
        data: a file's bytes; nothing is decoded, so any rate and any shape (frames, channels) do.
    """
    first = _first_frame(data)
    if first is None:
        return None
    info = data[INFO_AT : INFO_AT + INFO_BYTES]
    most_block = int.from_bytes(info[2:4])
    promised = int.from_bytes(info[13:18]) & COUNT
    for place in _frames_from_the_end(data, first):
        header = data[place : place + MOST_HEADER_BYTES]
        begins = _read_header(header, most_block) if _is_like(header, data, first) else None
        if begins is None:
            continue
        if begins == 0 or _is_whole(data[place : len(data)]):
            return None
        counted = (int.from_bytes(info[13:18]) & ~COUNT | begins).to_bytes(5)
        # Without the sum over all samples: it is not that of fewer.
        told = info[:13] + counted + bytes(16)
        blocks = data[:INFO_AT] + told + data[INFO_AT + INFO_BYTES : first]
        return CutFlac(bytes(blocks), first, place - first, begins, promised or None)
    return None


def _first_frame(data: mmap.mmap | bytes) -> int | None:
    """Where frames begin; None where this is no FLAC file, or ends before."""
    if data[:4] != MARK:
        return None
    position, is_last = 4, False
    while not is_last and position + 4 <= len(data):
        is_last = bool(data[position] & 0x80)
        position += 4 + int.from_bytes(data[position + 1 : position + 4])
    return position if is_last and position < len(data) else None


def _frames_from_the_end(data: mmap.mmap | bytes, first: int) -> Iterator[int]:
    """Places where a frame may begin, the last one first."""
    end = len(data)
    least = max(first, end - LAST_BYTES)
    while (place := data.rfind(b"\xff", least, end)) >= 0:
        end = place
        if data[place + 1 : place + 2] in (b"\xf8", b"\xf9"):
            yield place


def _is_like(header: bytes, data: mmap.mmap | bytes, first: int) -> bool:
    """Whether rate and bits are those of the first frame: two bytes may look like a beginning."""
    other = data[first : first + 4]
    return len(header) > 4 and all(
        header[place] & mask == other[place] & mask for place, mask in ((1, 1), (2, 15), (3, 15))
    )


def _is_whole(frame: bytes) -> bool:
    """Whether its checksum says so; names may follow."""
    crc = 0
    for end, byte in enumerate(frame, start=1):
        crc = (crc << 8 & 0xFFFF) ^ _CRC16[crc >> 8 ^ byte]
        if crc == 0 and (end == len(frame) or frame.startswith(ADDED, end)):
            return True
    return False


def _read_header(header: bytes, most_block: int) -> int | None:
    """A frame's first sample, counted from 0; None: this is none."""
    if len(header) < 6 or header[3] & 1:
        return None
    number, position = _number(header)
    if position == 0:
        return None
    # The frame's own length and rate may follow the number, in so many bytes.
    position += {6: 1, 7: 2}.get(header[2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(header[2] & 15, 0)
    if position >= len(header) or _crc8(header[:position]) != header[position]:
        return None
    return number if header[1] & 1 else number * most_block


def _number(header: bytes) -> tuple[int, int]:
    """A number as UTF-8 writes characters, and the place behind it; 0: it is none."""
    lead = header[4]
    if lead < 0x80:
        return lead, 5
    more = next((n for n in range(1, 7) if not lead << n & 0x40 and lead & 0x40), 0)
    rest = header[5 : 5 + more]
    if len(rest) < max(more, 1) or any(byte >> 6 != 2 for byte in rest):
        return 0, 0
    number = lead & (0x3F >> more)
    for byte in rest:
        number = number << 6 | byte & 0x3F
    return number, 5 + more


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc = _CRC8[crc ^ byte]
    return crc


def _table(polynomial: int, bits: int) -> list[int]:
    table = []
    for value in range(256):
        crc = value << bits - 8
        for _ in range(8):
            crc = crc << 1 ^ (polynomial if crc >> bits - 1 else 0)
            crc &= (1 << bits) - 1
        table.append(crc)
    return table


_CRC8, _CRC16 = _table(0x07, 8), _table(0x8005, 16)
