"""Stretches in which a detector is sure of speech, and whose: the one near to the microphone.

In babble a detector hears speech all the time, and it is right: others speak. Who is meant is the
one near to the microphone, and that is told by level alone: the loud one, as long as what is
called speech is at least `BACKGROUND_DB` weaker wherever that one pauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.speech.band_levels import HOPS_A_SECOND, Levels, moving_mean

ON, OFF = 0.5, 0.35
"""Probability from which speech begins, and below which it ends."""

JOIN_S = 0.1
"""A detector's gaps up to this are of its windows, not of the voice."""

BACKGROUND_DB = 14.0
"""A voice this much weaker than the speaker's strong sounds is somebody else's."""

BACKGROUND_SHARE = 0.035
"""So much of the quieter time must be called speech for there to be background voices, ..."""

BACKGROUND_WITHIN_DB = 30.0
"""... and even its calm moments be no quieter than this below the speaker. Without: one who speaks
softly, or somebody else who leaks over from the other channel."""

CALMEST_PERCENT = 20

STRONG_S = 0.25
"""Strong sounds of one speaker follow each other within this."""

LEVEL_HOPS = 16
"""32 ms, over which a voice's level is taken."""


@dataclass(frozen=True, slots=True)
class Detected:
    """What a detector found in a stretch of sound."""

    seeds: tuple[tuple[int, int], ...]
    """First hop of each, and the one behind its last; see `HOP_S`."""

    has_background: bool
    """Other voices are heard behind the speaker's."""


def detected(
    probabilities: Sequence[float], window_s: float, levels: Levels, threshold: float = ON
) -> Detected:
    """Where the speaker is, at the detector's own resolution.

    Args:
        probabilities: of speech, one for each window of ``window_s`` from the first sample on.
        levels: of the same sound.
        threshold: from here on a window is speech; a little less keeps it.
    """
    runs = _runs(probabilities, threshold, min(OFF, threshold))
    hops = [
        (round(a * window_s * HOPS_A_SECOND), round(b * window_s * HOPS_A_SECOND)) for a, b in runs
    ]
    seeds = [(a, min(b, levels.hops)) for a, b in joined(hops, JOIN_S) if a < levels.hops]
    foreground = _foreground(seeds, levels)
    return Detected(tuple(seeds if foreground is None else foreground), foreground is not None)


def joined(spans: Sequence[tuple[int, int]], join_s: float) -> list[tuple[int, int]]:
    """Spans of hops, in order; those nearer to each other than this are one."""
    found: list[tuple[int, int]] = []
    for first, end in spans:
        if found and first - found[-1][1] < join_s * HOPS_A_SECOND:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((first, end))
    return found


def _runs(probabilities: Sequence[float], on: float, off: float) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for index, probability in enumerate(probabilities):
        if start is None and probability >= on:
            start = index
        elif start is not None and probability < off:
            runs.append((start, index))
            start = None
    if start is not None:
        runs.append((start, len(probabilities)))
    return runs


def _foreground(seeds: Sequence[tuple[int, int]], levels: Levels) -> list[tuple[int, int]] | None:
    """The near speaker's stretches; None: there are no voices behind."""
    called = np.zeros(levels.hops, bool)
    for first, end in seeds:
        called[first:end] = True
    if not called.any():
        return None
    power = moving_mean(levels.powers.sum(axis=1), LEVEL_HOPS)
    level_db = 10 * np.log10(power)
    speaker_db = float(np.percentile(level_db[called], 95))
    strong = called & (level_db > speaker_db - BACKGROUND_DB)
    changes = np.flatnonzero(np.diff(np.concatenate([[0], strong.astype(np.int8), [0]])))
    loud = joined([(int(a), int(b)) for a, b in changes.reshape(-1, 2)], STRONG_S)
    around = np.zeros(levels.hops, bool)
    for first, end in loud:
        around[max(0, first - round(STRONG_S * HOPS_A_SECOND)) :][
            : end - first + 2 * round(STRONG_S * HOPS_A_SECOND)
        ] = True
    quieter = ~around
    if quieter.sum() < HOPS_A_SECOND or called[quieter].mean() < BACKGROUND_SHARE:
        return None
    calmest_db = float(np.percentile(level_db[quieter], CALMEST_PERCENT))
    return loud if calmest_db > speaker_db - BACKGROUND_WITHIN_DB else None
