"""What each condition does to speech."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.fixtures import find_fixture
from harness.bench.verdict_sound import CONDITIONS, NOISE_SNR_DB, QUIET_S, arrived

FIXTURE = find_fixture("goforward")
CLIP = FIXTURE.load().clip


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_voice_is_where_it_was_whatever_became_of_it(condition: str) -> None:
    sound = arrived(CLIP, condition)
    assert sound.clip.sample_rate_hz == CALL_RATE_HZ
    assert sound.clip.duration_s == pytest.approx(CLIP.duration_s + 2 * QUIET_S, abs=0.01)
    assert sound.spans[0].start_s == pytest.approx(QUIET_S + FIXTURE.speech_start_s, abs=0.1)
    assert sound.spans[-1].end_s == pytest.approx(QUIET_S + FIXTURE.speech_end_s, abs=0.15)


def test_noise_is_as_loud_as_its_name() -> None:
    clean, noisy = (arrived(CLIP, name).clip.samples for name in ("opus", "noise_15db"))
    quiet = noisy[: round(QUIET_S * 0.9 * CALL_RATE_HZ)]
    speech = clean[np.abs(clean) > 0.01 * np.max(np.abs(clean))]
    snr_db = 10 * np.log10(np.mean(np.square(speech)) / np.mean(np.square(quiet)))
    assert snr_db == pytest.approx(NOISE_SNR_DB, abs=2.5), "the codec takes some of it"


def test_a_telephone_has_nothing_above_4_khz() -> None:
    spectrum = np.abs(np.fft.rfft(arrived(CLIP, "telephone").clip.samples))
    frequencies_hz = np.fft.rfftfreq(2 * (len(spectrum) - 1), 1 / CALL_RATE_HZ)
    assert spectrum[frequencies_hz > 4_200].max() < spectrum.max() * 0.01


def test_silence_has_no_voice() -> None:
    assert arrived(AudioClip(np.zeros(24_000, np.float32), 24_000), "clean").spans == []
