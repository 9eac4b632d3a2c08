"""Stretches in which a detector is sure of speech, and whose: the one near to the microphone.

In babble a detector hears speech all the time, and it is right: others speak. Who is meant is the
one near to the microphone, and that is told by level alone: the loud one, as long as what is
called speech is at least `BACKGROUND_DB` weaker wherever that one pauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from harness.speech.band_levels import HOPS_A_SECOND, Levels, Values, moving_mean

ON, OFF = 0.5, 0.35
"""Probability from which speech begins, and below which it ends."""

JOIN_S = 0.1
"""A detector's gaps up to this are of its windows, not of the voice."""

BACKGROUND_DB = 14.0
"""A voice this much weaker than the speaker's strong sounds is somebody else's."""

SPEAKER_DB = 9.5
"""Somewhere a stretch of the speaker's comes so near to the strong sounds: loud moments of other
voices, 15 dB below on average, reach 11 dB, and the weakest stretch of a speaker 8."""

WEAK_DB, APART_HOPS = 11.0, 40
"""What stays below the first at an end of a stretch, 80 ms and more away from the rest, may be of
either: loud moments of other voices are like that, and so are last syllables."""

CROWDED_SHARE, CROWDED_S = 0.05, 0.5
"""Where other voices are as loud as strong sounds of the speaker's for so much of their time, any
edge may be theirs: so much more uncertain is each."""

SOFTER_S_PER_DB = 0.008
"""Of what is said more softly other voices hide more: so much less sure are its edges, for each dB
that its strong sounds lie below those of the rest."""

BACKGROUND_SHARE = 0.035
"""So much of the quieter time must be called speech for there to be background voices, ..."""

WAVERING_DB, WAVERING_HOPS, WAVERING_PERCENT = 1.85, 100, 80
"""... or its level must waver: in so many of 100 moments it lies nearer than this to its mean over
0.2 s where noise is steady (1.2 to 1.5 dB, pumped up by a gain control or not), and where six
voices speak at once it does not (2.2 to 2.7 dB). A detector calls so faint a crowd speech now and
then only, ..."""

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

    doubts_s: tuple[tuple[float, float], ...] = ()
    """With voices behind: how much further than its first and its last hop each may reach, because
    what is heard there may be the speaker's, or somebody else's."""


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
    if foreground is None:
        return Detected(tuple(seeds), has_background=False)
    return Detected(
        tuple((each.first, each.end) for each in foreground),
        has_background=True,
        doubts_s=tuple((each.before_s, each.after_s) for each in foreground),
    )


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


def _near(runs: Sequence[Sequence[int]]) -> list[list[tuple[int, int]]]:
    """Runs of hops in groups whose members follow each other within `STRONG_S`."""
    groups: list[list[tuple[int, int]]] = []
    for first, end in runs:
        if groups and first - groups[-1][-1][1] < STRONG_S * HOPS_A_SECOND:
            groups[-1].append((first, end))
        else:
            groups.append([(first, end)])
    return groups


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The near speaker's sound, and how much further it may reach on either side."""

    first: int
    end: int
    before_s: float
    after_s: float

    def less_sure(self, by_s: float) -> _Stretch:
        return replace(self, before_s=self.before_s + by_s, after_s=self.after_s + by_s)


def _stretch(runs: Sequence[tuple[int, int]], is_weak: Sequence[bool]) -> _Stretch:
    """Of strong runs near to each other; weak ones at its ends, apart, are its doubt."""
    left, right = 0, len(runs) - 1
    while left < right and is_weak[right] and runs[right][0] - runs[right - 1][1] > APART_HOPS:
        right -= 1
    while left < right and is_weak[left] and runs[left + 1][0] - runs[left][1] > APART_HOPS:
        left += 1
    first, end = runs[left][0], runs[right][1]
    before, after = first - runs[0][0], runs[-1][1] - end
    return _Stretch(first, end, before / HOPS_A_SECOND, after / HOPS_A_SECOND)


def _foreground(seeds: Sequence[tuple[int, int]], levels: Levels) -> list[_Stretch] | None:
    """The near speaker's stretches; None: there are no voices behind."""
    called = np.zeros(levels.hops, bool)
    for first, end in seeds:
        called[first:end] = True
    if not called.any():
        return None
    power = moving_mean(levels.powers.sum(axis=1), LEVEL_HOPS)
    level_db = 10 * np.log10(power)
    speaker_db = _strength_db(level_db[called])
    strong = called & (level_db > speaker_db - BACKGROUND_DB)
    changes = np.flatnonzero(np.diff(np.concatenate([[0], strong.astype(np.int8), [0]])))
    loud: list[_Stretch] = []
    for runs in _near(changes.reshape(-1, 2).tolist()):
        highest_db = [float(level_db[first:end].max()) - speaker_db for first, end in runs]
        if max(highest_db) > -SPEAKER_DB:
            loud.append(_stretch(runs, [each < -WEAK_DB for each in highest_db]))
    around = np.zeros(levels.hops, bool)
    beside = round(STRONG_S * HOPS_A_SECOND)
    for each in loud:
        around[max(0, each.first - beside) : each.end + beside] = True
    quieter = ~around
    if quieter.sum() < HOPS_A_SECOND:
        return None
    from_mean_db = np.abs(level_db - moving_mean(level_db, WAVERING_HOPS))[quieter]
    wavering_db = float(np.percentile(from_mean_db, WAVERING_PERCENT))
    if called[quieter].mean() < BACKGROUND_SHARE and wavering_db < WAVERING_DB:
        return None
    calmest_db = float(np.percentile(level_db[quieter], CALMEST_PERCENT))
    if calmest_db <= speaker_db - BACKGROUND_WITHIN_DB:
        return None
    is_crowded = (level_db[quieter] > speaker_db - BACKGROUND_DB).mean() >= CROWDED_SHARE
    return [
        each.less_sure(
            (CROWDED_S if is_crowded else 0.0)
            + SOFTER_S_PER_DB * max(0.0, speaker_db - _strength_db(level_db[each.first : each.end]))
        )
        for each in loud
    ]


def _strength_db(levels_db: Values) -> float:
    """Of strong sounds."""
    return float(np.percentile(levels_db, 95))
