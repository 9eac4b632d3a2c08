"""Tones whose fundamental is known, as a telephone leaves them."""

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.audio.fixtures import library
from harness.audio.resample import resample_clip
from harness.speech.fundamental import FundamentalRestorer

RATE_HZ = 16_000
FRAMES = 512


def overtones(fundamental_hz: float, windows: int = 32) -> MonoFloat32:
    """All from 300 to 3400 Hz, equally strong, in slowly, shape (windows, FRAMES)."""
    time_s = np.arange(windows * FRAMES) / RATE_HZ
    numbers = range(int(300 // fundamental_hz) + 1, int(3400 // fundamental_hz) + 1)
    waves = [np.cos(2 * np.pi * fundamental_hz * each * time_s) for each in numbers]
    samples: MonoFloat32 = (0.05 * np.sum(waves, axis=0)).astype(np.float32)
    samples[: 2 * FRAMES] *= np.hanning(4 * FRAMES)[: 2 * FRAMES].astype(np.float32)
    return samples.reshape(windows, FRAMES)


def level(samples: MonoFloat32, hz: float) -> float:
    """Amplitude of one frequency."""
    whole = samples.ravel()[2 * FRAMES :]
    turns = np.exp(-2j * np.pi * hz * np.arange(len(whole)) / RATE_HZ)
    return float(2 * abs(np.mean(whole * np.hanning(len(whole)) * 2 * turns)))


@pytest.mark.parametrize("fundamental_hz", [90, 120, 200, 260])
def test_a_fundamental_that_was_taken_is_given_back(fundamental_hz: float) -> None:
    voice = overtones(fundamental_hz)
    found = FundamentalRestorer().process(voice)
    assert level(voice, fundamental_hz) < 0.001
    assert level(found, fundamental_hz) > 0.02
    assert level(found, 5 * fundamental_hz) == pytest.approx(0.05, rel=0.2)


def test_a_voice_that_has_its_fundamental_stays_as_it_is() -> None:
    """To the bit, whoever speaks."""
    spoken = [each for each in library().values() if each.transcript]
    assert spoken
    for fixture in spoken:
        samples = resample_clip(fixture.load().clip, RATE_HZ).samples
        windows = samples[: len(samples) // FRAMES * FRAMES].reshape(-1, FRAMES)
        np.testing.assert_array_equal(FundamentalRestorer().process(windows), windows)


def test_a_call_that_goes_on_with_all_of_a_voice_is_left_alone_from_then_on() -> None:
    """As where a caller by telephone is put through to somebody who is not."""
    by_telephone = overtones(150)
    hiss = np.random.default_rng(3).normal(0, 0.003, by_telephone.shape).astype(np.float32)
    found = FundamentalRestorer().process(np.concatenate([by_telephone, by_telephone + hiss]))
    assert level(found[:32], 150) > 0.02
    np.testing.assert_array_equal(found[-16:], (by_telephone + hiss)[-16:])


def test_a_click_does_not_make_a_telephone_forgotten() -> None:
    by_telephone = overtones(150)
    by_telephone[10, 100] += 0.5
    assert level(FundamentalRestorer().process(by_telephone)[12:], 150) > 0.02


def test_windows_one_by_one_are_as_those_together() -> None:
    voice = overtones(150)
    one_by_one = FundamentalRestorer()
    found = np.concatenate([one_by_one.process(window[np.newaxis]) for window in voice])
    np.testing.assert_allclose(found, FundamentalRestorer().process(voice), atol=1e-6)


def test_silence_stays_silent_and_after_a_reset_all_is_new() -> None:
    restorer = FundamentalRestorer()
    silence = np.zeros((2, FRAMES), np.float32)
    assert not restorer.process(silence).any()
    restorer.process(overtones(150))
    restorer.reset()
    assert not restorer.process(silence).any()


def test_no_windows_are_none() -> None:
    assert FundamentalRestorer().process(np.zeros((0, FRAMES), np.float32)).shape == (0, FRAMES)
