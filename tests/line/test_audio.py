"""Stretches of audio on a call's timeline."""

from __future__ import annotations

import numpy as np

from harness.line.audio import AudioFrames


def test_a_stretch_ends_where_its_last_sample_does() -> None:
    frames = AudioFrames(1.5, np.zeros(960, np.float32), "microphone", 72_000)
    assert frames.end_s == 1.52
    slow = AudioFrames(0.0, np.zeros(160, np.float32), "track", 0, sample_rate_hz=16_000)
    assert slow.end_s == 0.01
