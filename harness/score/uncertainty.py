"""Uncertainty of a number, from that of the edges it lies between. Pure.

Every uncertainty here means: in 95 of 100 cases the truth lies this near, either way.
"""

from __future__ import annotations

import math

CANNOT_TELL_S = 0.25
"""A latency that may be wrong by more says nothing: a number is withheld rather than guessed."""

KNOWN_CLIP_S = 0.015
"""Of an edge of a clip that we play: read from the clip alone, with no noise and no codec on it."""

NEAR_S = 0.05
SIGMAS = 1.96
"""95 of 100 cases lie within so many standard deviations."""


def combined(*parts_s: float | None) -> float | None:
    """Uncertainty of a sum or difference of independent places; None where a part has none.

    Formula: the root of the sum of the squares.
    """
    known = [part for part in parts_s if part is not None]
    return math.hypot(*known) if len(known) == len(parts_s) else None


def confidence(uncertainty_s: float | None) -> float | None:
    """How likely a number lies within 50 ms of the truth, 0 to 1; None where nothing is known.

    Formula: the share of a normal distribution within `NEAR_S`, 95 % of which lie within the
    uncertainty.
    """
    if uncertainty_s is None:
        return None
    if uncertainty_s <= 0:
        return 1.0
    return math.erf(NEAR_S * SIGMAS / uncertainty_s / math.sqrt(2))


def can_tell(uncertainty_s: float | None) -> bool:
    """Whether a number with this uncertainty is worth saying; one without any is."""
    return uncertainty_s is None or uncertainty_s <= CANNOT_TELL_S


def in_words(value_s: float, uncertainty_s: float | None) -> str:
    """For people: "0.82 s ± 0.02"."""
    doubt = "" if uncertainty_s is None else f" ± {max(uncertainty_s, 0.01):.2f}"
    return f"{value_s:.2f} s{doubt}"
