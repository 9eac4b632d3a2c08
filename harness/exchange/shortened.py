"""Shortened calls: their last minutes whole, and of what was before only what is small.

Times stay what they are: sound that is left out becomes silence of the same length, which costs
next to nothing as FLAC, and events keep their numbers and their places. A report of getStats whose
line is a difference to one that is left out is written whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.errors import ArtifactError
from harness.kept_stats import LOST, SINCE, TYPE, WholeReports, is_difference
from harness.trace_events import OFTEN, line_of

MORE = frozenset({"answer.text", "page.console", "page.long_task", "page.memory"})
"""Types of events that are left out before the kept part, beside those that come all the time."""


def whole_lines(path: Path) -> Iterator[bytes]:
    """The lines of a trace that end; one that a killed writer left half is left out.

    Raises:
        ArtifactError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield line
    except OSError as error:
        raise ArtifactError(
            f"Cannot read {path}.", expected="a trace", found=error.strerror or str(error)
        ) from error


def last_s(path: Path) -> float:
    """The last place on the timeline that a trace tells, seconds.

    Raises:
        ArtifactError: it cannot be read.
    """
    latest_s = 0.0
    for line in _events(path):
        try:
            at_s = line_of(line)["t_s"]
        except (ValueError, KeyError, TypeError):
            continue  # whoever reads the trace says so
        latest_s = max(latest_s, at_s or 0.0)
    return latest_s


def shortened_lines(path: Path, from_s: float) -> Iterator[bytes]:
    """The lines of a trace without what comes often before a place.

    Args:
        path: the trace.
        from_s: from here on all of it stays; 0 for all.

    Raises:
        ArtifactError: it cannot be read.
    """
    lines = whole_lines(path)
    yield from (next(lines, b""),)
    shortening = _Shortening(from_s)
    for raw in lines:
        yield from (raw,) if from_s <= 0 else shortening.take(raw)


class _Shortening:
    def __init__(self, from_s: float) -> None:
        self._from_s = from_s
        self._reports = WholeReports()
        self._left_out: set[int] = set()
        """Reports that the next ones of their connections may be differences to."""

    def take(self, raw: bytes) -> Iterator[bytes]:
        """What of a line is kept."""
        try:
            line = line_of(raw)
        except (ValueError, KeyError, TypeError):
            yield raw  # whoever reads the trace says so
            return
        data = self._reports.data_of(line)
        if self._is_left_out(line):
            self._left_out |= {line["seq"]} if line["type"] == TYPE else set()
        elif is_difference(line) and LOST not in data and line[SINCE] in self._left_out:
            self._left_out.discard(line[SINCE])
            kept = {name: value for name, value in line.items() if name != SINCE}
            text = json.dumps({**kept, "data": data}, ensure_ascii=False)
            yield text.encode("utf-8", "replace") + b"\n"
        else:
            yield raw

    def _is_left_out(self, line: dict[str, Any]) -> bool:
        is_before = line["t_s"] is not None and line["t_s"] < self._from_s
        return is_before and line["type"] in OFTEN | MORE


def _events(path: Path) -> Iterator[bytes]:
    lines = whole_lines(path)
    next(lines, None)  # the header
    return lines
