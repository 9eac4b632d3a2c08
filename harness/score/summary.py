"""Summary of one number over many turns or runs: median, p95, count and confidence. Pure.

Quantiles are interpolated between neighbours (numpy's default). A confidence interval lies between
two of the values themselves, and holds whatever their distribution is: a bootstrap cannot look
beyond the largest value, and what it calls 95 % of a 95th percentile of 20 values is 66 %.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LEAST_FOR_P95 = 20
"""Of fewer values the 95th percentile is the largest one, or made up between the last two."""

OUTSIDE = 0.025
"""Of 100 intervals so many may lie below the truth, and as many above: 95 % confidence."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One value and how far it may be off."""

    value: float
    uncertainty: float | None = None
    """In 95 of 100 cases the truth lies this near, either way; None: not known."""

    @property
    def low(self) -> float:
        """The least it may be."""
        return self.value - (self.uncertainty or 0.0)

    @property
    def high(self) -> float:
        """The most it may be."""
        return self.value + (self.uncertainty or 0.0)


@dataclass(frozen=True, slots=True)
class Summary:
    """One number over many turns or runs; what cannot be said is None."""

    count: int
    median: float
    median_low: float | None
    """With 95 % confidence the median of more such turns lies between this …"""

    median_high: float | None
    """… and this."""

    p95: float | None
    """None below `LEAST_FOR_P95` values."""

    p95_low: float | None
    """As of the median."""

    p95_high: float | None
    """None below 72 values: what is rarer than all of them cannot be told from fewer."""

    largest: float
    uncertainty: float | None
    """The largest of the values' own; None where none is known."""

    @property
    def why_no_p95(self) -> str | None:
        """Why the 95th percentile is withheld, in words; None where it is not."""
        if self.p95 is not None:
            return None
        return f"withheld: {self.count} values, and it takes {LEAST_FOR_P95}"


def summary_of(values: Iterable[Measured | None]) -> Summary | None:
    """Sum up a number.

    Args:
        values: one of each turn, None where it did not happen: that one is left out.

    Returns:
        None where it never happened.
    """
    measured = [value for value in values if value is not None]
    if not measured:
        return None
    numbers = np.array([one.value for one in measured])
    median_low, median_high = interval(numbers, 0.5)
    enough = len(numbers) >= LEAST_FOR_P95
    p95_low, p95_high = interval(numbers, 0.95) if enough else (None, None)
    doubts = [one.uncertainty for one in measured if one.uncertainty is not None]
    return Summary(
        count=len(numbers),
        median=quantile(numbers, 0.5),
        median_low=median_low,
        median_high=median_high,
        p95=quantile(numbers, 0.95) if enough else None,
        p95_low=p95_low,
        p95_high=p95_high,
        largest=float(numbers.max()),
        uncertainty=max(doubts, default=None),
    )


def quantile(values: Any, share: float) -> float:
    """The value below which this share (0 to 1) of the values lies, interpolated."""
    return float(np.quantile(np.asarray(values, float), share))


def interval(values: Any, share: float) -> tuple[float | None, float | None]:
    """The 95 % confidence interval of a quantile; None where there are too few values for an end.

    Formula: how many of n values lie below the true quantile is binomial with n and this share. The
    low end is the largest value that 97.5 of 100 such samples have below it, the high end the
    smallest that as many have above it. A median takes 6 values, the high end of a p95 takes 72.
    """
    numbers = np.sort(np.asarray(values, float))
    below = np.cumsum(_binomial(len(numbers), share))  # at [k]: k values or fewer lie below
    lows = np.flatnonzero(below[:-1] <= OUTSIDE)
    highs = np.flatnonzero(1.0 - below[:-1] <= OUTSIDE)
    low = float(numbers[lows[-1]]) if len(lows) else None
    high = float(numbers[highs[0]]) if len(highs) else None
    return low, high


def _binomial(count: int, share: float) -> npt.NDArray[np.float64]:
    """Probabilities of 0 to ``count`` successes, by logarithms: a power of 10 000 is no number."""
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 1)))])
    ways = factorials[-1] - factorials - factorials[::-1]
    successes = np.arange(count + 1)
    probabilities: npt.NDArray[np.float64] = np.exp(
        ways + successes * np.log(share) + successes[::-1] * np.log1p(-share)
    )
    return probabilities
