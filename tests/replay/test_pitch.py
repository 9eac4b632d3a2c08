"""Pitch: of tones, of shipped voices, and of two people."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.audio.fixtures import find_fixture
from harness.audio.signals import pink_noise
from harness.replay.pitch import pitch_hz, two_voices


@pytest.mark.parametrize("hz", [85, 120, 210, 300])
@pytest.mark.parametrize("rate_hz", [8000, 44_100])
def test_a_buzz_has_its_pitch(hz: int, rate_hz: int) -> None:
    at_s = np.arange(rate_hz) / rate_hz
    buzz = np.sum([np.sin(2 * np.pi * hz * n * at_s) / n for n in range(1, 8)], axis=0)
    assert pitch_hz(AudioClip((0.1 * buzz).astype(np.float32), rate_hz)) == pytest.approx(
        hz, rel=0.03
    )


def test_noise_and_silence_have_none() -> None:
    assert pitch_hz(pink_noise(1, 0.1, 1, 8000)) is None
    assert pitch_hz(AudioClip(np.zeros(8000, np.float32), 8000)) is None
    assert pitch_hz(AudioClip(np.zeros(80, np.float32), 8000)) is None


def test_the_shipped_man_and_woman_are_two() -> None:
    names = ["greeting-hello", "booking-my-name", "yes-please", "numbers-phone"]
    women = [pitch_hz(find_fixture(name).load().clip) or 0.0 for name in names]
    names = ["greeting-hello-michael", "manual-sunday", "no-thanks", "numbers-order"]
    men = [pitch_hz(find_fixture(name).load().clip) or 0.0 for name in names]
    found = two_voices([*women, *men])
    assert found is not None
    assert found[0] < 150 < found[1]
    assert two_voices(women) is None
    assert two_voices(men) is None


def test_one_sentence_that_is_other_is_no_second_person() -> None:
    assert two_voices([110, 115, 120, 230]) is None
    assert two_voices([110]) is None
    assert two_voices([]) is None
