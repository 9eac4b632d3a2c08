"""The record of a call: JSON Lines, a versioned header, one event a line.

Written as the call runs and flushed line by line, so that a crash loses at most a line. Reading
tolerates a last line cut in the middle and says so. Secrets are masked before anything is
written: a trace may be mailed around.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, TextIO

from harness.errors import ArtifactError
from harness.facts.catalogue import AnyFact
from harness.facts.fact import VERSION
from harness.hidden import Hidden
from harness.kept_stats import TYPE, StatsKeeper
from harness.paths import StrPath
from harness.redact import Masker, short_key, too_short
from harness.trace_events import OFTEN, EventOnDisk, LaterEvents, TraceEvent, text_of

__all__ = [
    "OFTEN",
    "EventOnDisk",
    "Trace",
    "TraceEvent",
    "TraceWriter",
    "cannot_write",
    "read_trace",
]

_SURROGATES = re.compile("[\ud800-\udfff]")

LONG_BYTES = 16_000_000
"""Of a longer trace (an hour or more) `OFTEN` stays on disk, and is read where it is needed."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace as read back."""

    header: dict[str, Any]
    events: list[TraceEvent]
    cut: bool = False
    """True where the last line was cut: the writer died while writing it."""

    path: Path | None = None

    lost: int = 0
    """Reports of getStats that cannot be told: what they are differences to is not there."""

    def of_type(self, *types: str) -> list[TraceEvent]:
        """The events of any of these types, in order."""
        return [event for event in self.events if event.type in types]


class TraceWriter:
    """Append events to a trace file.

    Args:
        path: the file, made new.
        header: facts about the run (scenario, engine, versions, seeds).
        secrets: keys that must never be written, nor be told to whoever reads `write`'s answer.
        hidden: what else is never written; the answers of `write` have it as it is.

    Raises:
        UsageError: a key is too short to be masked.
        ArtifactError: the file cannot be made or written (no rights, disk full).
    """

    def __init__(
        self,
        path: Path,
        header: Mapping[str, Any],
        *,
        secrets: Iterable[str] = (),
        hidden: Hidden | None = None,
    ) -> None:
        self.path = path
        self._hidden = hidden or Hidden()
        self.masker = Masker(set(secrets))
        for found in filter(None, map(too_short, self.masker.known)):
            raise short_key("The server's API key is too short to be kept out of a trace.", found)
        self._seq = 0
        self._keeper = StatsKeeper()
        self._broken: ArtifactError | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = path.open("w+", encoding="utf-8", newline="\n")
        except OSError as error:
            raise cannot_write(path, error) from error
        shown = self._hidden.value(self.masker.value(dict(header)))
        self._write_line({"harness_trace": VERSION, **shown})
        if self._broken:
            raise self._broken

    def __enter__(self) -> TraceWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def broken(self) -> ArtifactError | None:
        """The first write that failed; the call goes on, and says so at its end."""
        return self._broken

    def write(
        self,
        source: str,
        type: str,
        data: Mapping[str, Any] | None = None,
        t_s: float | None = None,
    ) -> TraceEvent:
        """Add one event; its secrets are masked.

        A failing disk is remembered (see `broken`), not raised.

        Args:
            source: which side it comes from.
            type: as the trace's readers know it.
            data: anything that can be JSON.
            t_s: seconds on the call's timeline; None where it has no place there.

        Returns:
            The event with its number, keys masked.
        """
        event = TraceEvent(
            seq=self._seq,
            t_s=None if t_s is None else round(t_s, 6),
            source=source,
            type=type,
            data=self.masker.value(dict(data or {})),
        )
        self._seq += 1
        if self._broken or self._file.closed:
            return event
        shown = self._hidden.value(event.data)
        line = {"seq": event.seq, "t_s": event.t_s, "source": source, "type": type, "data": shown}
        if type == TYPE:  # what is hidden is in no difference: it is made of what is written
            line = self._keeper.kept(json.loads(_line(line)))
        self._write_line(line)
        return event

    def add(self, fact: AnyFact, t_s: float | None = None) -> TraceEvent:
        """The same for a fact that is not at hand as data."""
        return self.write(fact.source, fact.type, fact.to_data(), t_s)

    def hide(self, more: Hidden) -> None:
        """From here on, write nothing of this either."""
        self._hidden |= more

    def restore(self) -> None:
        """Where somebody removed the file, make it again, with all that was written so far.

        What stands in the way is remembered (see `broken`), not raised.
        """
        if self._file.closed:
            return
        try:
            if self.path.is_file():
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.ExitStack() as stack:
                copy = self.path.open("w+", encoding="utf-8", newline="\n")
                stack.callback(copy.close)
                self._file.seek(0)
                shutil.copyfileobj(self._file, copy)
                copy.flush()
                stack.pop_all()
            self._file.close()
            self._file = copy
            self._keeper = StatsKeeper()  # the next reports stand for themselves
        except OSError as error:
            self._broken = self._broken or cannot_write(self.path, error)

    def close(self) -> None:
        """Close the file; harmless when repeated. Where somebody removed it, it is made again."""
        self.restore()
        try:
            self._file.close()
        except OSError as error:
            self._broken = self._broken or cannot_write(self.path, error)

    def _write_line(self, record: Mapping[str, Any]) -> None:
        if self._broken or self._file.closed:
            return
        try:
            self._file.write(_line(record) + "\n")
            self._file.flush()
        except OSError as error:
            self._broken = cannot_write(self.path, error)


