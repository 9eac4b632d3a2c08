"""Pass rates, and how sure they are."""

from __future__ import annotations

import math

Z_95 = 1.959963984540054
"""Of the normal distribution, for 95 % of it."""


def wilson(passed: int, runs: int, z: float = Z_95) -> tuple[float, float]:
    """The interval that a pass rate lies in, lower and upper end, 0 to 1.

    Formula: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), p the share that passed.

    Args:
        passed: 0 to `runs`.
        runs: at least 1.
        z: how sure; `Z_95` for 95 %.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference
    (1927). Unlike p ± z √(p(1-p)/n) it is no point where all or none passed.
    """
    share, square = passed / runs, z * z
    middle = share + square / (2 * runs)
    half = z * math.sqrt(share * (1 - share) / runs + square / (4 * runs * runs))
    scale = 1 + square / runs
    low = 0.0 if passed == 0 else (middle - half) / scale
    high = 1.0 if passed == runs else (middle + half) / scale
    return low, high
