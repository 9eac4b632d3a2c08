"""From the call's 48 kHz to the session's 24 kHz and back, exactly two to one, piece by piece.

A general resampler hands its output out in blocks of up to 40 ms; here the ratio is always two,
so one short half-band filter does: n samples in, exactly n/2 or 2n out, 1 ms later.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

TAPS = 95
DELAY_S = (TAPS - 1) / 2 / 48_000
"""How much later the sound comes out: 0.98 ms."""


def _half_band(taps: int = TAPS) -> Samples:
    """A windowed sinc that passes up to 10.9 kHz and stops from 13.1 kHz (80 dB) at 48 kHz."""
    at = np.arange(taps) - (taps - 1) / 2
    kernel = np.sinc(at / 2) * np.kaiser(taps, 8.0)
    normed: Samples = (kernel / kernel.sum()).astype(np.float32)
    return normed


_KERNEL = _half_band()


class Halver:
    """48 kHz to 24 kHz. Pieces may have any length; an odd sample waits for the next piece."""

    def __init__(self) -> None:
        self._past = np.zeros(TAPS - 1, np.float32)

    def process(self, samples: Samples) -> Samples:
        """The output that is ready: together with all before, half of all input, rounded down."""
        joined = np.concatenate([self._past, samples])
        count = (len(joined) - (TAPS - 1)) // 2
        self._past = joined[2 * count :]
        if count == 0:
            return np.zeros(0, np.float32)
        used = joined[: 2 * count + TAPS - 2]
        filtered: Samples = np.convolve(used, _KERNEL, mode="valid")[::2]
        return filtered.astype(np.float32)


class Doubler:
    """24 kHz to 48 kHz: twice as many samples out as in, always."""

    def __init__(self) -> None:
        self._past = np.zeros(TAPS - 1, np.float32)

    def process(self, samples: Samples) -> Samples:
        """Exactly 2 × len(samples) samples."""
        spread = np.zeros(2 * len(samples), np.float32)
        spread[::2] = samples
        spread *= 2
        joined = np.concatenate([self._past, spread])
        self._past = joined[len(joined) - (TAPS - 1) :]
        if len(samples) == 0:
            return spread
        filtered: Samples = np.convolve(joined, _KERNEL, mode="valid")
        return filtered.astype(np.float32)
