"""How much one stretch of a voice is like another: energies in bands of the voice, over time.

Pure. They survive a codec, a jitter buffer and another loudness; two people, or two sentences, have
others.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from harness.audio.clip import AudioClip

STEP_S = 0.01
BANDS_HZ = (150, 300, 450, 650, 900, 1250, 1700, 2300, 3200)
RANGE_DB = 40.0
"""What is quieter than the loudest moment by more than this is taken for silence."""

FLAT = 1e-3
"""A stretch whose energies vary less than this (dB squared, all in all) is silence."""

Energies = npt.NDArray[np.float64]
"""Decibels above silence, shape (steps, bands)."""


def energies(clip: AudioClip) -> Energies:
    """A clip's energies, one row each `STEP_S`."""
    step = round(clip.sample_rate_hz * STEP_S)
    size = 2 * step
    padded = np.concatenate([clip.samples, np.zeros(step, np.float32)])
    count = max(0, (len(padded) - size) // step + 1)
    if count == 0:
        return np.zeros((0, len(BANDS_HZ) - 1))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::step][:count]
    power = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) ** 2
    hz = np.fft.rfftfreq(size, 1 / clip.sample_rate_hz)
    bands = [power[:, (hz >= low) & (hz < high)].sum(axis=1) for low, high in pairwise(BANDS_HZ)]
    levels_db = 10 * np.log10(np.stack(bands, axis=1) + 1e-9)
    above_db: Energies = np.maximum(0.0, levels_db - (levels_db.max() - RANGE_DB))
    return above_db


def likenesses(long: Energies, short: Energies) -> npt.NDArray[np.float64]:
    """Correlation over time and bands, -1 to 1, at each place of the long one where all of the
    short one fits; the loudness of each does not count.

    Returns:
        Shape (steps of the long one - steps of the short one + 1,); empty where it does not fit.
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


def _windows(values: Energies, width: int) -> Energies:
    """Sums over each `width` rows that follow each other."""
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    within: Energies = sums[width:] - sums[:-width]
    return within
