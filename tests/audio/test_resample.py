from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.clip import AudioClip
from harness.audio.compare import find_delay
from harness.audio.resample import StreamResampler, resample, resample_clip
from harness.audio.signals import chirp, tone


def test_equal_rates_leave_the_samples_alone() -> None:
    samples = tone(440.0, 0.1).samples
    assert np.array_equal(resample(samples, 48_000, 48_000), samples)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 22_050, 37_800, 44_100, 96_000])
def test_a_tone_keeps_its_length_level_and_pitch(rate_hz: int) -> None:
    clip = resample_clip(tone(1000.0, 1.0, sample_rate_hz=rate_hz), 48_000)
    assert clip.frames == pytest.approx(48_000, abs=1)
    middle = clip.samples[4_800:43_200]
    expected = tone(1000.0, 1.0).samples[4_800:43_200]
    assert np.max(np.abs(middle - expected)) < 0.002


def test_nothing_is_shifted_in_time() -> None:
    clip = chirp(200.0, 3000.0, 0.5)
    there = resample_clip(clip, 16_000)
    back = resample_clip(AudioClip(there.samples, 16_000), 48_000)
    assert find_delay(clip.samples, back.samples, 48_000).delay_s == 0.0


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(0, 9_600), max_size=6), to_hz=st.sampled_from([16_000, 24_000]))
def test_pieces_give_the_same_as_the_whole(cuts: list[int], to_hz: int) -> None:
    samples = chirp(100.0, 6000.0, 0.2).samples
    borders = [0, *sorted(cuts), len(samples)]
    stream = StreamResampler(48_000, to_hz)
    pieces = [
        stream.process(
            samples[start:end], is_last=end == len(samples) and index == len(borders) - 2
        )
        for index, (start, end) in enumerate(pairwise(borders))
    ]
    whole = resample(samples, 48_000, to_hz)
    joined = np.concatenate(pieces)
    assert len(joined) == pytest.approx(len(whole), abs=1)
    shorter = min(len(joined), len(whole))
    assert np.max(np.abs(joined[:shorter] - whole[:shorter])) < 1e-4


def test_an_empty_piece_gives_nothing() -> None:
    assert len(resample(np.zeros(0, np.float32), 8_000, 48_000)) == 0
