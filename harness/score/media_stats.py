"""Media statistics of a call, a turn or any window, as rates from two getStats reports. Pure.

getStats tells totals. A rate over a window is the difference of the last report at or before its
end and the last at or before its start, over all of the page's connections: so its edges are no
finer than the interval of the reports, a second.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.score.exchanges import Exchange
from harness.score.metrics import inbound_audio
from harness.trace import TraceEvent

Totals = dict[str, float]

AROUND_S = 10.0
"""What a turn's rates need lies this near: reports come every second, late ones included."""


@dataclass(frozen=True, slots=True)
class MediaStats:
    """What getStats tells of the audio that came in a window; what it does not tell is None."""

    concealed_ratio: float | None
    """Concealed samples / samples received."""

    jitter_buffer_s: float | None
    """Mean time a sample waited: jitterBufferDelay / jitterBufferEmittedCount."""

    lost_ratio: float | None
    """Packets lost / (lost + received); never below 0, though late packets lower the total."""

    round_trip_s: float | None
    """Mean of the round trips that connectivity checks measured in the window."""

    jitter_s: float | None = None
    """Mean of the jitter that the reports in the window tell, RFC 3550, over all audio tracks."""

    silent_ratio: float | None = None
    """Part of `concealed_ratio`: samples of silence, played where no packet came for long."""


class Statistics:
    """The reports of a call, of which a turn needs those around it alone."""

    def __init__(self, events: Sequence[TraceEvent]) -> None:
        reports = [event for event in events if event.type == "stats" and event.t_s is not None]
        self._reports = sorted(reports, key=lambda event: event.t_s or 0.0)
        self._times = [event.t_s or 0.0 for event in self._reports]

    def around(self, exchange: Exchange) -> list[TraceEvent]:
        """The reports from a little before an exchange to a little after it."""
        at_s = [
            exchange.said_start_s,
            exchange.heard_start_s,
            exchange.said_end_s,
            exchange.heard_end_s,
        ]
        known_s = [each for each in at_s if each is not None]
        if not known_s:
            return []
        first = bisect.bisect_left(self._times, min(known_s) - AROUND_S)
        return self._reports[first : bisect.bisect_right(self._times, max(known_s) + AROUND_S)]


def media_stats(
    events: Sequence[TraceEvent], from_s: float = float("-inf"), to_s: float = float("inf")
) -> MediaStats:
    """The rates between two places on the timeline; the whole call by default."""
    before, until = _totals(events, from_s), _totals(events, to_s)
    grown: Totals = {}
    for connection, totals in until.items():
        earlier = before.get(connection, {})
        for name, total in totals.items():
            grown[name] = grown.get(name, 0.0) + max(0.0, total - earlier.get(name, 0.0))
    lost, received = grown.get("packetsLost", 0.0), grown.get("packetsReceived", 0.0)
    return MediaStats(
        concealed_ratio=_rate(grown, "concealedSamples", "totalSamplesReceived"),
        silent_ratio=_rate(grown, "silentConcealedSamples", "totalSamplesReceived"),
        jitter_buffer_s=_rate(grown, "jitterBufferDelay", "jitterBufferEmittedCount"),
        lost_ratio=lost / (lost + received) if "packetsLost" in grown and lost + received else None,
        jitter_s=_jitter_s(events, from_s, to_s),
        round_trip_s=_round_trip_s(events, from_s, to_s),
    )


_NAMES = (
    "concealedSamples",
    "silentConcealedSamples",
    "totalSamplesReceived",
    "jitterBufferDelay",
    "jitterBufferEmittedCount",
    "packetsLost",
    "packetsReceived",
)


def _totals(events: Sequence[TraceEvent], until_s: float) -> dict[str, Totals]:
    """Of each connection its last report up to a place, all its audio tracks added."""
    found: dict[str, Totals] = {}
    for event in events:
        if event.type != "stats" or event.t_s is None or event.t_s > until_s:
            continue
        stats = inbound_audio(event.data)
        if stats:
            found[str(event.data.get("connection"))] = {
                name: float(sum(stat.get(name) or 0 for stat in stats))
                for name in _NAMES
                if any(name in stat for stat in stats)
            }
    return found


def _rate(grown: Totals, part: str, whole: str) -> float | None:
    if part not in grown or not grown.get(whole):
        return None
    return grown[part] / grown[whole]


def _jitter_s(events: Sequence[TraceEvent], from_s: float, to_s: float) -> float | None:
    told = [
        float(stat["jitter"])
        for event in events
        if event.type == "stats" and event.t_s is not None and from_s < event.t_s <= to_s
        for stat in inbound_audio(event.data)
        if isinstance(stat.get("jitter"), int | float)
    ]
    return sum(told) / len(told) if told else None


def _round_trip_s(events: Sequence[TraceEvent], from_s: float, to_s: float) -> float | None:
    """Formula: growth of totalRoundTripTime / growth of responsesReceived, of nominated pairs.

    Where a browser tells no totals, the mean of currentRoundTripTime over the reports.
    """
    current: list[float] = []
    first: dict[str, tuple[float, float]] = {}
    last: dict[str, tuple[float, float]] = {}
    for event in events:
        if event.type != "stats" or event.t_s is None or event.t_s > to_s:
            continue
        for pair in _pairs(event.data):
            key = f"{event.data.get('connection')} {pair.get('id')}"
            totals = (
                float(pair.get("totalRoundTripTime") or 0),
                float(pair.get("responsesReceived") or 0),
            )
            (first if event.t_s <= from_s else last)[key] = totals
            if event.t_s > from_s and pair.get("currentRoundTripTime") is not None:
                current.append(float(pair["currentRoundTripTime"]))
    spent = sum(total - first.get(key, (0.0, 0.0))[0] for key, (total, _) in last.items())
    answers = sum(count - first.get(key, (0.0, 0.0))[1] for key, (_, count) in last.items())
    if answers > 0 and spent > 0:
        return spent / answers
    return sum(current) / len(current) if current else None


def _pairs(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The candidate pairs in use of one report."""
    report = data.get("report")
    entries = report.values() if isinstance(report, Mapping) else report or []
    return [
        stat
        for stat in entries
        if isinstance(stat, Mapping)
        and stat.get("type") == "candidate-pair"
        and stat.get("nominated")
    ]
