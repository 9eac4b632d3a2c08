"""The events of a trace, and what their lines say: of most at once, of some when it is looked at.

A call of hours has gigabytes of reports. Those that a trace keeps as differences are made whole
where somebody looks, and what comes often stays on disk where the trace is long.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import ArtifactError
from harness.facts.catalogue import AnyFact, fact_of
from harness.kept_stats import TYPE, Chains, WholeReports, is_difference, whole

OFTEN = frozenset({"stats", "data_channel.message", "web_socket.message", "audio.anchor"})
"""Types of events that come all the time, and are most of a trace."""

MOST_REPORTS = 128
"""Whole ones that are kept at hand: half a minute of four connections."""

MOST_OTHERS = 32


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One fact of a call."""

    seq: int
    """Position in the trace, from 0, without gaps."""

    t_s: float | None
    """Seconds on the call's timeline; None before the line exists."""

    source: str
    """Who saw it: page, harness, dialogue or server."""

    type: str
    """What it is, for example "data_channel.open"."""

    data: dict[str, Any]

    @property
    def fact(self) -> AnyFact:
        """The same, typed; see `harness.facts`."""
        return fact_of(self.source, self.type, self.data)


class LaterEvent(TraceEvent):
    """An event whose data is made when it is looked at, and forgotten when others were.

    Args:
        line: what is known of it but for its data.
        before: the event that it is a difference to; None where there is none.
        looks: of the trace.
    """

    __slots__ = ("_before", "_looks")

    _before: TraceEvent | None
    _looks: Looks

    def __new__(cls, *_: Any, **named: Any) -> Any:
        # `dataclasses.replace` gives all fields: what it makes has its data at hand
        return TraceEvent(**named) if "data" in named else object.__new__(cls)

    def __init__(self, line: dict[str, Any], before: TraceEvent | None, looks: Looks) -> None:
        known = {name: line[name] for name in ("seq", "t_s", "source", "type")}
        for name, value in {**known, "_before": before, "_looks": looks}.items():
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TraceEvent) and _values(self) == _values(other)

    def __reduce__(self) -> tuple[Any, ...]:
        return TraceEvent, _values(self)

    @property
    def before(self) -> TraceEvent | None:
        """The event that it is a difference to, if it is one."""
        return self._before

    @property
    def data(self) -> dict[str, Any]:
        """What it says; as many looks share it, nobody changes what is inside.

        Raises:
            ArtifactError: the trace was changed or removed meanwhile.
        """
        return dict(self._looks.data_of(self))

    def read(self) -> dict[str, Any]:
        """Its line, as it was written.

        Raises:
            ArtifactError: it stays on disk, and the trace was changed or removed meanwhile.
        """
        raise NotImplementedError


class EventOfLine(LaterEvent):
    """One of a trace that is held in memory, line by line."""

    __slots__ = ("_raw",)

    _raw: bytes

    def __init__(
        self, line: dict[str, Any], before: TraceEvent | None, looks: Looks, raw: bytes
    ) -> None:
        super().__init__(line, before, looks)
        object.__setattr__(self, "_raw", raw)

    def read(self) -> dict[str, Any]:
        """Its line, as it was written."""
        return line_of(self._raw)


class EventOnDisk(LaterEvent):
    """One that stays on disk: a call of hours has gigabytes.

    Args:
        line, before, looks: as of a `LaterEvent`.
        place: of its line: first byte and length.
    """

    __slots__ = ("_place",)

    _place: tuple[int, int]

    def __init__(
        self,
        line: dict[str, Any],
        before: TraceEvent | None,
        looks: Looks,
        place: tuple[int, int],
    ) -> None:
        super().__init__(line, before, looks)
        object.__setattr__(self, "_place", place)

    def read(self) -> dict[str, Any]:
        """Its line, as it was written.

        Raises:
            ArtifactError: the trace was changed or removed meanwhile.
        """
        offset, length = self._place
        try:
            with self._looks.path.open("rb") as file:
                file.seek(offset)
                return line_of(file.read(length))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._looks.changed(f"event {self.seq} at byte {offset}", error) from error


