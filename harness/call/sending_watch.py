"""Speech of the user and what the page sends of it, held against each other while a call lasts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from harness.audio.level import rms_dbfs
from harness.line.audio import AudioFrames
from harness.score.playback import Level
from harness.score.sending import (
    JOINED_S,
    SourceLevel,
    SourceTotals,
    Unsent,
    level_between,
    muted,
    sources_in,
    unsent,
)
from harness.speech.spans import Span

KEPT_PIECES = 600
"""A minute of microphones; what is older is judged."""

KEPT_REPORTS = 240
"""As long, for four connections that report every second."""


class SendingWatch:
    """Follows the microphones, whether the page has them on, and what its senders count."""

    def __init__(self) -> None:
        self._said: deque[Level] = deque(maxlen=KEPT_PIECES)
        self._sources: deque[SourceLevel] = deque(maxlen=KEPT_REPORTS)
        self._reports: dict[str, tuple[float, dict[str, SourceTotals]]] = {}
        self._speech: deque[Span] = deque(maxlen=KEPT_REPORTS)
        self._is_on: dict[str, bool] = {}
        self._off: deque[Span] = deque(maxlen=KEPT_REPORTS)
        self._off_since_s: float | None = None
        self._told_until_s = 0.0

    def said(self, frames: AudioFrames) -> None:
        """A piece of a microphone."""
        self._said.append(Level(frames.start_s, frames.end_s, rms_dbfs(frames.samples)))

    def clip(self, facts: Mapping[str, Any]) -> None:
        """The user says something: a ``microphone.clip`` with where its voice begins and ends."""
        start_s, end_s = facts.get("speech_start_s"), facts.get("speech_end_s")
        by_user = facts.get("muted")  # the switch on the headset is no doing of the page
        if start_s is not None and end_s is not None and not by_user:
            self._speech.append(Span(float(start_s), float(end_s)))

    def stopped(self, since_s: float, end_s: float) -> None:
        """The user says no more: what was to come after ``since_s`` does not; see the fact."""
        said = [span for span in self._speech if span.start_s < since_s]
        self._speech.clear()
        self._speech.extend(replace(span, end_s=min(span.end_s, end_s)) for span in said)

    def microphone(self, name: str, is_on: bool | None, t_s: float) -> None:
        """A microphone of the page is on or off from now on; None: the page gave it back."""
        if is_on is None:
            self._is_on.pop(name, None)
        else:
            self._is_on[name] = is_on
        is_off = bool(self._is_on) and not any(self._is_on.values())
        if is_off and self._off_since_s is None:
            self._off_since_s = t_s
        elif not is_off and self._off_since_s is not None:
            self._off.append(Span(self._off_since_s, t_s))
            self._off_since_s = None

    def stats(self, connection: str, report: Iterable[Mapping[str, Any]], t_s: float) -> None:
        """A connection's getStats."""
        totals = sources_in(report)
        if totals is None:
            self._reports.pop(connection, None)
            return
        before = self._reports.get(connection)
        level = before and level_between(before[1], totals, before[0], t_s)
        if level:
            self._sources.append(level)
        self._reports[connection] = (t_s, totals)

    def take_unsent(self, now_s: float) -> list[Unsent]:
        """Stretches that are over and were not told before."""
        off = [*self._off]
        if self._off_since_s is not None:
            off.append(Span(self._off_since_s, now_s))
        found = [*muted(self._speech, off), *unsent(self._said, self._sources)]
        over = [
            stretch
            for stretch in sorted(found, key=lambda stretch: stretch.start_s)
            if stretch.start_s >= self._told_until_s and stretch.end_s < now_s - JOINED_S
        ]
        for stretch in over:
            self._told_until_s = max(self._told_until_s, stretch.end_s)
        return over
