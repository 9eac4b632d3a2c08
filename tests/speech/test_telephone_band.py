"""Noise in bands of its own, through the telephone of the bench."""

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.signals import white_noise
from harness.bench.detector_conditions import telephone
from harness.speech.band_levels import BANDS, Levels, measure_levels
from harness.speech.telephone_band import came_by_telephone, lost_by_telephone_db

NO_NOISE = np.zeros(BANDS)


def band(low_hz: float, high_hz: float) -> MonoFloat32:
    """A second of noise between two frequencies."""
    samples = white_noise(1.0, 0.1, seed=3).samples
    spectrum = np.fft.rfft(samples)
    hz = np.fft.rfftfreq(len(samples), 1 / CALL_RATE_HZ)
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def levels(samples: MonoFloat32) -> Levels:
    return measure_levels(samples, CALL_RATE_HZ)


def test_a_telephone_is_told_by_what_is_missing_above_it() -> None:
    clip = AudioClip(band(200, 8_000), CALL_RATE_HZ)
    for samples, expected in ((clip.samples, False), (telephone(clip.samples), True)):
        found = levels(samples)
        assert came_by_telephone(found.powers, [(50, found.hops - 50)]) is expected
    assert not came_by_telephone(levels(clip.samples).powers, [])


@pytest.mark.parametrize(("low_hz", "high_hz"), [(100, 1_000), (300, 12_000), (2_000, 12_000)])
def test_the_more_a_sound_leans_upwards_the_more_was_lost(low_hz: float, high_hz: float) -> None:
    """What is told is what was lost, within the 6 dB that it is known to."""
    whole = band(low_hz, high_hz)
    before, after = levels(whole), levels(telephone(whole))
    inner = slice(50, before.hops - 50)
    truly_db = 20 * np.log10(np.median(before.peaks()[inner]) / np.median(after.peaks()[inner]))
    told_db = float(np.median(lost_by_telephone_db(after.powers[inner], NO_NOISE)))
    assert told_db == pytest.approx(truly_db, abs=6)


def test_of_a_hum_nothing_was_lost_and_of_an_s_much() -> None:
    hum, hiss = levels(telephone(band(100, 900))), levels(telephone(band(3_000, 9_000)))
    assert np.median(lost_by_telephone_db(hum.powers, NO_NOISE)) < 1
    assert np.median(lost_by_telephone_db(hiss.powers, NO_NOISE)) > 8
