"""A band of frequencies, as the taps of a filter that hardly delays what passes.

The taps are those of a windowed-sinc band pass (Kaiser window), made minimum phase by way of the
cepstrum: the same magnitude, and the energy as early as it can be, so that speech stays where it
was to within a millisecond. Source: Oppenheim and Schafer, Discrete-Time Signal Processing, on
homomorphic systems.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.audio.clip import CALL_RATE_HZ

Taps = npt.NDArray[np.float64]

TAPS = 640
"""Of each filter at 48 kHz; what comes behind them is below -90 dB."""

TELEPHONE_HZ = (300.0, 3400.0)
"""What a telephone line carries (ITU-T G.712); nothing is left from 4 kHz on, half of 8 kHz."""

_EDGE_HZ = 280.0
"""From where all passes to where nothing does."""

_STOP_DB = 55.0
_PROTOTYPE_TAPS = 2 * round(
    (_STOP_DB - 7.95) / (2.285 * 2 * np.pi * _EDGE_HZ / CALL_RATE_HZ) / 2
) + 1  # fmt: skip
"""By Kaiser's formula; odd, so that it has a middle."""

_SPECTRUM = 1 << 15


def band_taps(low_hz: float, high_hz: float) -> Taps:
    """Taps of a filter at 48 kHz that lets this band pass, with a gain of 1 in its middle.

    Args:
        low_hz: its lower edge; 0 for none.
        high_hz: its upper edge, above the lower one.
    """
    low, high = max(0.0, low_hz - _EDGE_HZ / 2), high_hz + _EDGE_HZ / 2
    linear = _low_pass(high) - _low_pass(low)
    linear *= np.kaiser(_PROTOTYPE_TAPS, 0.1102 * (_STOP_DB - 8.7))
    taps = _minimum_phase(linear)[:TAPS]
    taps[-64:] *= np.linspace(1.0, 0.0, 64, endpoint=False)
    middle_hz = np.sqrt(max(low_hz, 100.0) * high_hz)
    turns = np.exp(-2j * np.pi * middle_hz / CALL_RATE_HZ * np.arange(len(taps)))
    at_unity: Taps = taps / abs(np.sum(taps * turns))
    return at_unity


def _low_pass(edge_hz: float) -> Taps:
    share = 2 * edge_hz / CALL_RATE_HZ
    taps: Taps = share * np.sinc(share * (np.arange(_PROTOTYPE_TAPS) - _PROTOTYPE_TAPS // 2))
    return taps


def _minimum_phase(linear: Taps) -> Taps:
    magnitude = np.abs(np.fft.fft(linear, _SPECTRUM))
    floor = 10 ** (-(_STOP_DB + 15) / 20) * np.max(magnitude)
    cepstrum = np.fft.ifft(np.log(np.maximum(magnitude, floor))).real
    folded = np.zeros(_SPECTRUM)
    folded[0] = cepstrum[0]
    folded[1 : _SPECTRUM // 2] = 2 * cepstrum[1 : _SPECTRUM // 2]
    folded[_SPECTRUM // 2] = cepstrum[_SPECTRUM // 2]
    taps: Taps = np.fft.ifft(np.exp(np.fft.fft(folded))).real
    return taps
