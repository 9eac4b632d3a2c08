import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, joined, silence
from harness.audio.level import rms_dbfs
from harness.audio.signals import pink_noise, tone, white_noise
from harness.bench.detector_conditions import (
    CONDITIONS,
    gain_controlled,
    speech_rms,
    telephone,
    with_babble,
    with_noise,
)

TALK = joined(silence(1.0), pink_noise(1.0, 0.1, seed=1), silence(2.0)).samples


def test_every_condition_keeps_the_length() -> None:
    voices = pink_noise(3.0, 0.1, seed=2).samples
    for condition in CONDITIONS.values():
        assert len(condition(TALK, 1, voices)) == len(TALK)


def test_the_level_of_speech_is_taken_without_its_pauses() -> None:
    assert speech_rms(TALK) == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("snr_db", [15, 30])
def test_noise_is_so_far_below_the_speech(snr_db: float) -> None:
    noisy = with_noise(TALK, white_noise, snr_db, seed=3)
    assert rms_dbfs(noisy[: CALL_RATE_HZ // 2]) == pytest.approx(-20 - snr_db, abs=0.5)


def test_babble_is_so_far_below_the_speech() -> None:
    babble = with_babble(TALK, 15, 4, pink_noise(3.0, 0.1, seed=2).samples) - TALK
    assert rms_dbfs(babble) == pytest.approx(-35, abs=0.5)


@pytest.mark.parametrize("place", ["cafe_20db", "street_20db", "hum_20db"])
def test_a_place_is_so_far_below_the_speech(place: str) -> None:
    around = CONDITIONS[place](TALK, 7, TALK) - TALK
    assert rms_dbfs(around) == pytest.approx(-40, abs=1)


def test_a_telephone_has_nothing_above_four_kilohertz() -> None:
    high = telephone(tone(6_000, 1.0).samples)
    assert rms_dbfs(high[4_800:-4_800]) < -50


def test_a_line_takes_what_lies_below_300_hz_and_a_codec_alone_does_not() -> None:
    low = tone(120, 1.0).samples
    line, codec = (CONDITIONS[name](low, 1, TALK) for name in ("telephone_300hz", "telephone"))
    assert rms_dbfs(line[4_800:-4_800]) < rms_dbfs(codec[4_800:-4_800]) - 30


def test_a_gain_control_turns_up_the_noise_of_a_pause() -> None:
    loud = np.clip(TALK * 3, -1, 1)
    heard = gain_controlled(loud, 5)
    soon, later = (rms_dbfs(heard[round(at * CALL_RATE_HZ) :][:4_800]) for at in (2.05, 3.5))
    assert later - soon > 6
