"""Audio files before they are decoded: is all of the sound there that their headers promise?

libsndfile decodes a cut file as far as it goes, and a file whose header states too little as far
as it states, both without a word. Here the headers are held against the file's real length.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.audio.any_sound import FFMPEG_SUFFIXES
from harness.audio.flac_frames import MARK, cut_flac
from harness.audio.growing_wav import MOST_RIFF_BYTES
from harness.audio.mended_file import MendedFile

SOUND_SUFFIXES = frozenset(
    {
        *(".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".au"),
        *(".w64", ".rf64"),
        *FFMPEG_SUFFIXES,
    }
)
"""What is taken for a recording in a folder."""

LEAST_PLACEHOLDER = 2_000_000_000
"""Bytes: programs that write to a pipe state this or more when they don't know the length yet."""

ROUNDING = 44
"""Bytes: programs that count a header as samples state up to so many too many."""

LONGEST_PAD = 8
"""Bytes after the samples that are no chunk and no sound."""

END_OF_STREAM = 0x04
"""Flag of an Ogg stream's last page."""


@dataclass(frozen=True, slots=True)
class Container:
    """What is to be decoded."""

    source: str | MendedFile
    """The file itself, or its sound under a header that is right."""

    note: str | None = None
    """What had to be mended, for people; None: nothing that matters."""

    cut: str | None = None
    """Why this is not the whole file: what is there and what was promised; None: it is."""


@dataclass(frozen=True, slots=True)
class _Wav:
    """Where things are in a WAV file; bytes from its start."""

    order: str
    fmt: bytes
    position: int
    """First byte of samples."""

    promised: int
    present: int
    """Bytes from there to the end of the file."""

    is_usual: bool
    """Every chunk begins at an even place, as it should."""


def sounds_in(folder: Path) -> list[Path]:
    """All sound in a folder and below, by its endings; what is hidden is left out. Sorted."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SOUND_SUFFIXES)
    return sorted(
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )


def look_into(path: Path) -> Container:
    """Hold a file's headers against its length.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(64)
    size = path.stat().st_size
    if head[:4] in (b"RIFF", b"RIFX", b"RF64"):
        return _look_into_wav(path)
    promised = _promised_bytes(head)
    if promised is not None and promised > size:
        return Container(str(path), cut=f"{size} of the {promised} bytes that its header promises")
    if head[:4] == b"OggS":
        return _look_into_ogg(path)
    if head[:4] == MARK:
        return _look_into_flac(path)
    return Container(str(path))


