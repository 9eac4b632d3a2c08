"""Conversion between the call's 48 kHz and the session's 24 kHz, exactly two to one, in pieces.

A general resampler hands its output out in blocks of up to 40 ms; here the ratio is always two,
so one short half-band filter does: n samples in, exactly n/2 or 2n out, 1 ms later.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Mono: float32, shape (frames,), full scale ±1.0. Its rate is said where it is used."""

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
_EVEN, _MIDDLE = _KERNEL[::2].copy(), _KERNEL[(TAPS - 1) // 2]
"""Every second tap of a half-band filter is zero but the middle one: half the work, twice."""

_REACH = len(_EVEN) - 1
_MIDDLE_AT = (TAPS - 3) // 4
"""Which of the odd samples under the filter lies under its middle tap."""


class Halver:
    """48 kHz to 24 kHz. Pieces may have any length; an odd sample waits for the next piece."""

    def __init__(self) -> None:
        self._past = np.zeros(TAPS - 1, np.float32)

    def process(self, samples: Samples) -> Samples:
        """Samples at 24 kHz that are ready, from samples at 48 kHz.

        Together with all before, half of all input, rounded down.
        """
        joined = np.concatenate([self._past, samples])
        count = (len(joined) - (TAPS - 1)) // 2
        self._past = joined[2 * count :]
        if count == 0 or not joined.any():
            return np.zeros(count, np.float32)  # silence stays silence, and most audio is
        even, odd = joined[: 2 * (count + _REACH) : 2], joined[1 : 2 * (count + _REACH) : 2]
        filtered = np.convolve(even, _EVEN, mode="valid")
        filtered += _MIDDLE * odd[_MIDDLE_AT : _MIDDLE_AT + count]
        return filtered.astype(np.float32)


class Doubler:
    """24 kHz to 48 kHz: twice as many samples out as in, always."""

    def __init__(self) -> None:
        self._past = np.zeros(_REACH, np.float32)

    def process(self, samples: Samples) -> Samples:
        """Exactly 2 × len(samples) samples at 48 kHz, from samples at 24 kHz."""
        joined = np.concatenate([self._past, samples])
        self._past = joined[len(joined) - _REACH :]
        spread = np.zeros(2 * len(samples), np.float32)
        if len(samples) and joined.any():  # silence stays silence, and most audio is
            spread[::2] = 2 * np.convolve(joined, _EVEN, mode="valid")
            spread[1::2] = 2 * _MIDDLE * joined[_MIDDLE_AT + 1 : _MIDDLE_AT + 1 + len(samples)]
        return spread
