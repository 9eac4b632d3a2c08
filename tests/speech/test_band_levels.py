import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.signals import tone, white_noise
from harness.speech.band_levels import BAND_BINS, HOP_S, LevelMeter, joined_levels, measure_levels


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 44_100, 48_000])
def test_there_is_a_level_every_two_milliseconds_at_any_rate(rate_hz: int) -> None:
    levels = measure_levels(tone(440, 1.0, sample_rate_hz=rate_hz).samples, rate_hz)
    assert levels.hops == pytest.approx(1.0 / HOP_S, abs=1)


def test_the_power_of_a_tone_is_in_its_band() -> None:
    levels = measure_levels(tone(1000, 0.5, amplitude=0.5).samples, 48_000)
    middle = levels.powers[100]
    band = next(i for i, (first, end) in enumerate(BAND_BINS) if first <= 10 < end)
    assert np.argmax(middle) == band
    assert middle.sum() == pytest.approx(0.5**2 / 2, rel=0.05)


def test_peaks_are_of_the_sound_and_not_of_a_constant_part() -> None:
    samples = tone(500, 0.5, amplitude=0.25).samples + np.float32(0.4)
    assert measure_levels(samples, 48_000).peaks()[50:200].max() == pytest.approx(0.25, abs=0.01)


@settings(max_examples=20, deadline=None)
@given(size=st.integers(1, 20_000), rate_hz=st.sampled_from([8_000, 44_100, 48_000]))
def test_pieces_give_the_levels_of_the_whole(size: int, rate_hz: int) -> None:
    samples = white_noise(0.7, 0.1, seed=1, sample_rate_hz=rate_hz).samples
    meter = LevelMeter(rate_hz)
    parts = [meter.process(samples[at : at + size]) for at in range(0, len(samples), size)]
    parts.append(meter.process(samples[:0], is_last=True))
    joined, whole = joined_levels(parts), measure_levels(samples, rate_hz)
    assert np.allclose(joined.powers, whole.powers, rtol=1e-3, atol=1e-9)
    assert np.array_equal(joined.peaks(), whole.peaks())


def test_no_samples_have_no_levels() -> None:
    assert measure_levels(np.zeros(0, np.float32), 48_000).hops == 0
