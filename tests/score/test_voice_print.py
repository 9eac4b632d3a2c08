"""Prints of voices: of a known pitch, of two speakers, of nobody."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.clip import AudioClip, silence
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample_clip
from harness.score.voice_print import (
    DOUBTFUL_DISTANCE,
    OTHER_DISTANCE_SAME_WORDS,
    VoicePrint,
    joined_prints,
    semitones,
    voice_distance,
    voice_print,
)

RATE_HZ = 16_000


def print_of(name: str) -> VoicePrint:
    found = voice_print(find_fixture(name).load().clip)
    assert found is not None
    return found


def buzz(pitch_hz: float, duration_s: float = 1.0) -> AudioClip:
    """Something periodic with all harmonics."""
    times = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * pitch_hz * times
    samples = sum(np.sin(n * phase) / n for n in range(1, 15))
    return AudioClip(np.asarray(0.1 * samples, np.float32), RATE_HZ)


@pytest.mark.parametrize("pitch_hz", [80, 110, 165, 220, 330])
def test_the_pitch_is_that_of_the_sound(pitch_hz: float) -> None:
    found = voice_print(buzz(pitch_hz))
    assert found is not None
    assert found.pitch_hz == pytest.approx(pitch_hz, rel=0.02)
    assert found.voiced_s > 0.9


@given(gain=st.floats(0.02, 1.5))
def test_loudness_changes_nothing(gain: float) -> None:
    clip = resample_clip(find_fixture("yes-please").load().clip, RATE_HZ)
    one = voice_print(clip)
    other = voice_print(AudioClip(clip.samples * np.float32(gain), RATE_HZ))
    assert one is not None
    assert other is not None
    assert voice_distance(one, other) < 0.1


def test_a_voice_is_like_itself_and_unlike_another() -> None:
    heart = [print_of(name) for name in ("booking-table-for-two", "numbers-phone", "yes-please")]
    for one in heart:
        assert all(voice_distance(one, each) < DOUBTFUL_DISTANCE for each in heart)
    for name in ("booking-table-for-two", "greeting-hello"):
        one, other = print_of(name), print_of(f"{name}-michael")
        assert voice_distance(one, other) > OTHER_DISTANCE_SAME_WORDS
        assert voice_distance(one, other) == pytest.approx(voice_distance(other, one))


def test_nobody_has_no_voice() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, RATE_HZ).astype(np.float32)
    assert voice_print(silence(1.0)) is None
    assert voice_print(silence(0.0)) is None
    assert voice_print(silence(0.01)) is None
    found = voice_print(AudioClip(noise, RATE_HZ))
    assert found is None or found.voiced_s < 0.1


def test_joined_prints_lie_between() -> None:
    one, other = print_of("yes-please"), print_of("no-thanks")
    both = joined_prints([one, other])
    assert min(one.pitch_hz, other.pitch_hz) < both.pitch_hz < max(one.pitch_hz, other.pitch_hz)
    assert both.voiced_s == pytest.approx(one.voiced_s + other.voiced_s)
    assert joined_prints([one]).cepstrum == pytest.approx(one.cepstrum)
    assert semitones(one, one) == 0.0
