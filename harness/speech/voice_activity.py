"""Voice activity along a live stream: when somebody is heard, as it happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.audio.resample import StreamResampler
from harness.speech.edge_ways import UNSEEN_S
from harness.speech.interface import SpeechDetector
from harness.speech.live_edges import LiveEdge, LiveEdges

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
    """The first or last sample of voice, as far as can be said by now; see `live_edges`."""

    uncertainty_s: float
    """In 95 of 100 cases the true one lies this near."""


class VoiceActivity:
    """Feed samples with their time; get the moments where voice begins and ends.

    The detector says whether, in windows of 32 ms; when is read from the samples, as in a
    recording, with what is known by then. Where they do not show it, its windows stand.
    """

    def __init__(self, detector: SpeechDetector) -> None:
        self._detector = detector
        self._resampler = StreamResampler(CALL_RATE_HZ, detector.sample_rate_hz)
        self._pending: MonoFloat32 = np.zeros(0, np.float32)
        self._start_s: float | None = None
        self._windows = 0
        self._quiet = 0
        self._next_s = 0.0
        self._window_s = detector.window_frames / detector.sample_rate_hz
        self._edges = LiveEdges(CALL_RATE_HZ, self._window_s)
        self.voiced = False
        self.last_voiced_s: float | None = None

    def on_samples(self, start_s: float, samples: MonoFloat32) -> list[VoiceChange]:
        """Samples at 48 kHz that start at ``start_s``, directly after the ones before."""
        if self._start_s is None or abs(start_s - self._next_s) > HOLE_S:
            self._begin(start_s)
        self._next_s = start_s + len(samples) / CALL_RATE_HZ
        self._pending = np.concatenate([self._pending, self._resampler.process(samples)])
        self._edges.process(samples)
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
        self._edges = LiveEdges(CALL_RATE_HZ, self._window_s)

    def _judge(self, probability: float) -> list[VoiceChange]:
        assert self._start_s is not None
        start_s = self._start_s + self._windows * self._window_s
        self._windows += 1
        is_voiced = probability >= (OFF if self.voiced else ON)
        self._edges.judge(is_voiced)
        if is_voiced:
            self._quiet = 0
            self.last_voiced_s = start_s + self._window_s
            if not self.voiced:
                self.voiced = True
                return [self._change("started", start_s, self._edges.onset())]
        elif self.voiced:
            self._quiet += 1
            if self._quiet >= HANGOVER_WINDOWS:
                self.voiced = False
                assert self.last_voiced_s is not None
                return [self._change("stopped", self.last_voiced_s, self._edges.offset())]
        return []

    def _change(
        self, kind: Literal["started", "stopped"], window_s: float, edge: LiveEdge | None
    ) -> VoiceChange:
        """Where the samples show the edge; else where the detector's windows have it."""
        if edge is None or self._start_s is None:
            return VoiceChange(kind, window_s, UNSEEN_S)
        return VoiceChange(kind, self._start_s + edge.at_s, edge.uncertainty_s)