class Looks:
    """What was looked at lately in a trace: most is looked at in order, and several times.

    Args:
        path: the trace.
        is_on_disk: whether its events are read from there.
    """

    def __init__(self, path: Path, is_on_disk: bool) -> None:
        self.path = path
        self._is_on_disk = is_on_disk
        self._seen: os.stat_result | None = None
        self._reports: dict[int, tuple[TraceEvent, dict[str, Any]]] = {}
        self._others: dict[int, tuple[TraceEvent, dict[str, Any]]] = {}

    def data_of(self, event: LaterEvent) -> dict[str, Any]:
        """Its data, whole: from the last event on whose data is at hand.

        Raises:
            ArtifactError: the file is not what it was.
        """
        if self._is_on_disk:
            self._forget_another_file()
        unread: list[LaterEvent] = []
        data: dict[str, Any] | None = None
        at: TraceEvent | None = event
        while isinstance(at, LaterEvent) and (data := self._at_hand(at)) is None:
            unread.append(at)
            at = at.before
        if at is not None and data is None:
            data = at.data
        for each in reversed(unread):
            line = each.read()
            data = whole(data, line) if is_difference(line) else dict(line["data"])
            self._keep(each, data)
        assert data is not None
        return data

    def changed(self, expected: str, error: Exception) -> ArtifactError:
        """The error for a trace that is not the one that was read."""
        return ArtifactError(
            f"The trace {self.path} is not what it was a moment ago.",
            expected=expected,
            found=str(error),
        )

    def _at_hand(self, event: TraceEvent) -> dict[str, Any] | None:
        """What was made before; it is the last to be forgotten now."""
        kept = self._kept(event)
        found = kept.pop(id(event), None)
        if found is None:
            return None
        kept[id(event)] = found
        return found[1]

    def _keep(self, event: TraceEvent, data: dict[str, Any]) -> None:
        kept = self._kept(event)
        kept[id(event)] = (event, data)  # with the event, so that its id stays its own
        while len(kept) > (MOST_REPORTS if event.type == TYPE else MOST_OTHERS):
            kept.pop(next(iter(kept)), None)

    def _kept(self, event: TraceEvent) -> dict[int, tuple[TraceEvent, dict[str, Any]]]:
        return self._reports if event.type == TYPE else self._others

    def _forget_another_file(self) -> None:
        """One that has grown is the same."""
        try:
            now = self.path.stat()
        except OSError as error:
            raise self.changed("the file that was read", error) from error
        seen, self._seen = self._seen, now
        if seen is None:
            return
        is_one = (seen.st_dev, seen.st_ino) == (now.st_dev, now.st_ino)
        is_as_it_was = now.st_size == seen.st_size and now.st_mtime_ns == seen.st_mtime_ns
        if not (is_one and (now.st_size > seen.st_size or is_as_it_was)):
            self._reports.clear()
            self._others.clear()


class LaterEvents:
    """Makes events of a trace's lines, in order, which look at most of the data later.

    Args:
        path: the trace.
        is_long: whether what comes often stays on disk.
    """

    def __init__(self, path: Path, is_long: bool) -> None:
        self.lost = 0
        """Reports that cannot be told: what they are differences to is not there."""

        self._is_long = is_long
        self._looks = Looks(path, is_on_disk=is_long)
        self._chains: Chains[TraceEvent | None] = Chains()

    def event(self, raw: bytes, offset: int) -> TraceEvent:
        """That of the next line.

        Args:
            raw: the line.
            offset: of its first byte.

        Raises:
            ValueError, KeyError, TypeError: it is none.
        """
        line = line_of(raw)
        is_report = line["type"] == TYPE
        before = self._chains.take_since(line) if is_report else None
        event = self._event(line, before, raw, offset)
        if is_report:
            is_lost = is_difference(line) and before is None
            self.lost += is_lost
            self._chains.put(line, None if is_lost else event)
        return event

    def _event(
        self, line: dict[str, Any], before: TraceEvent | None, raw: bytes, offset: int
    ) -> TraceEvent:
        if self._is_long and line["type"] in OFTEN:
            return EventOnDisk(line, before, self._looks, (offset, len(raw)))
        if is_difference(line):
            return EventOfLine(line, before, self._looks, raw)
        return _of(line, line["data"])


class WholeEvents:
    """Makes events of a trace's lines, in order, whole."""

    def __init__(self) -> None:
        self._reports = WholeReports()

    def event(self, raw: bytes) -> TraceEvent:
        """That of the next line.

        Raises:
            ValueError, KeyError, TypeError: it is none.
        """
        line = line_of(raw)
        return _of(line, self._reports.data_of(line))


def line_of(raw: bytes) -> dict[str, Any]:
    """A line of a trace, as it was written.

    Raises:
        ValueError, KeyError, TypeError: it is no event.
    """
    line: dict[str, Any] = json.loads(text_of(raw))
    named = {name: sys.intern(line[name]) for name in ("source", "type")}
    return {**line, "seq": line["seq"], "t_s": line["t_s"], **named, "data": line["data"]}


def text_of(raw: bytes) -> str:
    """A line without its end; bytes that are no text are replaced."""
    return raw.decode("utf-8", errors="replace").removesuffix("\n")


def _of(line: dict[str, Any], data: dict[str, Any]) -> TraceEvent:
    return TraceEvent(line["seq"], line["t_s"], line["source"], line["type"], data)


def _values(event: TraceEvent) -> tuple[Any, ...]:
    return event.seq, event.t_s, event.source, event.type, event.data
