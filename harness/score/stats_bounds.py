"""Bounds on statistics, as people write them: "< 1 %", "<= 30". Pure."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.score.call_stats import CallStats
from harness.score.judgement import Judgement

_BOUND = re.compile(r"\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(%|ms|s)?\s*")
_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SCALES = {"ratio": {"%": 0.01, "": 1.0}, "ms": {"ms": 1.0, "s": 1000.0, "": 1.0}}


@dataclass(frozen=True, slots=True)
class Statistic:
    """A number that can be bounded."""

    in_words: str
    unit: str
    """"ratio" or "ms"."""

    of: Callable[[CallStats], float | None]


STATISTICS: Mapping[str, Statistic] = {
    "concealment": Statistic(
        "the share of concealed samples", "ratio", lambda s: s.inbound_audio.concealment
    ),
    "lost": Statistic("the share of lost packets", "ratio", lambda s: s.inbound_audio.lost),
    "jitter_ms": Statistic("jitter", "ms", lambda s: s.inbound_audio.jitter_ms),
    "jitter_buffer_ms": Statistic(
        "the wait in the jitter buffer", "ms", lambda s: s.inbound_audio.jitter_buffer_ms
    ),
    "round_trip_ms": Statistic("the round trip", "ms", lambda s: s.round_trip_ms),
}
"""By the names that scenarios have for them."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A comparison with a number."""

    comparison: str
    value: float
    """A ratio, or milliseconds."""

    text: str
    """As it was written."""

    def holds(self, value: float) -> bool:
        """Whether a value is within it."""
        return _HOLDS[self.comparison](value, self.value)


def read_bound(name: str, text: str) -> Bound:
    """A bound on a statistic.

    Args:
        name: one of `STATISTICS`.
        text: "< 1 %", "<= 0.01", "< 30", "< 30 ms".

    Raises:
        ValueError: it cannot be read, or its unit is not the statistic's.
    """
    unit = STATISTICS[name].unit
    scales = _SCALES[unit]
    found = _BOUND.fullmatch(text)
    if found is None or (found[3] or "") not in scales:
        like = "“< 1 %”" if unit == "ratio" else "“< 30” or “< 30 ms”"
        raise ValueError(f"“{text}” is no bound on {name}: write one like {like}")
    return Bound(found[1], float(found[2]) * scales[found[3] or ""], " ".join(text.split()))


def judge_stats(bounds: Mapping[str, str], stats: CallStats, over: str) -> list[Judgement]:
    """Each bound against what getStats tells.

    Args:
        bounds: by the names of `STATISTICS`, as `read_bound` reads them.
        stats: of the window.
        over: the window in words, as "over the call".
    """
    return [_judged(name, read_bound(name, text), stats, over) for name, text in bounds.items()]


def _judged(name: str, bound: Bound, stats: CallStats, over: str) -> Judgement:
    statistic = STATISTICS[name]
    text = f"{statistic.in_words} is {bound.text} {over}"
    value = statistic.of(stats)
    if value is None:
        return Judgement("stats", text, False, "getStats does not tell it", in_doubt=True)
    shown = f"{value:.2%}" if statistic.unit == "ratio" else f"{value:.1f} ms"
    return Judgement("stats", text, bound.holds(value), f"it was {shown}")
