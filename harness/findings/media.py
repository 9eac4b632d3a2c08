"""Findings of media quality, from getStats: concealment, loss, delay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from harness.facts.connection import Stats
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState
from harness.score.audio_drift import WINDOW_S as DRIFT_WINDOW_S
from harness.score.audio_drift import WINDOWS as DRIFT_WINDOWS
from harness.score.audio_drift import Mark, audio_drift
from harness.score.media_stats import MediaStats, media_stats
from harness.score.metrics import inbound_audio
from harness.trace import TraceEvent

WINDOW_S = 5.0
"""Rates are looked at over so long at least."""

MOST_CONCEALED = 0.08
MOST_LOST = 0.05
LONGEST_BUFFER_S = 0.3
LONGEST_ROUND_TRIP_S = 0.4
MOST_DRIFT = 0.005
"""Clocks of machines differ by less than a tenth of that."""


class MuchConcealed(Finding):
    """Much of what is heard was made up by the browser, because packets came late or never."""

    name: ClassVar[str] = "much_concealed"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Look at loss and at the server's pace; on a machine that is too busy, sender and browser "
        "are both late. No packets at all are well where the sender pauses in silence (usedtx=1)."
    )


class MuchLost(Finding):
    """Many packets of the audio that came were lost on the way."""

    name: ClassVar[str] = "much_lost"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = "Look at the network; Opus' in-band FEC (useinbandfec=1) helps with it."


class LongBuffer(Finding):
    """The jitter buffer holds sound back for long: answers are late by that much."""

    name: ClassVar[str] = "long_buffer"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = "Look at jitterBufferTarget and at the pace in which packets arrive."


class LongRoundTrip(Finding):
    """A packet takes long to the other side and back."""

    name: ClassVar[str] = "long_round_trip"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = "Call a server that is nearer, and look for a relay on the way."


class AudioDrift(Finding):
    """Audio came at another rate than it is played, for long: samples are left out or stretched."""

    name: ClassVar[str] = "audio_drift"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Look at the sender's pace and sample rate: 20 ms of samples each 20 ms of a monotonic "
        "clock, and no rate that is only nearly the named one."
    )


class RatesRule(Rule):
    """Rates over a few seconds, each told once."""

    finds = (MuchConcealed, MuchLost, LongBuffer, LongRoundTrip)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._reports: list[TraceEvent] = []
        self._told: set[str] = set()

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Each report, against the first one of its window."""
        if not isinstance(seen.fact, Stats) or seen.event.t_s is None:
            return
        self._reports.append(seen.event)
        first = self._reports[0]
        window_s = seen.event.t_s - (first.t_s or 0.0)
        if window_s < WINDOW_S:
            return
        rates = media_stats(self._reports, first.t_s or 0.0, seen.event.t_s)
        for kind, cause in _too_much(rates, window_s):
            if kind.name not in self._told:
                self._told.add(kind.name)
                yield kind.by(cause, first, seen.event)
        self._reports = [seen.event]


def _too_much(rates: MediaStats, window_s: float) -> Iterator[tuple[type[Finding], str]]:
    over = f"over {window_s:.0f} s."
    if rates.concealed_ratio is not None and rates.concealed_ratio > MOST_CONCEALED:
        yield MuchConcealed, _concealed(rates.concealed_ratio, rates.silent_ratio or 0.0, window_s)
    if rates.lost_ratio is not None and rates.lost_ratio > MOST_LOST:
        yield MuchLost, f"{rates.lost_ratio:.0%} of the packets were lost {over}"
    if rates.jitter_buffer_s is not None and rates.jitter_buffer_s > LONGEST_BUFFER_S:
        yield LongBuffer, f"Samples waited {rates.jitter_buffer_s * 1000:.0f} ms {over}"
    if rates.round_trip_s is not None and rates.round_trip_s > LONGEST_ROUND_TRIP_S:
        yield LongRoundTrip, f"A round trip took {rates.round_trip_s * 1000:.0f} ms {over}"


def _concealed(ratio: float, silent_ratio: float, window_s: float) -> str:
    """What was made up, apart from silence that was played because nothing came."""
    made_up = ratio - silent_ratio
    parts = []
    if silent_ratio > MOST_CONCEALED / 2:
        silent_s = silent_ratio * window_s
        parts.append(f"for {silent_s:.1f} s no packet came, and silence was played")
    if made_up > MOST_CONCEALED / 2 or not parts:
        parts.append(f"{made_up:.0%} of the samples were made up")
    return f"Of {window_s:.0f} s, {'; '.join(parts)}."


class DriftRule(Rule):
    """Tracks that come too fast, or too slowly, in one window after another."""

    finds = (AudioDrift,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._marks: dict[tuple[str, str], list[tuple[Mark, TraceEvent]]] = {}
        self._told: set[tuple[str, str]] = set()

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Each track once."""
        if not isinstance(seen.fact, Stats) or seen.event.t_s is None:
            return
        for stat in inbound_audio(seen.event.data):
            mark = Mark.of(seen.event.t_s, stat)
            track = (seen.fact.connection, str(stat.get("id")))
            if mark is not None and track not in self._told and self._is_next(track, mark):
                yield from self._take(track, mark, seen.event)

    def _is_next(self, track: tuple[str, str], mark: Mark) -> bool:
        kept = self._marks.get(track)
        return not kept or mark.t_s - kept[-1][0].t_s >= DRIFT_WINDOW_S

    def _take(self, track: tuple[str, str], mark: Mark, event: TraceEvent) -> Iterator[Finding]:
        kept = self._marks.setdefault(track, [])
        kept.append((mark, event))
        del kept[: -1 - DRIFT_WINDOWS]
        drift = audio_drift([one for one, _ in kept], MOST_DRIFT)
        if drift is None:
            return
        self._told.add(track)
        how = "faster than it was played" if drift > 0 else "more slowly than it was played"
        span_s = mark.t_s - kept[0][0].t_s
        cause = f"For {span_s:.0f} s audio on {track[0]} came {abs(drift):.1%} {how}."
        yield AudioDrift.by(cause, kept[0][1], event)


RULES = (RatesRule, DriftRule)