def read_trace(path: StrPath) -> Trace:
    """Read a trace file, also one whose writer died.

    Raises:
        ArtifactError: missing, not a trace, a newer version, or a broken line before the last.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            header = _read_header(path, text_of(file.readline()))
            reading = LaterEvents(path, is_long=path.stat().st_size > LONG_BYTES)
            events, cut = _read_events(path, file, reading)
    except OSError as error:
        raise ArtifactError(
            f"Cannot read the trace {path}.",
            expected="a trace file (trace.jsonl)",
            found=error.strerror or str(error),
            hint="give the folder of one scenario's run, or its trace.jsonl",
        ) from error
    return Trace(header, events, cut, path, reading.lost)


def _read_events(path: Path, file: BinaryIO, reading: LaterEvents) -> tuple[list[TraceEvent], bool]:
    """All events, and whether the last line is cut.

    Lines end with a line feed alone: a text may hold other characters that end one, such as U+2028.
    """
    events: list[TraceEvent] = []
    offset = file.tell()
    for number, raw in enumerate(iter(file.readline, b""), start=2):
        try:
            events.append(reading.event(raw, offset))
        except (ValueError, KeyError, TypeError) as error:
            if not file.readline():
                return events, True
            raise ArtifactError(
                f"Line {number} of {path} is not a trace event.",
                expected='{"seq", "t_s", "source", "type", "data"}',
                found=text_of(raw)[:80],
            ) from error
        offset += len(raw)
    return events, False


def cannot_write(path: Path, error: OSError) -> ArtifactError:
    """The error for a file that could not be written, in plain words."""
    return ArtifactError(
        f"Cannot write {path}.",
        expected="a folder with room that may be written to",
        found=error.strerror or str(error),
        hint="free some space or choose another --out folder",
    )


def _line(record: Mapping[str, Any]) -> str:
    """One line of JSON that any reader takes, whatever came from a page or a server."""
    try:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError:  # 1e999 is a number in JSON, and infinity here; JSON has no word for that
        text = json.dumps(_with_finite_numbers(record), ensure_ascii=False, default=str)
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)  # halves of characters


def _with_finite_numbers(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _with_finite_numbers(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_finite_numbers(item) for item in value]
    return value


def _read_header(path: Path, line: str) -> dict[str, Any]:
    try:
        header = json.loads(line)
        version = header["harness_trace"]
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError(
            f"{path} is not a trace.",
            expected='a first line with "harness_trace"',
            found=line[:80] or "an empty file",
        ) from error
    if not isinstance(version, int) or version > VERSION:
        raise ArtifactError(
            f"{path} was written by a newer harness.",
            expected=f"trace version {VERSION} or older",
            found=f"version {version}",
            hint="update realtime-harness",
        )
    return dict(header)
