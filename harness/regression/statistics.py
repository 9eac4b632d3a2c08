"""Statistics of a comparison: tests, intervals, and many of them at once. Pure and seeded."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harness.suite.pass_rate import wilson

ALPHA = 0.05
"""Of all tests of a comparison together: so often one of them may claim what is chance."""

DRAWS = 2000
TRIM = 0.2
"""Share of the pairs left out of a mean at each end: one stalled answer is no slower build."""

MOST_EXACT = 60

Floats = npt.NDArray[np.float64]
Sides = tuple[Floats, Floats]
"""What one turn gave in the base runs and in the new ones."""


def holm(p_values: Sequence[float], alpha: float = ALPHA) -> list[bool]:
    """Which tests hold, all of them taken together (Holm's step-down method).

    The chance that any of them claims what is not so is at most `alpha`.
    """
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    holds = [False] * len(p_values)
    for rank, index in enumerate(order):
        if p_values[index] > alpha / (len(p_values) - rank):
            break
        holds[index] = True
    return holds


def signed_rank_p(differences: Sequence[float]) -> float:
    """Wilcoxon's signed-rank test of paired differences, two-sided; 1.0 where there are none.

    Exact up to `MOST_EXACT` pairs (all signs equally likely, ties share their ranks), by the
    normal distribution above.
    """
    values = np.asarray([value for value in differences if value != 0], np.float64)
    count = len(values)
    if not count:
        return 1.0
    doubled = np.rint(2 * average_ranks(np.abs(values))).astype(int)
    positive, total = int(doubled[values > 0].sum()), int(doubled.sum())
    extreme = min(positive, total - positive)
    if count > MOST_EXACT:
        spread = math.sqrt(float(np.square(doubled).sum())) / 2
        return _two_sided(max(0.0, total / 2 - extreme - 1) / spread)
    ways = np.zeros(total + 1)
    ways[0] = 1.0
    for rank in doubled:
        ways[rank:] = (ways[rank:] + ways[:-rank]) / 2
        ways[:rank] /= 2
    return min(1.0, 2 * float(ways[: extreme + 1].sum()))


def rank_sum_p(turns: Sequence[Sides]) -> float:
    """Mann-Whitney's U over turns, each one ranked by itself, two-sided.

    The U of the turns are added (one turn: the plain test); normal, with continuity and ties.
    """
    total = variance = 0.0
    for base, new in turns:
        n, m = len(base), len(new)
        if not n or not m:
            continue
        ranks = average_ranks(np.concatenate([base, new]))
        total += float(ranks[n:].sum()) - m * (m + 1) / 2 - n * m / 2
        _, ties = np.unique(ranks, return_counts=True)
        tied = float((ties**3 - ties).sum()) / ((n + m) * max(n + m - 1, 1))
        variance += n * m / 12 * (n + m + 1 - tied)
    if variance <= 0:
        return 1.0
    return _two_sided(max(0.0, abs(total) - 0.5) / math.sqrt(variance))


def average_ranks(values: Floats) -> Floats:
    """Ranks from 1, shape (values,); equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Floats = ((2 * ends - counts + 1) / 2)[inverse]
    return ranks


def trimmed_mean(values: Floats) -> Floats:
    """The mean along the last axis without the lowest and highest `TRIM` of it."""
    count = values.shape[-1]
    cut = int(count * TRIM)
    mean: Floats = np.sort(values, axis=-1)[..., cut : count - cut].mean(axis=-1)
    return mean


def shift_of(turns: Sequence[Sides]) -> float:
    """How much more the new side has, typically; in the unit of the values."""
    return float(trimmed_mean(_differences(turns)))


def bootstrap(
    turns: Sequence[Sides], uncertain: Sequence[float], seed: int = 1
) -> tuple[float, float]:
    """The 95 % interval of `shift_of`.

    Turns are drawn anew; where there are fewer than six, and runs were repeated, runs within each.

    Args:
        uncertain: of each turn's difference, as measured: 95 of 100 lie this near. Each draw is
            moved by so much, so that numbers that nobody knows well make the interval wider.
    """
    rng = np.random.default_rng(seed)
    is_repeated = all(min(len(base), len(new)) > 1 for base, new in turns)
    if len(turns) >= 6 or not is_repeated:
        differences = _differences(turns)
        drawn = differences[rng.integers(0, len(turns), (DRAWS, len(turns)))]
    else:
        drawn = np.stack([_redrawn(new, rng) - _redrawn(base, rng) for base, new in turns], axis=-1)
    drawn = drawn + rng.normal(0, 1, drawn.shape) * (np.asarray(uncertain) / 1.96)
    low, high = np.quantile(trimmed_mean(drawn), [0.025, 0.975])
    return float(low), float(high)


def _redrawn(values: Floats, rng: np.random.Generator) -> Floats:
    means: Floats = values[rng.integers(0, len(values), (DRAWS, len(values)))].mean(axis=1)
    return means


def _differences(turns: Sequence[Sides]) -> Floats:
    return np.asarray([new.mean() - base.mean() for base, new in turns], np.float64)


def newcombe(base: tuple[int, int], new: tuple[int, int]) -> tuple[float, float]:
    """The 95 % interval of the new rate less the base's, from Wilson's intervals of both.

    Args:
        base: how many of how many; `new` the same.
    """
    one, other = base[0] / base[1], new[0] / new[1]
    low, high = wilson(*base)
    new_low, new_high = wilson(*new)
    less = math.hypot(other - new_low, high - one)
    more = math.hypot(new_high - other, one - low)
    return other - one - less, other - one + more


def fisher_p(base: tuple[int, int], new: tuple[int, int]) -> float:
    """Fisher's exact test of two rates, two-sided."""
    (k, n), (m, count) = base, new
    hits = k + m
    every = math.comb(n + count, hits)
    weights = [math.comb(n, i) * math.comb(count, hits - i) for i in range(min(n, hits) + 1)]
    return min(1.0, sum(w for w in weights if w <= weights[k]) / every)


def _two_sided(sigmas: float) -> float:
    return math.erfc(sigmas / math.sqrt(2))
