"""Loading of dumps from files, of any size that can be held, and as traces."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from harness.errors import ArtifactError
from harness.exchange.dump_event import Dump
from harness.exchange.from_dump import begun_ms, facts_of
from harness.exchange.index import Index, Packed
from harness.exchange.internals import read_internals
from harness.exchange.rtcstats import MAGIC, read_rtcstats
from harness.exchange.taken_out import mark, remove_earlier
from harness.trace import TraceWriter, cannot_write
from harness.version import VERSION

TRACE = "trace.jsonl"
GZIP = b"\x1f\x8b"
MOST_JSON_BYTES = 128_000_000
"""JSON is read at once, and takes some eight times as much memory."""

MOST_LINES_BYTES = 2_000_000_000
MOST_LINE_BYTES = 32_000_000
UNENDED = "Unterminated string"
"""What `json` says of a text without its end; most of a dump is inside of long ones."""

MARKS = (b'"PeerConnections"', b'"getUserMedia"')
"""One of them stands near the beginning of webrtc-internals' JSON."""

OUR_OWN = b'{"harness_trace"'
"""A trace of ours may have the same words near its beginning: the page called these methods."""


def is_dump(path: Path) -> bool:
    """Whether a file is a dump of webrtc-internals or rtcstats, by how it begins."""
    start = _start_of(path)
    is_json = start.lstrip()[:1] == b"{" and any(mark in start for mark in MARKS)
    is_json = is_json and not start.startswith(OUR_OWN)
    return start.startswith(MAGIC.encode()) or is_json


def is_of_firefox(path: Path) -> bool:
    """Whether a file is the page about:webrtc as Firefox saves it, which is no dump."""
    return any(mark in _start_of(path).lower() for mark in (b"about:webrtc", b"aboutwebrtc"))


def load_dump(path: Path) -> Dump:
    """The events of a dump, packed by gzip or not.

    Raises:
        ArtifactError: it is none, too large, or damaged so that nothing can be read.
    """
    try:
        with path.open("rb") as raw, _unpacked(raw) as file:
            start = _start(raw)
            raw.seek(0)
            if start.startswith(MAGIC.encode()):
                return read_rtcstats(_lines(file, path), str(path))
            return read_internals(_json(file, path), str(path))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(path, f"gzip that ends early ({error})") from error
    except OSError as error:
        raise ArtifactError(
            f"Cannot read {path}.", expected="a dump", found=error.strerror or str(error)
        ) from error


def write_as_trace(path: Path, folder: Path) -> None:
    """Make a run of a dump: its trace, in a folder. Keys are masked as in every trace.

    Raises:
        ArtifactError: it cannot be read, or the folder cannot be written.
    """
    dump = load_dump(path)
    placed = facts_of(dump, str(path))
    name = path.name.removesuffix(".gz").removesuffix(".txt").removesuffix(".json")
    header = {"name": name, "engine": "dump", "page": None, "from": dump.form}
    try:
        remove_earlier(folder)
        mark(folder, Index(VERSION, (Packed(TRACE, 0, "", 0),), {}))
    except OSError as error:
        raise cannot_write(folder, error) from error
    with TraceWriter(folder / TRACE, header) as trace:
        for t_s, fact in placed:
            trace.add(fact, t_s)
    if trace.broken is not None:
        raise trace.broken
    ended_s = begun_ms(dump) / 1000 + max(t_s for t_s, _ in placed)
    with contextlib.suppress(OSError, OverflowError, ValueError):  # a dump may tell any time
        os.utime(trace.path, (ended_s, ended_s))  # the clock of a call


def _unpacked(raw: BinaryIO) -> AbstractContextManager[BinaryIO]:
    is_packed = raw.read(2) == GZIP
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if is_packed else nullcontext(raw)  # type: ignore[return-value]


def _start_of(path: Path) -> bytes:
    """The first bytes of a file, unpacked; none where nothing can be read."""
    try:
        with path.open("rb") as raw:
            return _start(raw)
    except (OSError, EOFError, zlib.error):
        return b""


def _start(raw: BinaryIO) -> bytes:
    head = raw.read(4096)
    if not head.startswith(GZIP):
        return head
    return zlib.decompressobj(wbits=31).decompress(head, 4096)


def _lines(file: BinaryIO, path: Path) -> Iterator[str]:
    """Line by line; where packing ends early, the lines before."""
    total = 0
    while True:
        try:
            line = file.readline(MOST_LINE_BYTES)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield "{"  # the reader tells that it is cut here
            return
        total += len(line)
        if not line:
            return
        if len(line) == MOST_LINE_BYTES or total > MOST_LINES_BYTES:
            raise _too_large(path, f"at most {MOST_LINES_BYTES / 1e9:g} GB, a line 32 MB")
        yield line.decode("utf-8", errors="replace")


def _json(file: BinaryIO, path: Path) -> object:
    data = file.read(MOST_JSON_BYTES + 1)
    if len(data) > MOST_JSON_BYTES:
        raise _too_large(
            path,
            f"at most {MOST_JSON_BYTES / 1e6:g} MB",
            "make the dump in the rtcstats form, which is read line by line; or close "
            "connections that are over before it is made",
        )
    try:
        return json.load(io.BytesIO(data))
    except (ValueError, RecursionError) as error:
        place, told = getattr(error, "pos", None), getattr(error, "msg", "")
        is_cut = place is not None and (place >= len(data) - 8 or told.startswith(UNENDED))
        found = f"JSON that is cut after {len(data)} bytes" if is_cut else f"no JSON: {error}"
        raise _damaged(path, found) from error


def _damaged(path: Path, found: str) -> ArtifactError:
    return ArtifactError(
        f"{path} cannot be read as a dump.",
        expected="a whole dump of webrtc-internals (JSON) or of rtcstats, packed by gzip or not",
        found=found,
        hint="ask for it again; a dump in the rtcstats form is read as far as it goes",
    )


def _too_large(path: Path, expected: str, hint: str | None = None) -> ArtifactError:
    return ArtifactError(
        f"{path} is too large for a dump.", expected=expected, found="more", hint=hint
    )
