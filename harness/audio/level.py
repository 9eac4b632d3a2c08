"""Levels of audio in dBFS, and the edges of its speech by level alone."""

import math

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32

FLOOR_DBFS = -120.0
"""Level reported for digital silence, so that levels stay finite numbers."""


def rms_dbfs(samples: MonoFloat32) -> float:
    """RMS level of samples of any rate, in dB relative to full scale.

    A full-scale square wave is 0 dBFS. Empty or silent input gives FLOOR_DBFS.
    """
    if len(samples) == 0:
        return FLOOR_DBFS
    mean_square = float(np.mean(np.square(samples, dtype=np.float64)))
    return FLOOR_DBFS if mean_square <= 1e-12 else 10.0 * math.log10(mean_square)


def peak(samples: MonoFloat32) -> float:
    """Largest absolute sample, 1.0 at full scale, at any rate; 0.0 for no samples."""
    return float(np.max(np.abs(samples))) if len(samples) else 0.0


def window_levels_dbfs(
    samples: MonoFloat32, sample_rate_hz: int, window_s: float
) -> npt.NDArray[np.float64]:
    """RMS level of each whole window; what is left at the end is not counted.

    Returns:
        dBFS, float64, shape (windows,); silence is -120.
    """
    size = max(1, round(window_s * sample_rate_hz))
    count = len(samples) // size
    windows = np.asarray(samples[: count * size], np.float64).reshape(count, size)
    mean_square = np.mean(np.square(windows), axis=1)
    levels: npt.NDArray[np.float64] = 10.0 * np.log10(np.maximum(mean_square, 1e-12))
    return levels
