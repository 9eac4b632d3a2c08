"""A speech detector for tests: loud windows are speech."""

from __future__ import annotations

import numpy as np

from harness.audio.clip import MonoFloat32


class ScriptedDetector:
    """Says 1.0 for windows louder than `level`, else 0.0. Satisfies SpeechDetector."""

    def __init__(self, level: float = 0.05) -> None:
        self.level = level
        self.resets = 0

    @property
    def sample_rate_hz(self) -> int:
        return 16_000

    @property
    def window_frames(self) -> int:
        return 512

    def probability(self, window: MonoFloat32) -> float:
        assert window.shape == (self.window_frames,)
        assert window.dtype == np.float32
        return 1.0 if float(np.sqrt(np.mean(window**2))) > self.level else 0.0

    def reset(self) -> None:
        self.resets += 1
