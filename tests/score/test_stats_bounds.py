"""Bounds on statistics: read, refused, judged."""

from __future__ import annotations

import pytest

from harness.score.call_stats import CallStats
from harness.score.stats_bounds import STATISTICS, judge_stats, read_bound
from tests.score.test_call_stats import CALL


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("concealment", "< 1 %", 0.01),
        ("concealment", "<=0.02", 0.02),
        ("jitter_ms", "< 30", 30.0),
        ("jitter_ms", "< 30 ms", 30.0),
        ("round_trip_ms", " > 0.2 s ", 200.0),
    ],
)
def test_bounds_are_read_in_their_units(name: str, text: str, value: float) -> None:
    assert read_bound(name, text).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("concealment", "1 %"),
        ("concealment", "< 5 ms"),
        ("jitter_ms", "< 1 %"),
        ("jitter_ms", "about 30"),
        ("jitter_ms", "< -3"),
        ("jitter_ms", ""),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(name: str, text: str) -> None:
    with pytest.raises(ValueError, match="write one like"):
        read_bound(name, text)


def test_each_comparison() -> None:
    assert read_bound("jitter_ms", "<= 4").holds(4.0)
    assert not read_bound("jitter_ms", "< 4").holds(4.0)
    assert read_bound("jitter_ms", ">= 4").holds(4.0)
    assert not read_bound("jitter_ms", "> 4").holds(4.0)


def test_judged_against_a_call() -> None:
    within, beyond = judge_stats(
        {"concealment": "< 1 %", "jitter_ms": "< 3"}, CALL, "over the call"
    )
    assert within.passed
    assert within.text == "the share of concealed samples is < 1 % over the call"
    assert within.evidence == "it was 0.33%"
    assert beyond.outcome == "failed"
    assert beyond.evidence == "it was 4.0 ms"


def test_what_nobody_tells_cannot_be_told() -> None:
    (judged,) = judge_stats({"lost": "< 1 %"}, CallStats([]), "over the call")
    assert judged.outcome == "cannot_tell"


def test_each_statistic_is_of_a_call() -> None:
    for statistic in STATISTICS.values():
        statistic.of(CALL)
