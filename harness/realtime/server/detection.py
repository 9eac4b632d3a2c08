"""The user's audio, judged window by window: where turns start, pause and stop."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.audio.resample import StreamResampler
from harness.realtime.server.input_audio import INPUT_RATE_HZ
from harness.realtime.turn_detection import TurnDetector, TurnEvent, TurnKnobs
from harness.speech.interface import SpeechDetector


class Detection:
    """Turn detection of one session; off until it is started."""

    def __init__(self, detector: SpeechDetector) -> None:
        self.is_on = False
        self.turns = TurnDetector(TurnKnobs())
        self._detector = detector
        self._resampler = StreamResampler(INPUT_RATE_HZ, detector.sample_rate_hz)
        self._unjudged: MonoFloat32 = np.zeros(0, dtype=np.float32)
        self._windows = 0
        self._from_ms = 0
        self._given = self._pieces = 0
        self._behind_frames = 0.0

    @property
    def behind_ms(self) -> float:
        """How far what can be judged is behind what came, on average: the resampler holds it."""
        frames = self._behind_frames / max(1, self._pieces)
        return 1000 * frames / INPUT_RATE_HZ

    def start(self, from_ms: int) -> None:
        """Judge what comes from this position of the input audio on."""
        self.is_on = True
        self._detector.reset()
        self.turns.reset()
        self._resampler = StreamResampler(INPUT_RATE_HZ, self._detector.sample_rate_hz)
        self._unjudged = np.zeros(0, dtype=np.float32)
        self._windows, self._from_ms = 0, from_ms
        self._given = self._pieces = 0
        self._behind_frames = 0.0

    def stop(self) -> None:
        """Forget the turn in progress, and judge nothing more."""
        self.turns.reset()
        self.is_on = False

    def events(self, samples: MonoFloat32) -> Iterator[TurnEvent]:
        """What happens in the next samples (24 kHz), as it is found; ends early when stopped."""
        self._unjudged = np.concatenate([self._unjudged, self._resampler.process(samples)])
        self._note_behind(len(samples))
        frames = self._detector.window_frames
        while len(self._unjudged) >= frames and self.is_on:
            window, self._unjudged = self._unjudged[:frames], self._unjudged[frames:]
            event = self._judge(np.ascontiguousarray(window))
            if event is not None:
                yield event

    def _note_behind(self, frames: int) -> None:
        here = self._windows * self._detector.window_frames + len(self._unjudged)
        self._given += frames
        self._pieces += 1
        self._behind_frames += self._given - here * INPUT_RATE_HZ / self._detector.sample_rate_hz

    def _judge(self, window: MonoFloat32) -> TurnEvent | None:
        window_ms = 1000 * self._detector.window_frames / self._detector.sample_rate_hz
        start_ms = self._from_ms + self._windows * window_ms
        self._windows += 1
        probability = self._detector.probability(window)
        return self.turns.on_probability(probability, start_ms, start_ms + window_ms)