def bytes_if_cut(path: Path) -> tuple[int, int] | None:
    """Bytes of samples in a WAV file and those promised, where there are fewer; else None."""
    if path.stat().st_size == 0:
        return None
    with _mapped(path) as data:
        wav = _read_wav(data)
    return (wav.present, wav.promised) if wav is not None and _is_cut(wav) else None


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    """A file's bytes without reading all of them: a recording may be of gigabytes."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        yield data


def _look_into_wav(path: Path) -> Container:
    with _mapped(path) as data:
        wav = _read_wav(data)
        if wav is None:
            return Container(str(path))
        if _is_cut(wav):
            found = f"{wav.present} of the {wav.promised} bytes of samples that its header promises"
            return Container(str(path), cut=found)
        note = None
        if 0 < wav.promised <= wav.present:
            rest = data[wav.position + wav.promised :]
            if len(rest) <= LONGEST_PAD or _are_chunks(rest, wav.order):
                is_usual = wav.is_usual
                return Container(str(path) if is_usual else _mended(path, wav, len(rest)))
            stated = f"{wav.promised} of {wav.present} bytes of samples"
            note = f"its header states {stated}: all are spoken"
        return Container(_mended(path, wav), note)


def _is_cut(wav: _Wav) -> bool:
    return wav.present + ROUNDING < wav.promised < LEAST_PLACEHOLDER


def _read_wav(data: bytes | mmap.mmap) -> _Wav | None:
    """The layout of a WAV file; None where it has no samples or is none."""
    order = {b"RIFF": "<", b"RF64": "<", b"RIFX": ">"}.get(data[:4])
    if order is None:
        return None
    fmt, long_length, position, is_usual = b"", None, 12, True
    while position + 8 <= len(data):
        name, length = struct.unpack_from(f"{order}4sI", data, position)
        position += 8
        if name == b"data":
            promised = long_length if length == 0xFFFFFFFF and long_length is not None else length
            present = len(data) - position
            return _Wav(order, fmt, position, promised, present, is_usual)
        if name == b"fmt ":
            fmt = data[position : position + length]
        elif name == b"ds64":
            long_length = struct.unpack_from("<Q", data, position + 8)[0]
        position += length
        if length % 2:
            is_padded = not data[position : position + 4].isalnum()
            position += is_padded
            is_usual = is_usual and is_padded
    return None


def _are_chunks(rest: bytes, order: str) -> bool:
    """What follows the samples is a row of chunks (names, comments), and no more sound."""
    position = int(rest[:1] == b"\0" and len(rest) > 1 and rest[1:5].isascii())
    while position + 8 <= len(rest):
        name, length = struct.unpack_from(f"{order}4sI", rest, position)
        if not (name.isascii() and name.decode("ascii").isprintable()):
            return False
        position += 8 + length + length % 2
    return position <= len(rest) + LONGEST_PAD


def _mended(path: Path, wav: _Wav, rest_bytes: int = 0) -> MendedFile:
    """The samples (all but the last ``rest_bytes``) under a header that is right."""
    length = wav.present - rest_bytes
    fmt = struct.pack(f"{wav.order}4sI", b"fmt ", len(wav.fmt)) + wav.fmt
    riff_bytes = 4 + len(fmt) + 8 + length
    name = b"RIFX" if wav.order == ">" else b"RIFF"
    long_sizes = b""
    if riff_bytes > MOST_RIFF_BYTES:
        sizes = struct.pack("<QQQI", riff_bytes + 36, length, 0, 0)
        name, long_sizes = b"RF64", struct.pack("<4sI", b"ds64", len(sizes)) + sizes
    riff = struct.pack(f"{wav.order}4sI", name, min(riff_bytes, MOST_RIFF_BYTES)) + b"WAVE"
    data = struct.pack(f"{wav.order}4sI", b"data", min(length, MOST_RIFF_BYTES))
    return MendedFile(riff + long_sizes + fmt + data, path, wav.position, length)


def _look_into_flac(path: Path) -> Container:
    """What is whole of it: a decoder gives nothing of the last seconds of a file that is cut."""
    with _mapped(path) as data:
        flac = cut_flac(data)
    if flac is None:
        return Container(str(path))
    found = f"{flac.samples} samples, and its end lies within a frame"
    if flac.promised is not None:
        found = f"{flac.samples} of the {flac.promised} samples that its header promises"
    return Container(MendedFile(flac.header, path, flac.first, flac.length), cut=found)


def _promised_bytes(head: bytes) -> int | None:
    """The length of the whole file that an AIFF, AU or W64 header states."""
    if head[:4] == b"FORM" and len(head) >= 12:
        length = int(struct.unpack_from(">I", head, 4)[0])
        return length + 8 if 0 < length < LEAST_PLACEHOLDER else None
    if head[:4] == b".snd" and len(head) >= 12:
        offset, length = struct.unpack_from(">II", head, 4)
        return int(offset + length) if 0 < length < LEAST_PLACEHOLDER else None
    if head[:4] == b"riff" and len(head) >= 24:
        length = int(struct.unpack_from("<Q", head, 16)[0])
        return length if 0 < length < LEAST_PLACEHOLDER else None
    return None


def _look_into_ogg(path: Path) -> Container:
    """Walk the pages: the last one must be whole."""
    with _mapped(path) as data:
        size, position, flags = len(data), 0, 0
        while data[position : position + 4] == b"OggS" and position + 27 <= size:
            flags, segments = data[position + 5], data[position + 26]
            position += 27 + segments + sum(data[position + 27 : position + 27 + segments])
    if position > size or (size - position >= 4 and not flags & END_OF_STREAM):
        return Container(str(path), cut=f"{size} bytes, which end within an Ogg page")
    if not flags & END_OF_STREAM:
        return Container(str(path), "no mark of its end, so its last words may be missing")
    return Container(str(path))
