"""Medians, percentiles and their intervals, of values that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from harness.score.summary import Measured, Summary, interval, summary_of


def of(*values: float, uncertainty: float | None = None) -> Summary:
    summary = summary_of([Measured(value, uncertainty) for value in values])
    assert summary is not None
    return summary


def test_what_never_happened_has_no_summary_and_is_not_counted() -> None:
    assert summary_of([]) is None
    assert summary_of([None, None]) is None
    summary = summary_of([None, Measured(1.0), None])
    assert summary is not None
    assert (summary.count, summary.median) == (1, 1.0)


def test_p95_is_withheld_under_twenty_values_and_said_why() -> None:
    few = of(*range(19))
    assert few.p95 is None
    assert few.why_no_p95 == "withheld: 19 values, and it takes 20"
    enough = of(*range(21))
    assert enough.p95 == pytest.approx(19.0)  # the 20th of 0 to 20
    assert enough.why_no_p95 is None
    assert (enough.median, enough.largest) == (10.0, 20.0)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """200 samples of 40 values of a known median: 95 % hold it; a wrong formula holds far fewer."""
    random = np.random.default_rng(5)
    inside = 0
    for _ in range(200):
        low, high = interval(random.exponential(1.0, 40), 0.5)
        assert low is not None
        assert high is not None
        inside += low <= np.log(2) <= high
    assert 180 <= inside <= 199


def test_the_same_values_give_the_same_interval() -> None:
    values = [0.1, 0.4, 0.2, 0.9, 0.3]
    assert interval(values, 0.5, seed=3) == interval(values, 0.5, seed=3)
    assert interval([1.0] * 5, 0.5) == (1.0, 1.0)
    assert interval(values[:4], 0.5) == (None, None)


def test_the_largest_uncertainty_is_that_of_the_summary() -> None:
    assert of(1.0, 2.0).uncertainty is None
    both = summary_of([Measured(1.0, 0.02), Measured(2.0, None), Measured(3.0, 0.05)])
    assert both is not None
    assert both.uncertainty == 0.05
