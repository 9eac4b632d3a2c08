"""Faults in an answer's audio on its way out: samples in, samples out."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.realtime.faults.models import (
    AudioClicks,
    AudioFault,
    AudioGaps,
    AudioHalfSpeed,
    AudioSilence,
    AudioStalls,
)

RATE_HZ = 24_000
CLICK_FRAMES = RATE_HZ // 1000

Source = Callable[[int], MonoFloat32]
"""Gives the next so many samples of the answers, silence where there are none."""


class AudioFaults:
    """Faults of the audio that are on now. 24 kHz, float32, shape (frames,), full scale ±1.0.

    Where audio is played (a media track) it is pulled through here; where it is sent as events,
    each event's samples pass through `change`. A stall is then the caller's: it sends nothing.
    """

    def __init__(self) -> None:
        self._clicks: dict[AudioClicks, _Clicks] = {}
        self._gaps: dict[AudioGaps, _Gaps] = {}
        self._slow = _Slow()
        self._active: list[AudioFault] = []

    def set_active(self, faults: Iterable[AudioFault]) -> None:
        """These are on from now on, and no others."""
        self._active = list(faults)

    @property
    def is_on(self) -> bool:
        """Whether any fault is at work now."""
        return bool(self._active)

    @property
    def is_stalled(self) -> bool:
        """Whether nothing is played now, though there is audio."""
        return any(isinstance(fault, AudioStalls) for fault in self._active)

    @property
    def speed(self) -> float:
        """Samples of the answer that one sample played takes."""
        slow = [fault.speed for fault in self._active if isinstance(fault, AudioHalfSpeed)]
        return min(slow, default=1.0)

    def pull(self, frames: int, source: Source) -> MonoFloat32:
        """The next samples to play, 24 kHz. A stall takes none from the source."""
        if not self._active and self._slow.is_empty:
            return source(frames)
        if self.is_stalled:
            return np.zeros(frames, np.float32)
        return self._spoilt(self._slow.pull(frames, self.speed, source))

    def change(self, samples: MonoFloat32) -> MonoFloat32:
        """The samples (24 kHz) of one event, changed; longer where they are slowed down."""
        if not self._active or len(samples) == 0:
            return samples
        frames = round(len(samples) / self.speed)
        at = np.linspace(0, len(samples) - 1, frames)
        slowed = np.interp(at, np.arange(len(samples)), samples).astype(np.float32)
        return self._spoilt(samples if frames == len(samples) else slowed)

    def _spoilt(self, samples: MonoFloat32) -> MonoFloat32:
        sounds = bool(np.any(samples))
        for fault in self._active:
            if isinstance(fault, AudioSilence):
                samples = np.zeros_like(samples)
            elif isinstance(fault, AudioGaps) and sounds:
                gaps = self._gaps.setdefault(fault, _Gaps(fault))
                samples = gaps.change(samples)
            elif isinstance(fault, AudioClicks) and sounds:
                clicks = self._clicks.setdefault(fault, _Clicks(fault))
                samples = clicks.change(samples)
        return samples


class _Gaps:
    """A hole every so often, counted in samples that sound."""

    def __init__(self, fault: AudioGaps) -> None:
        self._gap = fault.gap_ms * RATE_HZ // 1000
        self._every = max(fault.every_ms * RATE_HZ // 1000, self._gap + 1)
        self._at = 0

    def change(self, samples: MonoFloat32) -> MonoFloat32:
        place = (np.arange(self._at, self._at + len(samples)) % self._every) >= (
            self._every - self._gap
        )
        self._at = (self._at + len(samples)) % self._every
        holed = samples.copy()
        holed[place] = 0
        return holed


class _Clicks:
    """Clicks at random distances: square pulses of a millisecond."""

    def __init__(self, fault: AudioClicks) -> None:
        self._fault = fault
        self._random = random.Random(fault.seed)
        self._left = self._distance()

    def change(self, samples: MonoFloat32) -> MonoFloat32:
        clicked = samples.copy()
        at = self._left
        while at < len(samples):
            clicked[max(at, 0) : at + CLICK_FRAMES] = self._fault.level
            at += CLICK_FRAMES + self._distance()
        self._left = at - len(samples)
        return clicked

    def _distance(self) -> int:
        return round(self._random.expovariate(self._fault.per_s) * RATE_HZ)


class _Slow:
    """Reads a source slower than it was made, with straight lines between its samples."""

    def __init__(self) -> None:
        self._kept = np.zeros(0, np.float32)
        self._at = 0.0
        """Where the next sample lies in what is kept."""

    @property
    def is_empty(self) -> bool:
        return not len(self._kept)

    def pull(self, frames: int, speed: float, source: Source) -> MonoFloat32:
        if speed == 1.0 and self.is_empty:
            return source(frames)
        where = self._at + speed * np.arange(frames)
        needed = int(where[-1]) + 2 - len(self._kept)
        if needed > 0:
            self._kept = np.concatenate([self._kept, source(needed)])
        played: MonoFloat32 = np.interp(where, np.arange(len(self._kept)), self._kept).astype(
            np.float32
        )
        used = int(self._at + speed * frames)
        self._kept, self._at = self._kept[used:], self._at + speed * frames - used
        if speed == 1.0 and self._at == 0.0 and not np.any(self._kept):
            self._kept = self._kept[:0]
        return played
