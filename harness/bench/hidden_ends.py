"""The part of a turn's last word that its background hides: what no reader of levels can see.

Of a call of known truth both are at hand, the clean voice and what was added to it. A moment of the
voice is seen while it is clearly louder than what is heard behind at that very moment, in any band.
Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.speech.band_levels import HOP_S, measure_levels, moving_mean
from harness.speech.spans import Span

CLEARLY_DB = 10.0
"""A choice: at 5 dB the ends of some 8 of 100 turns of the tuning calls are hidden in babble, of 20
at 10 dB."""

SEEN_HOPS = 5
"""10 ms; what is seen for less is a click."""

HIDDEN_S = 0.06
"""An end that is hidden for longer is found as wrong as a number may be at 15 dB."""


def hidden_ends_s(
    clean: MonoFloat32, heard: MonoFloat32, spans: Sequence[Span]
) -> npt.NDArray[np.float64]:
    """How long before the true end of each span the voice is last seen, in seconds.

    Args:
        clean: float32, shape (frames,), 48 kHz.
        heard: the same with a background added, as long.
        spans: where the voice is, by the truth.

    Returns:
        shape (spans,), 0 where the voice is seen up to its end; all of it where it never is.
    """
    voice, behind = (
        moving_mean(measure_levels(each, CALL_RATE_HZ).powers, SEEN_HOPS)
        for each in (clean, heard - clean)
    )
    louder = voice > behind * 10 ** (CLEARLY_DB / 10)
    is_loud = np.asarray(louder.any(axis=1), np.bool_)
    return np.array([_hidden_s(is_loud, span) for span in spans])


def hidden_percent(hidden_s: npt.NDArray[np.float64]) -> float | None:
    """How many of 100 ends are hidden for longer than `HIDDEN_S`; None: there are none."""
    return round(100 * float((hidden_s > HIDDEN_S).mean()), 1) if len(hidden_s) else None


def _hidden_s(is_loud: npt.NDArray[np.bool_], span: Span) -> float:
    first, end = round(span.start_s / HOP_S), round(span.end_s / HOP_S)
    inside = is_loud[first:end].astype(np.int64)
    if len(inside) < SEEN_HOPS:
        return span.duration_s
    runs = np.convolve(inside, np.ones(SEEN_HOPS, np.int64), "valid") == SEEN_HOPS
    if not runs.any():
        return span.duration_s
    seen_until = int(np.flatnonzero(runs)[-1]) + SEEN_HOPS
    return (len(inside) - seen_until) * HOP_S
