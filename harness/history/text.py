"""Histories as text for a terminal, and as data: sparklines, changes, pass rates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.history.trends import Flakiness, ScenarioHistory, Trend
from harness.suite.index_page import SIGNS
from harness.terminal_text import printable

BARS = "▁▂▃▄▅▆▇█"
MOST_SHOWN = 40
"""Values in a sparkline, and verdicts in a row; the newest ones."""


def as_text(histories: Sequence[ScenarioHistory], suites: int) -> str:
    """Each scenario with its verdicts, then a line a number."""
    width = max((len(words_of(t.number)) for one in histories for t in one.trends), default=0)
    lines = [headline(histories, suites)]
    for one in histories:
        verdicts = "".join(SIGNS[each.verdict] for each in one.outcomes[-MOST_SHOWN:])
        lines += ["", f"{one.scenario} ({one.engine})  {verdicts}  {steadiness(one)}"]
        if one.outcomes[-1].reason and one.outcomes[-1].verdict != "passed":
            lines.append(f"  last: {printable(one.outcomes[-1].reason)}")
        lines += [f"  {trend_line(trend, width)}" for trend in one.trends]
    return "\n".join(lines)


def headline(histories: Sequence[ScenarioHistory], suites: int) -> str:
    """How much there is, and how much of it somebody should look at."""
    remarkable = sum(one.is_remarkable for one in histories)
    count = f"{len(histories)} scenario{'s' * (len(histories) != 1)}"
    what = f"{remarkable} to look at" if remarkable else "nothing to look at"
    return f"{suites} suite{'s' * (suites != 1)}, {count}: {what}"


def steadiness(one: ScenarioHistory) -> str:
    """How it does over the suites that had it, and whether the newest ones did."""
    newest = "suite" if one.missed == 1 else f"{one.missed} suites"
    missed = f", not in the last {newest}" if one.missed else ""
    return rate_words(one.flakiness) + missed


def rate_words(flakiness: Flakiness) -> str:
    """The pass rate with its interval, the flips, and whether that is flaky."""
    rate = f"{flakiness.passed} of {flakiness.runs} passed"
    interval = f"({flakiness.low:.0%} to {flakiness.high:.0%})"
    flips = f"{flakiness.flips} flip{'s' * (flakiness.flips != 1)}" if flakiness.flips else ""
    flaky = "flaky" if flakiness.is_flaky else ""
    return ", ".join(part for part in (f"{rate} {interval}", flips, flaky) if part)


def trend_line(trend: Trend, width: int = 0) -> str:
    """A number: its sparkline, its newest value, how it changed, and what is usual."""
    name = words_of(trend.number)
    values = [point.value for point in trend.points[-MOST_SHOWN:]]
    text = f"{name:<{width}}  {sparkline(values)}  {value_words(trend.number, trend.last)}"
    if trend.change is not None and trend.before is not None:
        text += f", {change_words(trend.number, trend.change)}"
        text += f" against {value_words(trend.number, trend.before)} before"
    if trend.usual is not None:
        low, high = (value_words(trend.number, max(0.0, end)) for end in trend.usual)
        text += f"; unusual: {low} to {high} is usual" * trend.is_unusual
    return text


def sparkline(values: Sequence[float]) -> str:
    """Values as bars: the smallest is the lowest, the largest the highest."""
    low, high = min(values), max(values)
    if high == low:
        return BARS[3] * len(values)
    top = len(BARS) - 1
    return "".join(BARS[round((value - low) / (high - low) * top)] for value in values)


def words_of(number: str) -> str:
    """A number's name for people: "voice_to_voice_s" is "voice to voice"."""
    return number.removesuffix("_s").replace("_", " ")


def value_words(number: str, value: float) -> str:
    """A value with its unit."""
    return f"{value * 1000:.0f} ms" if number.endswith("_s") else f"{value:.1%}"


def change_words(number: str, change: float) -> str:
    """A difference with its unit and its sign; of ratios in percentage points."""
    if number.endswith("_s"):
        return f"{change * 1000:+.0f} ms"
    return f"{change * 100:+.1f} points"


def as_data(histories: Sequence[ScenarioHistory], suites: int) -> dict[str, Any]:
    """For ``--json``; numbers in their own units."""
    return {"suites": suites, "scenarios": [_scenario(one) for one in histories]}


def _scenario(one: ScenarioHistory) -> dict[str, Any]:
    flakiness = one.flakiness
    return {
        "name": one.scenario,
        "engine": one.engine,
        "verdict": one.outcomes[-1].verdict,
        "outcomes": [
            {"verdict": each.verdict, "began_at": each.began_at, "build": each.build}
            for each in one.outcomes
        ],
        "pass_rate": {
            "passed": flakiness.passed,
            "runs": flakiness.runs,
            "low": round(flakiness.low, 4),
            "high": round(flakiness.high, 4),
        },
        "flips": flakiness.flips,
        "missed": one.missed,
        "flaky": flakiness.is_flaky,
        "numbers": {trend.number: _trend(trend) for trend in one.trends},
    }


def _trend(trend: Trend) -> dict[str, Any]:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    return {
        "values": [rounded(point.value) for point in trend.points],
        "last": rounded(trend.last),
        "before": rounded(trend.before),
        "change": rounded(trend.change),
        "usual": None if trend.usual is None else [rounded(end) for end in trend.usual],
        "unusual": trend.is_unusual,
    }
