"""Levels of audio in dBFS, and the edges of its speech by level alone."""

import math

import numpy as np
import numpy.typing as npt

from harness.audio.clip import AudioClip, MonoFloat32

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


def speech_edges_s(
    clip: AudioClip, below_peak_db: float = 30.0, window_s: float = 0.005, run: int = 3
) -> tuple[float, float] | None:
    """Where the speech of a quiet recording starts and ends, good to about 20 ms.

    The threshold is below_peak_db under the 95th-percentile window level. The start is the
    first of `run` windows in a row above it, so that one click does not count; the end is the
    end of the last such run. For edges in noise use harness.speech.spans.

    Returns:
        (start_s, end_s) from the first sample, or None for a clip without sound.
    """
    levels = window_levels_dbfs(clip.samples, clip.sample_rate_hz, window_s)
    if len(levels) < run or float(levels.max()) <= FLOOR_DBFS:
        return None
    is_loud = levels > float(np.percentile(levels, 95)) - below_peak_db
    runs = np.convolve(is_loud.astype(np.int64), np.ones(run, np.int64), "valid") == run
    starts = np.flatnonzero(runs)
    if len(starts) == 0:
        return None
    return float(starts[0]) * window_s, float(starts[-1] + run) * window_s
