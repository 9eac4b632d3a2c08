"""Bounds of numbers: held, failed, or not to be told because the bound lies inside the doubt. Pure.

A value of 0.89 s ± 0.02 neither holds nor breaks a bound of 0.9 s: the truth may be on either side.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.score.judgement import Outcome
from harness.score.summary import LEAST_FOR_P95, Measured, quantile

Judged = tuple[Outcome, str]
"""What became of it, with the evidence in words."""


def judge_value(value: Measured, limit_s: float) -> Outcome:
    """Whether one value is at most the limit."""
    if value.high <= limit_s:
        return "held"
    return "failed" if value.low > limit_s else "cannot_tell"


def judge_every(values: Sequence[Measured], limit_s: float) -> Judged:
    """Whether each value is at most the limit; the worst is the evidence."""
    if not values:
        return "cannot_tell", "it never happened"
    worst = max(values, key=lambda one: one.low)
    if judge_value(worst, limit_s) != "failed":
        worst = max(values, key=lambda one: one.high)
    found = f"the largest of {len(values)} is {seconds(worst)}, against {limit_s:g} s"
    return judge_value(worst, limit_s), found


def judge_quantile(values: Sequence[Measured], share: float, limit_s: float, name: str) -> Judged:
    """Whether a quantile of the values is at most the limit.

    It may lie between the quantile of the least that each value may be, and that of the most. A
    95th percentile of fewer than 20 values is not told.

    Args:
        share: 0.5 is the median.
        name: for the evidence: "p95".
    """
    if not values:
        return "cannot_tell", "it never happened"
    if share > 0.5 and len(values) < LEAST_FOR_P95:
        found = f"{len(values)} values, and {name} takes {LEAST_FOR_P95}"
        return "cannot_tell", f"{name} is withheld: {found}"
    middle = quantile([one.value for one in values], share)
    low = quantile([one.low for one in values], share)
    high = quantile([one.high for one in values], share)
    doubt = max(high - middle, middle - low)
    known = any(one.uncertainty is not None for one in values)
    about = Measured(middle, doubt if known else None)
    found = f"{name} of {len(values)} is {seconds(about)}, against {limit_s:g} s"
    if high <= limit_s:
        return "held", found
    return ("failed" if low > limit_s else "cannot_tell"), found


def judge_count(values: Sequence[Measured | None], limit_s: float, at_least: int) -> Judged:
    """Whether so many values are at most the limit; one that did not happen is not."""
    outcomes = [None if one is None else judge_value(one, limit_s) for one in values]
    sure, doubtful = outcomes.count("held"), outcomes.count("cannot_tell")
    found = f"{sure} of {len(values)} are within {limit_s:g} s"
    if doubtful:
        found += f", {doubtful} may be, by their uncertainty"
    if outcomes.count(None):
        found += f", {outcomes.count(None)} did not happen"
    if sure >= at_least:
        return "held", found
    return ("cannot_tell" if sure + doubtful >= at_least else "failed"), found


def seconds(value: Measured) -> str:
    """For people, to the millisecond: "0.890 s (± 0.020 s)", or "(± not known)"."""
    doubt = "not known" if value.uncertainty is None else f"{value.uncertainty:.3f} s"
    return f"{value.value:.3f} s (± {doubt})"
