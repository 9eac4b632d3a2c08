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


@pytest.mark.parametrize(("count", "share"), [(20, 0.5), (20, 0.95), (100, 0.95)])
def test_the_interval_holds_the_truth_as_often_as_it_says(count: int, share: float) -> None:
    """400 samples with a known quantile: 95 % hold it at least; a bootstrap holds 66 % of a p95."""
    random = np.random.default_rng(5)
    truth = -np.log(1 - share)
    inside = 0
    for _ in range(400):
        low, high = interval(random.exponential(1.0, count), share)
        assert low is not None
        inside += low <= truth and (high is None or truth <= high)
    assert inside >= 374  # 380 less what chance does to 400


def test_ends_of_intervals_are_those_of_the_tables() -> None:
    """Order statistics of the binomial distribution, as books on statistics list them."""
    assert interval(range(1, 21), 0.5) == (6, 15)
    assert interval(range(1, 6), 0.5) == (None, None)
    assert interval(range(1, 7), 0.5) == (1, 6)
    assert interval([1.0] * 6, 0.5) == (1.0, 1.0)


def test_the_upper_end_of_a_p95_takes_72_values() -> None:
    assert interval(range(1, 72), 0.95) == (63, None)
    assert interval(range(1, 73), 0.95) == (64, 72)
    low, high = interval(range(10_000), 0.95)
    assert low is not None
    assert high is not None
    assert 9_400 < low < 9_500 < high < 9_600


def test_the_largest_uncertainty_is_that_of_the_summary() -> None:
    assert of(1.0, 2.0).uncertainty is None
    both = summary_of([Measured(1.0, 0.02), Measured(2.0, None), Measured(3.0, 0.05)])
    assert both is not None
    assert both.uncertainty == 0.05
