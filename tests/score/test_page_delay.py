"""The delay within a page, on sounds that were moved by a known number of samples."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import AudioClip, MonoFloat32
from harness.score.page_delay import page_delay_s

RATE_HZ = 48_000
START_S = 2.0


def voice(seed: int = 1) -> MonoFloat32:
    """3 s with a sound like speech from 2 s on: a pitch, and noise that is its own."""
    rng = np.random.default_rng(seed)
    t = np.arange(RATE_HZ) / RATE_HZ
    sound = 0.2 * np.sign(np.sin(2 * np.pi * (110 + 9 * seed) * t)) + 0.1 * rng.standard_normal(
        RATE_HZ
    )
    return np.concatenate([np.zeros(2 * RATE_HZ), sound]).astype(np.float32)


def later(samples: MonoFloat32, frames: int) -> MonoFloat32:
    return np.concatenate([np.zeros(frames, np.float32), samples])[: len(samples)]


def clip(samples: MonoFloat32) -> AudioClip:
    return AudioClip(samples, RATE_HZ)


@pytest.mark.parametrize("frames", [0, 128, 5_000, 19_200])
def test_the_delay_is_found_to_the_sample(frames: int) -> None:
    """Also where the page plays at half the volume, and music besides."""
    rng = np.random.default_rng(2)
    played = 0.5 * later(voice(), frames) + 0.01 * rng.standard_normal(3 * RATE_HZ)
    start_s = START_S + frames / RATE_HZ
    delay_s = page_delay_s(clip(voice()), clip(played.astype(np.float32)), start_s)
    assert delay_s == pytest.approx(frames / RATE_HZ, abs=1e-6)


def test_a_voice_that_came_on_no_track_has_no_such_delay() -> None:
    """A page that makes its sound itself, or gets it over a WebSocket."""
    silence = clip(np.zeros(3 * RATE_HZ, np.float32))
    assert page_delay_s(silence, clip(voice()), START_S) is None
    assert page_delay_s(clip(voice(seed=9)), clip(later(voice(), 100)), START_S + 1) is None
