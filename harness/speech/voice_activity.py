"""Voice activity along a live stream: when somebody is heard, as it happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.audio.resample import StreamResampler
from harness.speech.interface import SpeechDetector

ON = 0.5
OFF = 0.35
HOLE_S = 0.01
"""Samples that start further from where the ones before ended do not follow them."""

HANGOVER_WINDOWS = 10
"""320 ms at 32 ms a window: pauses between words do not end speech."""


@dataclass(frozen=True, slots=True)
class VoiceChange:
    """Voice began or ended."""

    kind: Literal["started", "stopped"]

    t_s: float
    """Start of the first voiced window, or end of the last one (the hangover removed)."""


class VoiceActivity:
    """Feed samples with their time; get the moments where voice begins and ends.

    Live and therefore coarse: good to a detector window (32 ms). The numbers of a report are
    computed from the recording, not from here.
    """

    def __init__(self, detector: SpeechDetector) -> None:
        self._detector = detector
        self._resampler = StreamResampler(CALL_RATE_HZ, detector.sample_rate_hz)
        self._pending: MonoFloat32 = np.zeros(0, np.float32)
        self._start_s: float | None = None
        self._windows = 0
        self._quiet = 0
        self._next_s = 0.0
        self.voiced = False
        self.last_voiced_s: float | None = None

    def on_samples(self, start_s: float, samples: MonoFloat32) -> list[VoiceChange]:
        """Samples at 48 kHz that start at ``start_s``, directly after the ones before."""
        if self._start_s is None or abs(start_s - self._next_s) > HOLE_S:
            self._begin(start_s)
        self._next_s = start_s + len(samples) / CALL_RATE_HZ
        self._pending = np.concatenate([self._pending, self._resampler.process(samples)])
        size = self._detector.window_frames
        changes: list[VoiceChange] = []
        while self._pending.size >= size:
            window, self._pending = self._pending[:size], self._pending[size:]
            changes += self._judge(self._detector.probability(window))
        return changes

    def _begin(self, start_s: float) -> None:
        """Count windows from here: the stream starts, or goes on after a hole."""
        self._start_s = start_s
        self._windows = 0
        self._pending = np.zeros(0, np.float32)
        self._resampler = StreamResampler(CALL_RATE_HZ, self._detector.sample_rate_hz)

    def _judge(self, probability: float) -> list[VoiceChange]:
        window_s = self._detector.window_frames / self._detector.sample_rate_hz
        assert self._start_s is not None
        start_s = self._start_s + self._windows * window_s
        self._windows += 1
        if probability >= (OFF if self.voiced else ON):
            self._quiet = 0
            self.last_voiced_s = start_s + window_s
            if not self.voiced:
                self.voiced = True
                return [VoiceChange("started", start_s)]
        elif self.voiced:
            self._quiet += 1
            if self._quiet >= HANGOVER_WINDOWS:
                self.voiced = False
                assert self.last_voiced_s is not None
                return [VoiceChange("stopped", self.last_voiced_s)]
        return []
