"""Speech detectors that the shipped one is measured beside."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.audio.pcm16 import to_int16
from harness.speech.weights import engine_missing

SAMPLE_RATE_HZ = 16_000
WINDOW_FRAMES = 320
"""20 ms."""

WEBRTC_PACKAGE = "webrtcvad-wheels==2.0.14.post1"
ENERGY_THRESHOLD_DBFS = -45.0


class WebRtcDetector:
    """WebRTC's own detector, a mixture of Gaussians over six bands; says yes or no.

    Raises:
        SpeechError: its package is not installed.
    """

    sample_rate_hz = SAMPLE_RATE_HZ
    window_frames = WINDOW_FRAMES

    def __init__(self, aggressiveness: int = 2) -> None:
        self._aggressiveness = aggressiveness
        try:
            self._make = importlib.import_module("webrtcvad").Vad
        except ImportError as error:
            raise engine_missing("WebRTC's detector", WEBRTC_PACKAGE, error) from error
        self._vad: Any = self._make(aggressiveness)

    def probability(self, window: MonoFloat32) -> float:
        """1.0 for speech, 0.0 for none.

        Args:
            window: float32, shape (window_frames,), at `sample_rate_hz`.
        """
        return float(self._vad.is_speech(to_int16(window).tobytes(), self.sample_rate_hz))

    def reset(self) -> None:
        """Start a new stream."""
        self._vad = self._make(self._aggressiveness)


class EnergyDetector:
    """Takes for speech whatever is louder than a fixed level."""

    sample_rate_hz = SAMPLE_RATE_HZ
    window_frames = WINDOW_FRAMES

    def probability(self, window: MonoFloat32) -> float:
        """1.0 for loud, 0.0 for quiet.

        Args:
            window: float32, shape (window_frames,), at `sample_rate_hz`.
        """
        power = float(np.mean(np.square(window, dtype=np.float64)))
        return float(10.0 * np.log10(power + 1e-12) > ENERGY_THRESHOLD_DBFS)

    def reset(self) -> None:
        """Nothing is kept."""
