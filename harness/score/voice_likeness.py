"""Likeness of one stretch of a voice to another: energies in bands of the voice, over time.

Pure. They survive a codec, a jitter buffer and another loudness; two people, or two sentences, have
others.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from harness.audio.clip import AudioClip

STEP_S = 0.01
COARSE_HZ = (150, 300, 450, 650, 900, 1250, 1700, 2300, 3200)
"""Edges of bands that tell sentences apart."""

FINE_HZ = (*range(100, 1_400, 50), *range(1_400, 3_300, 200))
"""Edges of bands that tell speakers apart, too: the lower ones show the pitch."""

RANGE_DB = 40.0
"""What is quieter than the loudest moment by more than this is taken for silence."""

FLAT = 1e-3
"""A stretch whose energies vary less than this (dB squared, all in all) is silence."""

Energies = npt.NDArray[np.float64]
"""Decibels above silence, shape (steps, bands)."""

PIECE_STEPS, HOP_STEPS = 30, 15
"""A voice is cut in pieces of so many steps, one each so many."""

NEXT_STEPS = range(6, 24)
"""How far behind a piece the next one may lie: a jitter buffer stretches speech, or hurries it."""


def energies(clip: AudioClip) -> Energies:
    """A clip's energies in the coarse bands, one row each `STEP_S`, in windows of 20 ms."""
    return _energies(clip, COARSE_HZ, 2)


def fine_energies(clip: AudioClip) -> Energies:
    """The same in the fine bands and windows of 40 ms."""
    return _energies(clip, FINE_HZ, 4)


def _energies(clip: AudioClip, edges_hz: Sequence[float], steps: int) -> Energies:
    """In windows of so many steps, the first of which begins with the clip."""
    step = round(clip.sample_rate_hz * STEP_S)
    size = steps * step
    padded = np.concatenate([clip.samples, np.zeros(size - step, np.float32)])
    count = max(0, (len(padded) - size) // step + 1)
    if count == 0:
        return np.zeros((0, len(edges_hz) - 1))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::step][:count]
    power = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) ** 2
    hz = np.fft.rfftfreq(size, 1 / clip.sample_rate_hz)
    bands = [power[:, (hz >= low) & (hz < high)].sum(axis=1) for low, high in pairwise(edges_hz)]
    levels_db = 10 * np.log10(np.stack(bands, axis=1) + 1e-9)
    above_db: Energies = np.maximum(0.0, levels_db - (levels_db.max() - RANGE_DB))
    return above_db


def likenesses(long: Energies, short: Energies) -> npt.NDArray[np.float64]:
    """How like two voices are, at each place of the long one where all of the short one fits.

    Correlation over time and bands, so the loudness of each does not count.

    Returns:
        -1 to 1, shape (steps of the long one - steps of the short one + 1,); empty where the
        short one does not fit.
    """
    count, width = len(long), len(short)
    if width == 0 or count < width:
        return np.zeros(0)
    wanted = short - short.mean(axis=0)
    size = count + width - 1
    spectra = np.fft.rfft(long, size, axis=0) * np.fft.rfft(wanted[::-1], size, axis=0)
    fitting: Energies = np.fft.irfft(spectra, size, axis=0)[width - 1 : count]
    shared = np.sum(fitting, axis=1)
    varied = (_windows(long**2, width) - _windows(long, width) ** 2 / width).sum(axis=1)
    varied = np.where(varied > FLAT, varied, np.inf)
    wanted_size = float((wanted**2).sum())
    if wanted_size <= FLAT:
        return np.zeros(len(shared))
    return np.asarray(shared / np.sqrt(varied * wanted_size), np.float64)


def warped_likeness(long: Energies, short: Energies, enough: float) -> float:
    """How like the short one is to a part of the other, at a pace that may vary.

    Formula: the short one in pieces, each at the place where it is like the long one, the places
    apart by `NEXT_STEPS`; the mean of the likenesses, weighted by how much a piece varies, where it
    is greatest.

    Args:
        enough: what cannot reach this is not looked at to its end.

    Returns:
        0 to 1, or -1 where nothing is told: less than ``enough``, or less than a piece.
    """
    starts = range(0, len(short) - PIECE_STEPS + 1, HOP_STEPS)
    pieces = [short[at : at + PIECE_STEPS] for at in starts]
    weights = [float(np.sqrt(((piece - piece.mean(axis=0)) ** 2).sum())) for piece in pieces]
    left = whole = sum(weights)
    if whole <= FLAT or len(long) < PIECE_STEPS:
        return -1.0
    sums = np.zeros(len(long) - PIECE_STEPS + 1)
    for number, (piece, weight) in enumerate(zip(pieces, weights, strict=True)):
        sums = (_reached(sums) if number else sums) + weight * likenesses(long, piece)
        left -= weight
        if sums.max() + left < enough * whole:
            return -1.0
    return float(sums.max()) / whole


def _reached(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The greatest sum from which each place may be the next."""
    best = np.full(len(sums), -np.inf)
    for steps in NEXT_STEPS:
        best[steps:] = np.maximum(best[steps:], sums[: len(sums) - steps])
    return best


def _windows(values: Energies, width: int) -> Energies:
    """Sums over each `width` rows that follow each other."""
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    within: Energies = sums[width:] - sums[:-width]
    return within
