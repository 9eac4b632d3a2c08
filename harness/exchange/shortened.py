"""Shortened calls: their last minutes whole, and of what was before only what is small.

Times stay what they are: sound that is left out becomes silence of the same length, which costs
next to nothing as FLAC, and events keep their numbers and their places.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.errors import ArtifactError
from harness.trace import OFTEN, event_of_line

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
            at_s = event_of_line(line).t_s
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
    for line in lines:
        if from_s <= 0 or not _is_left_out(line, from_s):
            yield line


def _events(path: Path) -> Iterator[bytes]:
    lines = whole_lines(path)
    next(lines, None)  # the header
    return lines


def _is_left_out(line: bytes, from_s: float) -> bool:
    try:
        event = event_of_line(line)
    except (ValueError, KeyError, TypeError):
        return False
    return event.t_s is not None and event.t_s < from_s and event.type in OFTEN | MORE
