"""Bounds against values whose truth may lie on either side."""

from __future__ import annotations

import pytest

from harness.score.bounds import judge_count, judge_every, judge_quantile, judge_value
from harness.score.summary import Measured


@pytest.mark.parametrize(
    ("value", "doubt", "outcome"),
    [
        (0.88, 0.02, "held"),
        (0.89, 0.02, "cannot_tell"),
        (0.91, 0.02, "cannot_tell"),
        (0.93, 0.02, "failed"),
        (0.90, None, "held"),
        (0.91, None, "failed"),
    ],
)
def test_a_bound_inside_the_doubt_is_not_told(
    value: float, doubt: float | None, outcome: str
) -> None:
    assert judge_value(Measured(value, doubt), 0.9) == outcome


def test_every_value_counts_and_the_worst_is_shown_with_bound_and_doubt() -> None:
    values = [Measured(0.5, 0.02), Measured(0.89, 0.03)]
    assert judge_every(values, 0.9) == (
        "cannot_tell",
        "the largest of 2 is 0.890 s (± 0.030 s), against 0.9 s",
    )
    assert judge_every([*values, Measured(1.0, 0.01)], 0.9)[0] == "failed"
    assert judge_every(values, 1.0)[0] == "held"
    assert judge_every([], 1.0) == ("cannot_tell", "it never happened")


def test_a_sure_breach_is_not_hidden_by_a_larger_doubtful_value() -> None:
    assert judge_every([Measured(0.95, 0.01), Measured(1.0, 0.3)], 0.9)[0] == "failed"


def test_a_percentile_is_judged_by_where_it_may_lie() -> None:
    values = [Measured(0.8, 0.02)] * 30
    assert judge_quantile(values, 0.95, 0.9, "p95")[0] == "held"
    assert judge_quantile(values, 0.95, 0.81, "p95") == (
        "cannot_tell",
        "p95 of 30 is 0.800 s (± 0.020 s), against 0.81 s",
    )
    assert judge_quantile(values, 0.95, 0.7, "p95")[0] == "failed"
    few = judge_quantile(values[:19], 0.95, 0.9, "p95")
    assert few == ("cannot_tell", "p95 is withheld: 19 values, and p95 takes 20")
    assert judge_quantile(values[:19], 0.5, 0.9, "median")[0] == "held"


def test_so_many_of_so_many() -> None:
    """27 of 30: 26 sure and 1 that may be is not told, and 2 that did not happen are not within."""
    sure, maybe, no = Measured(0.4, 0.02), Measured(0.49, 0.02), Measured(0.7, 0.02)
    assert judge_count([sure] * 27 + [no] * 3, 0.5, 27)[0] == "held"
    assert judge_count([sure] * 26 + [maybe] + [no] * 3, 0.5, 27) == (
        "cannot_tell",
        "26 of 30 are within 0.5 s, 1 may be, by their uncertainty",
    )
    assert judge_count([sure] * 26 + [None] * 2 + [no] * 2, 0.5, 27) == (
        "failed",
        "26 of 30 are within 0.5 s, 2 did not happen",
    )
