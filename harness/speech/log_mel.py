"""The picture of sound that Whisper looks at: 80 mel bands of 10 ms, logarithmic."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32

SAMPLE_RATE_HZ = 16_000
HOP_FRAMES = 160
WINDOW_FRAMES = 400
BANDS = 80
WINDOW_S = 30.0
"""The model always looks at this much: shorter sound is followed by silence."""

STEPS = round(WINDOW_S * SAMPLE_RATE_HZ) // HOP_FRAMES

_LINEAR_TO_HZ = 1000.0
_HZ_A_MEL = 200.0 / 3
_LOG_STEP = np.log(6.4) / 27.0

LogMel = npt.NDArray[np.float32]
"""The model's picture of 16 kHz audio: float32, shape (1, BANDS, STEPS)."""


def log_mel(samples_16k: MonoFloat32) -> LogMel:
    """The first 30 s of the samples, as the model wants them.

    Args:
        samples_16k: float32, shape (frames,), 16 kHz; what lies behind 30 s is left out.
    """
    longest = STEPS * HOP_FRAMES
    sound = np.asarray(samples_16k, np.float64)[:longest]
    half = WINDOW_FRAMES // 2
    sound = np.pad(np.pad(sound, (0, longest - len(sound))), half, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(sound, WINDOW_FRAMES)[::HOP_FRAMES]
    spectrum = np.fft.rfft(windows[:STEPS] * _hann(), axis=1)
    power = (np.abs(spectrum) ** 2) @ _filters().T
    logarithm = np.log10(np.maximum(power, 1e-10))
    logarithm = np.maximum(logarithm, logarithm.max() - 8.0)
    return np.ascontiguousarray(((logarithm + 4.0) / 4.0).T[np.newaxis], np.float32)


@functools.cache
def _hann() -> npt.NDArray[np.float64]:
    return np.hanning(WINDOW_FRAMES + 1)[:-1]


@functools.cache
def _filters() -> npt.NDArray[np.float64]:
    """Triangles of equal area (Slaney's mel scale), shape (BANDS, WINDOW_FRAMES // 2 + 1)."""
    bins_hz = np.fft.rfftfreq(WINDOW_FRAMES, 1 / SAMPLE_RATE_HZ)
    corners_hz = _mel_to_hz(np.linspace(0.0, _hz_to_mel(SAMPLE_RATE_HZ / 2), BANDS + 2))
    low, centre, high = (corners_hz[n : n + BANDS, np.newaxis] for n in range(3))
    rising = (bins_hz - low) / (centre - low)
    falling = (high - bins_hz) / (high - centre)
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return triangles * 2.0 / (high - low)


def _hz_to_mel(hz: float) -> float:
    """For frequencies above 1 kHz."""
    return float(_LINEAR_TO_HZ / _HZ_A_MEL + np.log(hz / _LINEAR_TO_HZ) / _LOG_STEP)


def _mel_to_hz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    knee = _LINEAR_TO_HZ / _HZ_A_MEL
    above = _LINEAR_TO_HZ * np.exp(_LOG_STEP * (np.maximum(mel, knee) - knee))
    return np.where(mel < knee, mel * _HZ_A_MEL, above)
