"""Digital silence needs no detector."""

from __future__ import annotations

from harness.audio.clip import MonoFloat32
from harness.speech.interface import SpeechDetector
from harness.speech.silero import FORGETS_AFTER_S

SETTLED_S = 1.0
"""After this much digital silence the model answers close to nothing, and less and less."""


class SilenceSkippingDetector:
    """Another detector that is not run for windows of zeros, once a second of them went by.

    Made for simulated calls, where silence is exactly zero: half of a conversation and more, on
    each side. What comes after silence is judged as after `SETTLED_S` of it, or anew after
    `FORGETS_AFTER_S`, as Silero does by itself: where speech sets in a window may be decided
    otherwise, the first or the second (24 shipped fixtures, after 2 to 29 s of silence).
    """

    def __init__(self, detector: SpeechDetector) -> None:
        self._detector = detector
        windows_a_second = detector.sample_rate_hz / detector.window_frames
        self._settled_windows = round(SETTLED_S * windows_a_second)
        self._forgotten_windows = round(FORGETS_AFTER_S * windows_a_second)
        self._silent_windows = 0
        self._last = 0.0
        self.skipped_windows = 0

    @property
    def sample_rate_hz(self) -> int:
        return self._detector.sample_rate_hz

    @property
    def window_frames(self) -> int:
        return self._detector.window_frames

    def probability(self, window: MonoFloat32) -> float:
        """Probability of speech in the next window: shape (window_frames,), at `sample_rate_hz`."""
        if window.any():
            self._silent_windows = 0
        else:
            self._silent_windows += 1
            if self._silent_windows == self._forgotten_windows:
                self._detector.reset()
            if self._silent_windows > self._settled_windows:
                self.skipped_windows += 1
                return self._last
        self._last = self._detector.probability(window)
        return self._last

    def reset(self) -> None:
        """Start a new stream."""
        self._silent_windows = 0
        self._detector.reset()
