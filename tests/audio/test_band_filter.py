"""Filters of a band: what passes, what does not, and how little it is delayed."""

import numpy as np
import pytest

from harness.audio.band_filter import TAPS, TELEPHONE_HZ, Taps, band_taps

RATE_HZ = 48_000


def response(taps: Taps, frequency_hz: float) -> complex:
    turns = np.exp(-2j * np.pi * frequency_hz / RATE_HZ * np.arange(len(taps)))
    return complex(np.sum(taps * turns))


def gain_db(taps: Taps, frequency_hz: float) -> float:
    return float(20 * np.log10(abs(response(taps, frequency_hz))))


def delay_s(taps: Taps, frequency_hz: float) -> float:
    """Group delay: how much later an envelope at this frequency comes out."""
    weighted = response(taps * np.arange(len(taps)), frequency_hz)
    return float((weighted / response(taps, frequency_hz)).real / RATE_HZ)


def test_a_telephone_lets_its_band_pass_and_nothing_from_4_khz_on() -> None:
    taps = band_taps(*TELEPHONE_HZ)
    for frequency_hz in (300, 500, 1000, 2000, 3400):
        assert gain_db(taps, frequency_hz) == pytest.approx(0.0, abs=0.1)
    for frequency_hz in (4000, 5000, 8000, 20_000):
        assert gain_db(taps, frequency_hz) < -50
    assert gain_db(taps, 100) < -12
    assert gain_db(taps, 50) < -25


def test_speech_stays_where_it_is_to_within_a_millisecond() -> None:
    taps = band_taps(*TELEPHONE_HZ)
    assert all(0 < delay_s(taps, hz) < 0.001 for hz in (400, 700, 1000, 2000, 3000))


@pytest.mark.parametrize("band", [(0.0, 4000.0), (200.0, 8000.0), (1000.0, 1200.0)])
def test_any_band_has_a_gain_of_one_in_its_middle(band: tuple[float, float]) -> None:
    taps = band_taps(*band)
    assert len(taps) == TAPS
    middle_hz = np.sqrt(max(band[0], 100.0) * band[1])
    assert gain_db(taps, middle_hz) == pytest.approx(0.0, abs=1e-9)
    assert gain_db(taps, band[1] + 600) < -45
