"""Summary of one number over many turns or runs: median, p95, count and confidence. Pure.

Quantiles are interpolated between neighbours (numpy's default). A confidence interval is a
percentile bootstrap: the values are drawn with replacement, by a fixed seed, so that the same
values give the same interval.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

LEAST_FOR_P95 = 20
"""Of fewer values the 95th percentile is the largest one, or made up between the last two."""

LEAST_FOR_INTERVAL = 5
"""Of fewer values there are too few different draws for an interval."""

DRAWS = 2000
"""Draws of the bootstrap."""


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
    p95_high: float | None
    largest: float
    uncertainty: float | None
    """The largest of the values' own; None where none is known."""

    @property
    def why_no_p95(self) -> str | None:
        """Why the 95th percentile is withheld, in words; None where it is not."""
        if self.p95 is not None:
            return None
        return f"withheld: {self.count} values, and it takes {LEAST_FOR_P95}"


def summary_of(values: Iterable[Measured | None], seed: int = 0) -> Summary | None:
    """Sum up a number.

    Args:
        values: one of each turn, None where it did not happen: that one is left out.
        seed: of the bootstrap.

    Returns:
        None where it never happened.
    """
    measured = [value for value in values if value is not None]
    if not measured:
        return None
    numbers = np.array([one.value for one in measured])
    median_low, median_high = interval(numbers, 0.5, seed)
    enough = len(numbers) >= LEAST_FOR_P95
    p95_low, p95_high = interval(numbers, 0.95, seed) if enough else (None, None)
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


def interval(values: Any, share: float, seed: int = 0) -> tuple[float | None, float | None]:
    """The 95 % confidence interval of a quantile; (None, None) of too few values.

    Formula: the 2.5th and 97.5th percentile of the quantile over `DRAWS` draws with replacement.
    """
    numbers = np.asarray(values, float)
    if len(numbers) < LEAST_FOR_INTERVAL:
        return None, None
    random = np.random.default_rng(seed)
    drawn = random.choice(numbers, (DRAWS, len(numbers)))
    low, high = np.quantile(np.quantile(drawn, share, axis=1), (0.025, 0.975))
    return float(low), float(high)
