"""Noise whose samples are known, and sounds that are added to it."""

from collections.abc import Callable

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.signals import pink_noise, tone, white_noise
from harness.speech.band_levels import Levels, measure_levels, moving_mean
from harness.speech.edge_noise import Noise, beats, evidence_of, measured_noise

Signal = Callable[[float, float, int], AudioClip]
NOISE = white_noise(2.0, 0.01, seed=4).samples


def levels(samples: MonoFloat32) -> Levels:
    return measure_levels(samples, CALL_RATE_HZ)


def measured(samples: MonoFloat32) -> Noise:
    found = levels(samples)
    return measured_noise(moving_mean(found.powers, 5), found.peaks(), found.powers)


def stands_out(samples: MonoFloat32, noise: Noise) -> float:
    """The share of hops that the bands tell from noise."""
    powers = moving_mean(levels(samples).powers, 5)
    return float((evidence_of(powers, noise.powers) > noise.evidence).mean())


def test_noise_does_not_stand_out_of_itself_and_a_tone_8_db_below_it_does() -> None:
    noise = measured(NOISE)
    assert stands_out(NOISE, noise) < 0.02
    faint = tone(1_000, 2.0).samples * np.float32(0.004 / np.std(tone(1_000, 2.0).samples))
    assert stands_out(NOISE + faint, noise) > 0.9


def test_no_sample_of_the_noise_is_higher_than_its_highest() -> None:
    noise = measured(NOISE)
    other = white_noise(5.0, 0.01, seed=9).samples
    assert levels(other).peaks().max() < noise.highest < 0.1
    assert noise.peak == pytest.approx(0.025, abs=0.003)


def test_silence_that_a_computer_made_is_not_the_rooms_noise() -> None:
    cut = np.concatenate([NOISE[: CALL_RATE_HZ // 2], np.zeros(CALL_RATE_HZ, np.float32)])
    assert measured(cut).peak == pytest.approx(measured(NOISE).peak, rel=0.1)


def test_noise_hardly_ever_exceeds_its_tops() -> None:
    noise = measured(NOISE)
    other = levels(white_noise(5.0, 0.01, seed=9).samples).powers
    assert 0.003 < (other > noise.tops).mean() < 0.03
    assert (noise.tops > noise.powers).all()


@pytest.mark.parametrize("make", [white_noise, pink_noise])
def test_steady_noise_does_not_drift_and_what_swells_does(make: Signal) -> None:
    steady = make(1.0, 0.01, 6).samples
    swelling = (steady * 10 ** (np.linspace(0, 4, len(steady)) / 20)).astype(np.float32)
    assert not measured(steady).drifts
    assert measured(swelling).drifts


@pytest.mark.parametrize("make", [white_noise, pink_noise])
def test_a_hum_beats_and_other_noise_does_not(make: Signal) -> None:
    hum = np.sum([tone(50.0 * each, 2.0, 0.01 / each).samples for each in range(1, 9)], axis=0)
    noise = make(2.0, 0.001, 6).samples
    assert beats(levels((hum + noise).astype(np.float32)).peaks())
    assert not beats(levels(noise).peaks())


def test_of_hardly_any_sound_nobody_can_say_that_it_beats() -> None:
    assert not beats(np.zeros(0, np.float32))
    assert not beats(np.zeros(500, np.float32))
