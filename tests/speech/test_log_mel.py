"""The picture of sound has its energy where the sound has its own."""

import numpy as np
import pytest

from harness.speech.log_mel import BANDS, SAMPLE_RATE_HZ, STEPS, log_mel


def tone(hz: float, duration_s: float) -> np.ndarray:
    return np.sin(np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ * hz * 2 * np.pi)


@pytest.mark.parametrize("duration_s", [0.0, 0.01, 2.0, 40.0])
def test_it_always_has_the_same_shape_and_is_finite(duration_s: float) -> None:
    picture = log_mel(tone(500, duration_s).astype(np.float32))
    assert picture.shape == (1, BANDS, STEPS)
    assert picture.dtype == np.float32
    assert np.isfinite(picture).all()


def test_a_higher_tone_lies_in_a_higher_band() -> None:
    bands = [
        int(np.argmax(log_mel(tone(hz, 1.0).astype(np.float32))[0, :, 50]))
        for hz in (200, 1000, 4000)
    ]
    assert bands == sorted(set(bands))
    assert bands[1] == pytest.approx(26, abs=2)  # 15 mel of 1 kHz, of 45.2 over 81 steps


def test_the_level_of_the_sound_moves_the_picture_and_keeps_its_shape() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 30 * SAMPLE_RATE_HZ).astype(np.float32)
    loud, quiet = log_mel(noise), log_mel(noise / np.float32(10))
    assert loud - quiet == pytest.approx(0.5, abs=0.01)  # 20 dB are 2 decades, of 4 a unit
