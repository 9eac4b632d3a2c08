"""Traces of runs: what a comparison wants to know of them, without reading all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.report.results import ScenarioResult

MODEL = re.compile(r'\\\\?"model\\\\?":\s?\\\\?"([^"\\]+)')
DIALOGUE = re.compile(r'"t_s": ([\d.]+|null), "source": "dialogue", "type": "([a-z_.]+)"')
MOST_LINES = 200_000
"""Of a trace: a call of hours is not read to its end for the kinds of its events."""


@dataclass(frozen=True)
class TraceFacts:
    """What there is to know; empty where there is no trace any more."""

    header: dict[str, Any] = field(default_factory=dict)
    events: tuple[tuple[float | None, str], ...] = ()
    """Events of the conversation in order: seconds on the timeline, and the kind."""

    model: str | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of events, in order of appearance."""
        return tuple(dict.fromkeys(kind for _, kind in self.events))


def trace_facts(folder: Path, result: ScenarioResult) -> TraceFacts:
    """The facts of a run's trace.

    Args:
        folder: that the paths of the result's artifacts are relative to.
    """
    path = _path(folder, result)
    if path is None:
        return TraceFacts()
    events: list[tuple[float | None, str]] = []
    model: str | None = None
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            header = _as_object(file.readline())
            for _, line in zip(range(MOST_LINES), file, strict=False):
                if (found := DIALOGUE.search(line, 0, 200)) is not None:
                    events.append((None if found[1] == "null" else float(found[1]), found[2]))
                elif model is None and "session.created" in line:
                    model = match[1] if (match := MODEL.search(line)) else None
    except (OSError, ValueError):
        return TraceFacts()
    return TraceFacts(header, tuple(events), model)


def trace_header(folder: Path, result: ScenarioResult) -> dict[str, Any]:
    """What a run's trace says of the run; empty where there is no trace any more."""
    path = _path(folder, result)
    if path is None:
        return {}
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return _as_object(file.readline())
    except (OSError, ValueError):
        return {}


def events_ms(
    events: Sequence[tuple[float | None, str]], start_s: float, end_s: float
) -> dict[str, float]:
    """When each kind of event first came in a stretch of a call: ms from its start, in order."""
    found: dict[str, float] = {}
    for t_s, kind in events:
        if t_s is not None and start_s <= t_s < end_s:
            found.setdefault(kind, round((t_s - start_s) * 1000, 1))
    return found


def _path(folder: Path, result: ScenarioResult) -> Path | None:
    name = result.artifacts.get("trace")
    return None if name is None else folder / name


def _as_object(line: str) -> dict[str, Any]:
    header = json.loads(line)
    return header if isinstance(header, dict) else {}
