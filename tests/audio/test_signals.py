import numpy as np
import pytest

from harness.audio import signals
from harness.audio.level import rms_dbfs


def test_a_tone_has_its_frequency() -> None:
    clip = signals.tone(1000.0, 1.0)
    assert int(np.argmax(np.abs(np.fft.rfft(clip.samples)))) == 1000


def test_a_chirp_moves_from_one_frequency_to_the_other() -> None:
    samples = signals.chirp(500.0, 4000.0, 2.0).samples
    first, last = samples[:4_800], samples[-4_800:]
    strongest = [int(np.argmax(np.abs(np.fft.rfft(part)))) * 10 for part in (first, last)]
    assert strongest == pytest.approx([590, 3910], abs=100)


def test_a_click_is_one_sample() -> None:
    assert np.flatnonzero(signals.click(0.25, 1.0).samples).tolist() == [12_000]


def test_a_click_outside_of_its_clip_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        signals.click(1.0, 1.0)


@pytest.mark.parametrize("noise", [signals.white_noise, signals.pink_noise])
def test_noise_has_its_level_and_repeats_with_its_seed(noise: signals.Noise) -> None:
    clip = noise(1.0, 0.1, seed=7)
    assert rms_dbfs(clip.samples) == pytest.approx(-20.0, abs=0.2)
    assert np.array_equal(clip.samples, noise(1.0, 0.1, seed=7).samples)
    assert not np.array_equal(clip.samples, noise(1.0, 0.1, seed=8).samples)


def test_pink_noise_is_louder_below() -> None:
    power = np.abs(np.fft.rfft(signals.pink_noise(2.0, 0.1, seed=1).samples)) ** 2
    octaves = [10 * np.log10(power[2 * f : 4 * f].mean()) for f in (250, 500, 1000)]
    assert np.diff(octaves) == pytest.approx([-3.0, -3.0], abs=0.8)


def test_noise_too_short_to_shape_is_silence() -> None:
    assert signals.pink_noise(0.0, 0.1, seed=1).frames == 0
