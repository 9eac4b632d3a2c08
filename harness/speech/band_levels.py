"""Levels of sound every 2 ms, as it arrives: what edges of speech are read from.

In white noise a voice stands out below 1 kHz long before its whole power does, and an "s" above
4 kHz in the hum of a room: so the power of each band is kept, to be held against its own noise.
Beside it the largest samples, at the sound's own rate. numpy alone; about 5 ms of CPU a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32
from harness.audio.resample import StreamResampler

BAND_RATE_HZ = 16_000
"""Rate at which powers are measured."""

HOP_FRAMES = 32
HOPS_A_SECOND = BAND_RATE_HZ // HOP_FRAMES
HOP_S = HOP_FRAMES / BAND_RATE_HZ
"""2 ms."""

WINDOW_FRAMES = 160
"""10 ms, as a Hann window around the middle of the hop."""

OVERHANG_FRAMES = (WINDOW_FRAMES - HOP_FRAMES) // 2
"""So much of a window lies before its hop, and as much behind."""

BAND_BINS = ((1, 2), (2, 4), (4, 6), (6, 9), (9, 14), (14, 21), (21, 31), (31, 46), (46, 71))
"""First bin, and the one behind the last, of 100 Hz each: from 100 Hz to 7.1 kHz, wider upwards
as hearing does."""

BANDS = len(BAND_BINS)
BLOCK_HOPS = 5000
"""10 s at a time: a long clip takes no more memory than a short one."""

SLOW_HOPS = 25
"""50 ms: what moves slower is no sound (a constant part, a bump of the table)."""

SILENT_POWER = 1e-13
"""Power of what is called silence: -130 dBFS, below the last bit of 16."""

Values = npt.NDArray[np.float32]
"""One number a hop, shape (hops,), or one for each band, shape (hops, BANDS)."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Levels of a stretch of sound, one entry each HOP_S."""

    powers: Values
    """Mean square in each band, shape (hops, BANDS), measured at 16 kHz."""

    highs: Values
    """Largest sample of each hop, shape (hops,), at the sound's own rate."""

    lows: Values
    """Smallest sample of each hop, shape (hops,), at the sound's own rate."""

    means: Values
    """Mean of each hop's samples, shape (hops,), at the sound's own rate."""

    @property
    def hops(self) -> int:
        """How many there are."""
        return len(self.highs)

    def peaks(self) -> Values:
        """Largest distance in each hop from the slow part of the sound (below some 20 Hz).

        Never more than from nothing: around a sudden sound the slow part is no slow sound.
        """
        slow = moving_mean(self.means, SLOW_HOPS)
        from_slow = np.maximum(self.highs - slow, slow - self.lows)
        from_nothing = np.maximum(self.highs, -self.lows)
        return np.asarray(np.minimum(from_slow, from_nothing), np.float32)

    def behind(self, hop: int) -> Levels:
        """All from this hop on."""
        parts = (self.powers, self.highs, self.lows, self.means)
        return Levels(*(part[hop:].copy() for part in parts))


class LevelMeter:
    """Measures sound piece by piece; joined, the pieces equal one long measurement.

    Args:
        sample_rate_hz: of the sound, 8 to 192 kHz.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        self._to_bands = StreamResampler(sample_rate_hz, BAND_RATE_HZ)
        self._for_powers: MonoFloat32 = np.zeros(OVERHANG_FRAMES, np.float32)
        self._for_peaks: MonoFloat32 = np.zeros(0, np.float32)
        self._first_frame = 0
        self._hops = 0
        hann = np.hanning(WINDOW_FRAMES + 1)[:-1]
        self._window = (hann / np.sqrt(np.mean(hann**2))).astype(np.float32)

    def process(self, samples: MonoFloat32, is_last: bool = False) -> Levels:
        """Levels of the hops that are complete.

        Args:
            samples: float32, shape (frames,), at the meter's rate, directly after the ones before;
                may be none.
            is_last: hand out all whole hops that are left, as if silence followed.
        """
        self._for_peaks = np.concatenate([self._for_peaks, samples])
        at_band_rate = self._to_bands.process(samples, is_last)
        tail = np.zeros(WINDOW_FRAMES if is_last else 0, np.float32)
        self._for_powers = np.concatenate([self._for_powers, at_band_rate, tail])
        frames = self._first_frame + len(self._for_peaks)
        by_frames = frames * HOPS_A_SECOND // self._rate_hz - self._hops
        by_windows = (len(self._for_powers) - WINDOW_FRAMES) // HOP_FRAMES + 1
        count = max(0, min(by_frames, by_windows))
        parts = [
            self._take(min(BLOCK_HOPS, count - first)) for first in range(0, count, BLOCK_HOPS)
        ]
        return joined_levels(parts)

    def _take(self, count: int) -> Levels:
        """Measure so many hops, and forget their samples."""
        ends = (self._hops + 1 + np.arange(count)) * self._rate_hz // HOPS_A_SECOND
        starts = np.concatenate([[self._first_frame], ends[:-1]]) - self._first_frame
        used = int(ends[-1]) - self._first_frame
        piece = self._for_peaks[:used]
        sums = np.add.reduceat(piece, starts, dtype=np.float64)
        levels = Levels(
            self._powers(count),
            np.maximum.reduceat(piece, starts),
            np.minimum.reduceat(piece, starts),
            (sums / np.diff(np.append(starts, used))).astype(np.float32),
        )
        self._for_peaks = self._for_peaks[used:]
        self._for_powers = self._for_powers[count * HOP_FRAMES :]
        self._first_frame += used
        self._hops += count
        return levels

    def _powers(self, count: int) -> Values:
        windows = np.lib.stride_tricks.sliding_window_view(self._for_powers, WINDOW_FRAMES)
        spectrum = np.fft.rfft(windows[: count * HOP_FRAMES : HOP_FRAMES] * self._window, axis=1)
        bins = (spectrum.real**2 + spectrum.imag**2) * (2.0 / WINDOW_FRAMES**2)
        powers = np.stack([bins[:, first:end].sum(axis=1) for first, end in BAND_BINS], axis=1)
        return np.asarray(np.maximum(powers, SILENT_POWER), np.float32)


def measure_levels(samples: MonoFloat32, sample_rate_hz: int) -> Levels:
    """Levels of a whole clip."""
    return LevelMeter(sample_rate_hz).process(samples, is_last=True)


def joined_levels(parts: Sequence[Levels]) -> Levels:
    """Pieces one after the other."""
    if not parts:
        nothing = np.zeros(0, np.float32)
        return Levels(np.zeros((0, BANDS), np.float32), nothing, nothing, nothing)
    names = ("powers", "highs", "lows", "means")
    return Levels(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def moving_mean(values: Values, hops: int) -> Values:
    """Mean of so many entries around each, of fewer at the ends.

    Args:
        values: one row a hop, at whatever rate the hops have; the result has the same shape.
    """
    sums = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, 0, np.float64)])
    places = np.arange(len(values))
    first = np.maximum(places - hops // 2, 0)
    last = np.minimum(places + hops - hops // 2, len(values))
    counts = (last - first).reshape(-1, *([1] * (values.ndim - 1)))
    return np.asarray((sums[last] - sums[first]) / counts, np.float32)
