"""getStats as curves under the waveforms: one lane a quantity, with its unit and what it says.

`harness.score.stat_series` computes the values; here they get names, are thinned out to what a
page can carry, and are summed up for who reads rather than looks.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.score.stat_series import Point, Quantity, StatSeries, stat_series
from harness.trace import TraceEvent

MOST_POINTS = 4_000
"""Of one line: an hour at a report each second is whole."""

MOST_ALL_POINTS = 60_000
"""Of all lines of a call, which is about 1 MB in the page."""

MOST_LINES = 12
"""In one lane: a page that opens connections without end would fill it otherwise."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a quantity is shown."""

    quantity: Quantity
    title: str
    unit: str
    factor: float
    digits: int
    sentence: str


KINDS = (
    Kind(
        "concealment", "Concealment", "%", 100, 1,
        "Share of the sound that the browser made up because packets did not come in time; "
        "from a few per cent on people hear it.",
    ),
    Kind(
        "jitter_buffer", "Jitter buffer", "ms", 1000, 0,
        "How long sound waited in the browser to be played evenly; answers are later by that much.",
    ),
    Kind(
        "jitter", "Jitter", "ms", 1000, 1,
        "How unevenly packets came; the jitter buffer grows with it.",
    ),
    Kind(
        "round_trip", "Round trip", "ms", 1000, 0,
        "How long a packet takes to the other side and back, by the connection's own checks.",
    ),
    Kind(
        "loss", "Packet loss", "%", 100, 1,
        "Share of the packets that never came; of those sent, what the other side reports.",
    ),
    Kind(
        "level", "Audio level", "dBFS", 1, 0,
        "Loudness of the sound that came and of what the sender had to send; −120 is digital "
        "silence. Of what came Chromium tells that, too, where only Web Audio plays it.",
    ),
    Kind(
        "bit_rate", "Bit rate", "kbit/s", 0.001, 1,
        "How much audio came and went; Opus sends less in silence (DTX), and nothing if it stops.",
    ),
)  # fmt: skip

FINDING_CURVES: dict[str, Quantity] = {
    "much_concealed": "concealment",
    "much_lost": "loss",
    "long_buffer": "jitter_buffer",
    "long_round_trip": "round_trip",
}
"""Findings that getStats gave rise to, and the curve that shows it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One stream in a lane, in the lane's unit."""

    name: str
    side: str
    """received, sent or both."""

    points: tuple[Point, ...]
    low: float
    median: float
    high: float
    low_at_s: float
    high_at_s: float

    @property
    def data(self) -> dict[str, Any]:
        """As the page draws it."""
        return {
            "name": self.name,
            "side": self.side,
            "t": [round(at_s, 2) for at_s, _ in self.points],
            "v": [value for _, value in self.points],
        }


@dataclass(frozen=True, slots=True)
class Curve:
    """One lane."""

    kind: Kind
    lines: tuple[Line, ...]
    left_out: int
    """Lines that are not shown, `MOST_LINES` are."""

    @property
    def data(self) -> dict[str, Any]:
        """As the page draws it."""
        kind = self.kind
        lines = [line.data for line in self.lines]
        return {"key": kind.quantity, "unit": kind.unit, "digits": kind.digits, "lines": lines}


def stat_curves(events: Sequence[TraceEvent]) -> list[Curve]:
    """The lanes of a call; only those in which anything was measured."""
    series = stat_series(events)
    most = max(60, min(MOST_POINTS, MOST_ALL_POINTS // max(1, len(series))))
    curves = []
    for kind in KINDS:
        own = sorted(
            (one for one in series if one.quantity == kind.quantity),
            key=lambda one: one.side == "sent",
        )
        if own:
            shown = own[:MOST_LINES]
            lines = [
                _line(kind, one, name, most) for one, name in zip(shown, _names(own), strict=False)
            ]
            curves.append(Curve(kind, tuple(lines), len(own) - len(shown)))
    return curves


def thinned(points: Sequence[Point], most: int) -> tuple[Point, ...]:
    """At most so many points: of each stretch the lowest and the highest, and a gap if it has one.

    So no peak is lost, however far one zooms out.
    """
    if len(points) <= most:
        return tuple(points)
    size = -(-len(points) // max(1, most // 3))
    kept: list[Point] = []
    for start in range(0, len(points), size):
        stretch = points[start : start + size]
        told = [(value, place) for place, (_, value) in enumerate(stretch) if value is not None]
        gaps = [place for place, (_, value) in enumerate(stretch) if value is None][:1]
        ends = [min(told)[1], max(told)[1]] if told else []
        kept += [stretch[place] for place in sorted({*ends, *gaps})]
    return tuple(kept)


def _line(kind: Kind, series: StatSeries, name: str, most: int) -> Line:
    scaled = [
        (at_s, None if value is None else round(value * kind.factor, kind.digits + 1))
        for at_s, value in series.points
    ]
    measured = [(value, at_s) for at_s, value in scaled if value is not None]
    low, high = min(measured), max(measured, key=lambda one: one[0])
    return Line(
        name=name,
        side=series.side,
        points=thinned(scaled, most),
        low=low[0],
        median=statistics.median(value for value, _ in measured),
        high=high[0],
        low_at_s=low[1],
        high_at_s=high[1],
    )


def _names(series: Sequence[StatSeries]) -> list[str]:
    """What tells them apart, and no more: "received", "connection 2, sent, track 1"."""
    connections = list(dict.fromkeys(one.connection for one in series))
    names = []
    for one in series:
        parts: list[str] = [one.side] if one.side != "both" else []
        if len(connections) > 1:
            parts.insert(0, f"connection {connections.index(one.connection) + 1}")
        beside = [o for o in series if (o.connection, o.side) == (one.connection, one.side)]
        if len(beside) > 1:
            what = "track" if one.side != "both" else "pair"
            parts.append(f"{what} {beside.index(one) + 1}")
        names.append(", ".join(parts) or "connection")
    return names
