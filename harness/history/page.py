"""Histories as one HTML page: verdicts from run to run, and a small chart a number.

One file that opens from disk, loads nothing and runs nothing. What came from outside is text, never
markup: the template escapes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from harness.history.text import change_words, headline, steadiness, value_words, words_of
from harness.history.trends import ScenarioHistory, Trend
from harness.suite.index_page import SIGNS, page_style, page_template

_HERE = Path(__file__).resolve().parent / "templates"

WIDTH, HEIGHT = 240, 64
"""Of a chart, in its own units; the page scales it."""

EDGE = 5.0
"""Left free on each side, for the dots."""

MOST_DOTS = 60
"""Runs in a row of verdicts, and dots in a chart; the newest ones."""


def history_html(histories: Sequence[ScenarioHistory], suites: int, source: str) -> str:
    """The whole page.

    Args:
        suites: how many there are in the history.
        source: where it was read, for people.
    """
    remarkable = sum(one.is_remarkable for one in histories)
    return page_template(_HERE / "history.html.j2").render(
        source=source,
        headline=headline(histories, suites),
        remarkable=remarkable,
        scenarios=[_scenario(one) for one in histories],
        signs=SIGNS,
        style=Markup(page_style() + (_HERE / "history.css").read_text(encoding="utf-8")),
        width=WIDTH,
        height=HEIGHT,
    )


def _scenario(one: ScenarioHistory) -> dict[str, Any]:
    last = one.outcomes[-1]
    return {
        "name": one.scenario,
        "engine": one.engine,
        "verdict": "flaky" if one.flakiness.is_flaky and last.verdict == "passed" else last.verdict,
        "reason": last.reason if last.verdict != "passed" else None,
        "rate": steadiness(one),
        "outcomes": [
            {"verdict": each.verdict, "label": _label(each.began_at, each.build, each.verdict)}
            for each in one.outcomes[-MOST_DOTS:]
        ],
        "trends": [_chart(trend) for trend in one.trends],
    }


def _label(began_at: str, build: str, what: str) -> str:
    when = began_at[:16].replace("T", " ")
    return ", ".join(part for part in (when, build, what.replace("_", " ")) if part)


def _chart(trend: Trend) -> dict[str, Any]:
    """A line of the values, the usual range behind it, and a dot a run."""
    points = trend.points[-MOST_DOTS:]
    ends = [point.value for point in points] + [max(0.0, end) for end in trend.usual or ()]
    low, high = min(ends), max(ends)
    scale = (HEIGHT - 2 * EDGE) / (high - low) if high > low else 0.0

    def y(value: float) -> float:
        return HEIGHT - EDGE - (value - low) * scale if scale else HEIGHT / 2

    step = (WIDTH - 2 * EDGE) / max(1, len(points) - 1)
    places = [(EDGE + n * step, y(point.value)) for n, point in enumerate(points)]
    band = None
    if trend.usual is not None:
        top, bottom = y(trend.usual[1]), y(max(0.0, trend.usual[0]))
        band = {"y": f"{top:.1f}", "height": f"{max(1.0, bottom - top):.1f}"}
    change = None
    if trend.change is not None:
        change = change_words(trend.number, trend.change)
    return {
        "name": words_of(trend.number),
        "last": value_words(trend.number, trend.last),
        "change": change,
        "unusual": trend.is_unusual,
        "low": value_words(trend.number, low),
        "high": value_words(trend.number, high),
        "line": " ".join(f"{x:.1f},{at:.1f}" for x, at in places),
        "band": band,
        "dots": [
            {
                "x": f"{x:.1f}",
                "y": f"{at:.1f}",
                "label": _label(
                    point.began_at, point.build, value_words(trend.number, point.value)
                ),
            }
            for (x, at), point in zip(places, points, strict=True)
        ],
    }
