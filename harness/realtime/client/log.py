"""The session log: one JSON object a line, first a header, then every event of the wire.

    {"kind":"realtime session log","version":1,"session_id":"sess_...","settings":{...}}
    {"t_s":0.21,"direction":"received","event":{"type":"session.created",...}}

Writing the lines to a file is the shell's work; here is what they say, and how to read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from harness.errors import HistoryError
from harness.realtime.wire import Event

LOG_KIND = "realtime session log"
LOG_VERSION = 1

Direction = Literal["sent", "received"]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One event, as the client sent or received it."""

    t_s: float
    """On the clock of the session's shell."""

    direction: Direction
    event: Event


@dataclass(frozen=True, slots=True)
class SessionLog:
    """What a log holds."""

    header: dict[str, Any]
    entries: list[LogEntry] = field(default_factory=list)

    is_cut: bool = False
    """Its last line is not whole: the writer was stopped in the middle."""


def header_line(**facts: Any) -> str:
    """The first line, without its end; ``facts`` are free, and must not hold keys."""
    return _line({"kind": LOG_KIND, "version": LOG_VERSION, **facts})


def entry_line(t_s: float, direction: Direction, event: Event) -> str:
    """The line of one event, without its end."""
    return _line({"t_s": round(t_s, 6), "direction": direction, "event": event})


def read_log(lines: Iterable[str]) -> SessionLog:
    """What these lines tell.

    Only the last line may be broken: everything before it is read, and ``is_cut`` says so.

    Raises:
        HistoryError: no header, another kind or version, or a broken line with more after it;
            names the line.
    """
    rest = iter(lines)
    header = _header(next(rest, ""))
    log: list[LogEntry] = []
    broken_at: int | None = None
    for number, line in enumerate(rest, start=2):
        if not line.strip():
            continue
        if broken_at is not None:
            raise HistoryError(
                f"Line {broken_at} of the session log is broken.",
                code="broken_log",
                expected="JSON with t_s, direction and event",
            )
        entry = _entry(line)
        if entry is None:
            broken_at = number
        else:
            log.append(entry)
    return SessionLog(header, log, is_cut=broken_at is not None)


def _header(line: str) -> dict[str, Any]:
    header = _parsed(line)
    if header is None or header.get("kind") != LOG_KIND:
        raise HistoryError(
            "This is not a session log.",
            code="not_a_session_log",
            expected=f"a first line with kind “{LOG_KIND}”",
            found=line[:60] or "an empty file",
        )
    if header.get("version") != LOG_VERSION:
        raise HistoryError(
            "The session log is of a version that this one cannot read.",
            code="unsupported_version",
            expected=f"version {LOG_VERSION}",
            found=f"version {header.get('version')}",
        )
    return header


def _entry(line: str) -> LogEntry | None:
    found = _parsed(line) or {}
    t_s, direction, event = (found.get(key) for key in ("t_s", "direction", "event"))
    is_number = isinstance(t_s, int | float) and not isinstance(t_s, bool)
    if not (is_number and direction in ("sent", "received") and isinstance(event, dict)):
        return None
    return LogEntry(float(found["t_s"]), found["direction"], event)


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), default=str)
