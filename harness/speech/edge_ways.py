"""The way outwards from inside of speech to an edge, and how uncertain the edge is. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from harness.speech.band_levels import HOP_S, Values

LOST_DOUBT = 0.5
"""A telephone may have taken so much less or more of a sound than `telephone_band` tells."""

LEAST_LOUD_HOPS = 5
"""10 ms: what is loud for less, and away from other sound, is a click."""

NEXT_TO_HOPS = 15
"""30 ms: sound that near to speech is speech, however short."""

LEVEL_DOUBT_DB = 4.0
"""By so much a gain control or a band limit shifts the level that an edge is read at."""

LEAST_ERROR_S, LEAST_IN_NOISE_S = 0.006, 0.015
UNSEEN_S = 0.12
"""Uncertainty of the detector's own edges."""


class Way(NamedTuple):
    """How far an edge may lie from where the detector saw it, and how long a dip may be."""

    reach_s: float
    dip_s: float


class Reach(NamedTuple):
    """The way to an onset, and to an offset."""

    onset: Way
    offset: Way


IN_QUIET = Reach(Way(1.0, 0.10), Way(0.8, 0.15))
IN_NOISE = Reach(Way(0.7, 0.08), Way(0.3, 0.10))
"""In noise, what is found further away is noise."""

IN_GUSTS = Reach(Way(0.13, 0.08), Way(0.1, 0.10))
"""In noise that moves, what lies beyond that which a detector misses as a rule is noise: it hears
what is loud enough to stand out."""

AMONG_VOICES = Reach(Way(0.1, 0.04), Way(0.3, 0.10))
"""What stands out further away is said by others."""

Errors = tuple[tuple[float, float], ...]
"""Uncertainty by `Edge.hidden_db`."""

ONSET_ERRORS_S: Errors = (
    (-10, 0.008),
    (-5, 0.012),
    (0, 0.030),
    (5, 0.050),
    (10, 0.075),
)
OFFSET_ERRORS_S: Errors = (
    (-10, 0.010),
    (-5, 0.020),
    (0, 0.040),
    (5, 0.070),
    (10, 0.12),
    (15, 0.18),
)
"""95 of 100 errors lie within these, on the tuning calls of `harness bench detector` and on others
whose voices have softer ends."""

Go = Callable[[Way, tuple[float, float]], int | None]
"""How many hops outwards sound goes on, by what `EdgeFinder._loud` takes for sound; None: there is
none."""


def way_out(loud: Values, inside: int, longest_dip: int) -> int | None:
    """How many hops outwards the sound goes on; None: there is none.

    Args:
        loud: outwards, from inside of the speech; hops of 2 ms, shape (hops,), at any rate.
        inside: so many of the first hops were detected as speech: no dip ends it there.
        longest_dip: so many quiet hops do not end it.
    """
    changes = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
    reached: int | None = None
    for start, end in changes.reshape(-1, 2):
        if reached is not None:
            dip = start - reached
            is_inside = start < inside
            if dip > longest_dip and not is_inside:
                break
            soon = loud[start : start + 20].sum()
            if dip > NEXT_TO_HOPS and soon < LEAST_LOUD_HOPS and not is_inside:
                continue
        reached = int(end)
    return reached


@dataclass(frozen=True, slots=True)
class Ways:
    """How many hops outwards a sound goes on, by what is taken for sound."""

    out: int | None
    """As an edge is defined; None: there is none."""

    others: tuple[int, ...]
    """Were what counts, or what a telephone took, a little more or less."""

    doubtful: int
    """Were what sounds again after a longer dip part of it; 0: nothing does."""

    @classmethod
    def of(cls, go: Go, way: Way, least_peak: float, doubtful: int | None = None) -> Ways:
        """Those of a sound that counts from a level on, and of a little more and less of it.

        Args:
            go: the way out by what is taken for sound.
            way: how far, with how long a dip.
            least_peak: the size of a sample that counts.
            doubtful: hops to what sounds again after a longer dip; None: nothing does.
        """
        factor = 10 ** (LEVEL_DOUBT_DB / 20)
        nearby = ((least_peak * factor, 1 - LOST_DOUBT), (least_peak / factor, 1 + LOST_DOUBT))
        others = (go(way, each) for each in nearby)
        found = tuple(each for each in others if each is not None)
        return cls(go(way, (least_peak, 1.0)), found, doubtful or 0)

    def stated_s(
        self, hidden_db: float, errors_s: Errors, least_s: float, carried_s: float
    ) -> float:
        """The uncertainty of the edge."""
        if self.out is None:
            return UNSEEN_S
        apart_s = max((abs(each - self.out) for each in self.others), default=0) * HOP_S
        hidden_s = float(np.interp(hidden_db, [db for db, _ in errors_s], [s for _, s in errors_s]))
        doubt_s = max(0, self.doubtful - self.out) * HOP_S
        # Noise hides an end, or carries it on: never both.
        return doubt_s + max(hidden_s, least_s, LEAST_ERROR_S + apart_s, carried_s)
