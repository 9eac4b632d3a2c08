"""getStats over a call as series of measured values, stream by stream: for curves. Pure.

Each value is of the stretch between two reports of one stream, by the formulas of
`harness.score.media_stats` (concealment, jitter buffer, jitter, loss, round trip),
`harness.score.sending` (level) and `harness.score.network_periods` (loss of what was sent).
Where nothing was measured a series has None, never 0.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from harness.score.jitter_buffer import LONGEST_GAP_S
from harness.score.media_stats import media_stats
from harness.score.network_periods import losses_reported
from harness.score.sending import SourceTotals, level_between
from harness.trace import TraceEvent

Quantity = Literal[
    "concealment", "jitter_buffer", "jitter", "round_trip", "loss", "level", "bit_rate"
]
Side = Literal["received", "sent", "both"]
Point = tuple[float, float | None]

CHECKS_S = 15.0
"""Connectivity is checked every 5 s or so (RFC 7675); remote peers report as rarely: of longer
than three times that, nothing is known."""

_ONLY_GROW = ("packetsReceived", "totalSamplesReceived", "bytesReceived", "bytesSent")


@dataclass(frozen=True, slots=True)
class StatSeries:
    """One quantity of one stream, or of one connection."""

    quantity: Quantity
    """Ratios, seconds, dBFS (level) or bits a second (bit_rate)."""

    side: Side
    connection: str
    stream: str
    """The id of its object in getStats."""

    points: tuple[Point, ...]
    """Where on the timeline, and the value; None where from there on nothing was measured."""


@dataclass(slots=True)
class _Stream:
    """What was read of one object of getStats so far."""

    before: TraceEvent | None = None
    times_s: list[float] = field(default_factory=list)
    points: dict[Quantity, list[Point]] = field(default_factory=dict)

    def add(self, quantity: Quantity, at_s: float, value: float | None) -> None:
        self.points.setdefault(quantity, []).append((at_s, value))

    def gaps(self) -> list[Point]:
        """Where no report told of it for a while; reports of a dump may come more rarely."""
        steps_s = [later - earlier for earlier, later in pairwise(self.times_s)]
        if not steps_s:
            return []
        longest_s = max(LONGEST_GAP_S, 3 * statistics.median(steps_s))
        told = with_gaps([(at_s, 0.0) for at_s in self.times_s], longest_s)
        return [point for point in told if point[1] is None]


def stat_series(events: Sequence[TraceEvent]) -> list[StatSeries]:
    """Every series of a call in which anything was measured; each report is read once."""
    reports = [event for event in events if event.type == "stats" and event.t_s is not None]
    streams: dict[tuple[Side, str, str], _Stream] = {}
    remote: list[TraceEvent] = []
    for event in sorted(reports, key=lambda event: event.t_s or 0.0):
        data = event.data
        connection = str(data.get("connection"))
        objects = _objects(data)
        sources = {str(one.get("id")): one for one in objects if one.get("type") == "media-source"}
        for side, one in _streams(objects, sources):
            key = (side, connection, str(one.get("id")))
            _take(streams.setdefault(key, _Stream()), side, _alone(event, connection, one))
        told = [o for o in objects if o.get("type") in ("remote-inbound-rtp", "outbound-rtp")]
        if any(o.get("type") == "remote-inbound-rtp" for o in told):
            remote.append(_alone(event, connection, *told))
    found = []
    gaps: dict[str, list[Point]] = {}
    for key, stream in streams.items():
        own_gaps = stream.gaps()
        gaps.setdefault(key[1], own_gaps)
        for quantity, points in stream.points.items():
            longest_s = CHECKS_S if quantity == "round_trip" else math.inf
            broken = _in_time(with_gaps(points, longest_s), own_gaps)
            found.append(StatSeries(quantity, *key, broken))
    for (connection, stream_id), losses in losses_reported(remote).items():
        broken = _in_time(with_gaps(losses, CHECKS_S), gaps.get(connection, []))
        found.append(StatSeries("loss", "sent", connection, stream_id, broken))
    return [one for one in found if any(value is not None for _, value in one.points)]


def with_gaps(points: Sequence[Point], longest_s: float) -> tuple[Point, ...]:
    """The points, with a None where two neighbours lie further apart than that."""
    found = list(points[:1])
    for (before_s, _), (at_s, value) in pairwise(points):
        if at_s - before_s > longest_s:
            found.append(((before_s + at_s) / 2, None))
        found.append((at_s, value))
    return tuple(found)


def _in_time(points: Sequence[Point], gaps: Sequence[Point]) -> tuple[Point, ...]:
    """Both, in order of time; no gap before the first value."""
    first_s = points[0][0] if points else 0.0
    inside = [gap for gap in gaps if gap[0] > first_s]
    return tuple(sorted([*points, *inside], key=lambda point: point[0]))


_NAMES = frozenset({"id", "type", "kind", "mediaSourceId"})


def _objects(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Names and numbers of a report: in place of a number a dump may hold anything."""
    report = data.get("report")
    entries = report.values() if isinstance(report, Mapping) else report or []
    return [
        {name: value for name, value in one.items() if name in _NAMES or _is_number(value)}
        for one in entries
        if isinstance(one, Mapping)
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _streams(
    objects: Iterable[Mapping[str, Any]], sources: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[Side, Mapping[str, Any]]]:
    """What is drawn of a report: audio either way, each with its source's energy, and the pairs."""
    for one in objects:
        kind = one.get("type")
        if kind == "candidate-pair" and one.get("nominated"):
            yield "both", one
        elif one.get("kind", "audio") != "audio":
            continue
        elif kind == "inbound-rtp":
            yield "received", one
        elif kind == "outbound-rtp":
            source = sources.get(str(one.get("mediaSourceId")), {})
            energy = {
                name: source[name]
                for name in ("totalAudioEnergy", "totalSamplesDuration")
                if name in source
            }
            yield "sent", {**one, **energy}


def _alone(event: TraceEvent, connection: str, *objects: Mapping[str, Any]) -> TraceEvent:
    """A report of these objects only, held in memory."""
    data = {"connection": connection, "report": list(objects)}
    return TraceEvent(event.seq, event.t_s, event.source, event.type, data)


def _take(stream: _Stream, side: Side, now: TraceEvent) -> None:
    before, stream.before = stream.before, now
    at_s, after = now.t_s or 0.0, now.data["report"][0]
    stream.times_s.append(at_s)
    if side == "received" and "jitter" in after:
        stream.add("jitter", at_s, media_stats([now]).jitter_s)
    if before is None:
        return
    start_s, earlier = before.t_s or 0.0, before.data["report"][0]
    if any(float(after.get(n) or 0) < float(earlier.get(n) or 0) for n in _ONLY_GROW):
        return  # counted anew: nothing is known of the stretch
    if side == "both":
        answers = [one.get("responsesReceived") for one in (earlier, after)]
        if answers[1] is None or answers[0] != answers[1]:
            round_trip_s = media_stats([before, now], start_s, at_s).round_trip_s
            if round_trip_s is not None:
                stream.add("round_trip", at_s, round_trip_s)
        return
    if side == "received":
        rates = media_stats([before, now], start_s, at_s)
        for quantity, value, member in (
            ("concealment", rates.concealed_ratio, "concealedSamples"),
            ("jitter_buffer", rates.jitter_buffer_s, "jitterBufferDelay"),
            ("loss", rates.lost_ratio, "packetsLost"),
        ):
            if member in after:
                stream.add(quantity, at_s, value)  # type: ignore[arg-type]
    if "totalAudioEnergy" in after:
        stream.add("level", at_s, _level_dbfs(earlier, after, start_s, at_s))
    member = "bytesReceived" if side == "received" else "bytesSent"
    if member in after and member in earlier:
        lasted_s = _lasted_s(earlier, after) or at_s - start_s
        bits = (float(after[member]) - float(earlier[member])) * 8
        stream.add("bit_rate", at_s, bits / lasted_s if lasted_s > 0 else None)


def _level_dbfs(
    earlier: Mapping[str, Any], after: Mapping[str, Any], start_s: float, end_s: float
) -> float | None:
    """The mean power in between; None where the stream had no samples."""
    first, last = (
        SourceTotals(
            float(one.get("totalAudioEnergy") or 0), float(one.get("totalSamplesDuration") or 0)
        )
        for one in (earlier, after)
    )
    if last.duration_s <= first.duration_s:
        return None
    level = level_between({"": first}, {"": last}, start_s, end_s)
    return None if level is None else level.dbfs


def _lasted_s(earlier: Mapping[str, Any], after: Mapping[str, Any]) -> float | None:
    """By the browser's own stamps, which are nearer to the counts than when the event came."""
    stamps = [one.get("timestamp") for one in (earlier, after)]
    if not all(isinstance(stamp, int | float) for stamp in stamps):
        return None
    return (float(stamps[1]) - float(stamps[0])) / 1000 or None  # type: ignore[arg-type]
