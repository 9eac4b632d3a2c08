"""The noise beside an edge of speech, and what stands out of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.speech.band_levels import BAND_BINS, SILENT_POWER, Values, moving_mean

NO_ROOM_POWER = 1e-11
"""What is weaker (-110 dBFS) is silence that a computer made: no room has it."""

SILENT_PEAK = 1e-9
"""Of nothing at all, so that it can be divided by."""

LEAST_NOISE_HOPS = 50
"""0.1 s: from less, noise cannot be told."""

SURE_OF_NOISE = 4.0
"""Sound stands out of noise from so many times the noise's own upper middle, ..."""

SURE_ABOVE = 12.0
"""... and this more, on the scale of `evidence_of`."""

SURELY_LOUDER, LOUDER_THAN_ANY = 2.0, 1.25
"""So many times the middle and the largest of the noise's peaks is a sample that is not the
noise's. The bands end at 7.1 kHz, and an "s" may lie above."""

HARDLY_EVER = 0.99
"""So many of a moving noise's own hops lie below what is called its top."""

DRIFT_PARTS, LEAST_PART_HOPS = 3, 100
"""0.2 s."""

FROM_BAND = 3
"""From 600 Hz on so little tells a level to within half a decibel, below it does not."""

DRIFT_DB = 1.2
"""Parts of steady noise, white or pink, lie up to 0.9 dB apart, those of a street 2 as a rule."""

BEAT_HOPS, BEAT_RATIO = 25, 1.65
"""50 ms. The middle of a hum's samples is so many times the least of them around it: its hops see
other parts of its period. Of other noise it is at most 1.6 times."""

BAND_WIDTHS = np.array([end - first for first, end in BAND_BINS], np.float64)


@dataclass(frozen=True, slots=True)
class Noise:
    """What is beside an edge where nobody speaks."""

    powers: npt.NDArray[np.float64]
    """In each band."""

    evidence: float
    """From here on sound is not this noise."""

    peak: float
    """The middle of its hops' largest samples."""

    tops: npt.NDArray[np.float64]
    """In each band, what the noise hardly ever exceeds by itself."""

    highest: float
    """A sample larger than this is not this noise's, in whatever band it lies."""

    drifts: bool = False
    """Its level changes from one third of a second to the next."""

    beats: bool = False
    """Its samples swell and shrink within 50 ms, as those of a hum do."""

    moves: bool = False
    """What stands out of it is held against its tops, not against its middle."""


def measured_noise(powers: Values, peaks: Values, fine: Values) -> Noise:
    """The noise of some hops: 2 ms each, whatever the rate of the samples.

    Args:
        powers: of `band_levels`, smoothed, shape (hops, BANDS), at least one hop.
        peaks: largest samples, shape (hops,).
        fine: powers without smoothing, shape (hops, BANDS).
    """
    sounding = powers.sum(axis=1) > NO_ROOM_POWER
    if sounding.sum() >= LEAST_NOISE_HOPS:  # a recording's room ends where it was cut
        powers, peaks, fine = powers[sounding], peaks[sounding], fine[sounding]
    middle = np.maximum(1.1 * np.median(powers, axis=0), 3 * SILENT_POWER)
    evidence = evidence_of(powers, middle)
    usual = SURE_OF_NOISE * float(np.quantile(evidence, 0.7)) + SURE_ABOVE
    most = float(np.quantile(evidence, 0.99)) + 4
    peak = float(np.median(peaks))
    highest = max(SURELY_LOUDER * peak, LOUDER_THAN_ANY * float(peaks.max()))
    tops = np.maximum(np.quantile(fine, HARDLY_EVER, axis=0), middle)
    drifts = _drift_db(powers) > DRIFT_DB
    return Noise(middle, min(usual, max(most, 8.0)), peak, tops, highest, drifts)


def beats(peaks: Values) -> bool:
    """Whether samples swell and shrink as those of a hum do.

    Speech in a third of them does not hide that, and makes no hum.

    Args:
        peaks: largest samples of hops of 2 ms, shape (hops,), whatever the rate of the samples.
    """
    if len(peaks) < LEAST_NOISE_HOPS:
        return False
    around = np.maximum(moving_mean(peaks, BEAT_HOPS), SILENT_PEAK)
    heights = np.maximum(peaks, SILENT_PEAK) / around
    return float(np.median(heights)) > BEAT_RATIO * float(np.quantile(heights, 0.05))


def _drift_db(powers: Values) -> float:
    """How far the levels of the parts of a noise, shape (hops, BANDS), lie apart; hops of 2 ms."""
    count = min(DRIFT_PARTS, len(powers) // LEAST_PART_HOPS)
    if count < 2:
        return 0.0
    parts = np.array_split(powers[:, FROM_BAND:], count)
    levels_db = 10 * np.log10([np.median(part, axis=0) for part in parts])
    return float(np.mean(levels_db.max(axis=0) - levels_db.min(axis=0)))


def evidence_of(powers: npt.NDArray[np.floating], noise: npt.NDArray[np.float64]) -> Values:
    """How unlike noise each hop is: a log likelihood ratio over the bands that are louder.

    Args:
        powers: shape (hops, BANDS), `HOPS_A_SECOND` whatever the rate of the samples.
        noise: shape (BANDS,).
    """
    ratio = np.maximum(powers / noise, 1.0)
    return np.asarray((BAND_WIDTHS * (ratio - 1 - np.log(ratio))).sum(axis=1), np.float32)
