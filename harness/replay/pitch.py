"""Pitch of voices, to notice two people on one channel where theirs lie far apart. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from harness.audio.clip import AudioClip
from harness.audio.resample import resample

RATE_HZ = 8000
LOWEST_HZ, HIGHEST_HZ = 70.0, 350.0
FRAME_S, HOP_S = 0.05, 0.02
PERIODIC = 0.6
"""A frame that is this like itself one period later is voiced."""

LEAST_FRAMES = 10
APART_OCTAVES = 0.5
"""One person's sentences lie nearer to each other; a man's and a woman's voice usually further."""

LEAST_PIECES = 2


def pitch_hz(clip: AudioClip) -> float | None:
    """The usual pitch of a voice; None where too little of it is voiced.

    Formula: the median over voiced frames of the frequency whose period the frame repeats best;
    of several that are about as good the highest.

    Args:
        clip: one person's speech, any rate.
    """
    samples = resample(clip.samples, clip.sample_rate_hz, RATE_HZ)
    size, hop = round(FRAME_S * RATE_HZ), round(HOP_S * RATE_HZ)
    if len(samples) < 2 * size:
        return None
    found = [
        _of_frame(samples[at : at + 2 * size]) for at in range(0, len(samples) - 2 * size, hop)
    ]
    voiced = [each for each in found if each is not None]
    return float(np.median(voiced)) if len(voiced) >= LEAST_FRAMES else None


def _of_frame(samples: npt.NDArray[np.float32]) -> float | None:
    """Of the first half of the samples, compared with what follows it."""
    half = len(samples) // 2
    whole = np.asarray(samples, np.float64) - samples.mean()
    first = whole[:half]
    lags = np.arange(round(RATE_HZ / HIGHEST_HZ), min(half, round(RATE_HZ / LOWEST_HZ)) + 1)
    products = np.correlate(whole[: half + lags[-1]], first, "valid")[lags]
    sums = np.concatenate([[0.0], np.cumsum(whole**2)])
    energies = sums[lags + half] - sums[lags]
    own = sums[half]
    if own <= 1e-7 * half:
        return None
    likeness = products / np.sqrt(np.maximum(energies * own, 1e-12))
    best = float(likeness.max())
    if best < PERIODIC:
        return None
    near = np.flatnonzero(likeness >= 0.9 * best)
    peaks = [i for i in near if likeness[i] == likeness[max(0, i - 5) : i + 6].max()]
    return RATE_HZ / float(lags[peaks[0]])


def two_voices(pitches_hz: Sequence[float]) -> tuple[float, float] | None:
    """The pitches of two people; None where it may be one.

    Args:
        pitches_hz: of stretches of speech, in any order.
    """
    octaves = np.sort(np.log2(np.asarray(pitches_hz, np.float64)))
    gaps = [after - before for before, after in pairwise(octaves)]
    if not gaps:
        return None
    cut = int(np.argmax(gaps)) + 1
    low, high = octaves[:cut], octaves[cut:]
    if gaps[cut - 1] < APART_OCTAVES or min(len(low), len(high)) < LEAST_PIECES:
        return None
    return float(2 ** np.median(low)), float(2 ** np.median(high))
