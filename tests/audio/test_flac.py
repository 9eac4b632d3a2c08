import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.clip import AudioClip
from harness.audio.flac import as_16_bit, from_flac, to_flac
from harness.audio.pcm16 import encode, from_int16
from harness.audio.signals import tone


@given(
    st.lists(st.integers(-32768, 32767), min_size=1, max_size=300),
    st.sampled_from([8_000, 16_000, 24_000, 48_000]),
)
def test_every_16_bit_sample_comes_back(values: list[int], rate_hz: int) -> None:
    clip = AudioClip(from_int16(np.array(values, np.int16)), rate_hz)
    again = from_flac(to_flac(clip))
    assert again.sample_rate_hz == rate_hz
    np.testing.assert_array_equal(again.samples, clip.samples)


def test_more_than_16_bits_are_rounded_to_them() -> None:
    clip = AudioClip(np.array([0.1, -0.2, 1.5], np.float32), 24_000)
    np.testing.assert_array_equal(from_flac(to_flac(clip)).samples, as_16_bit(clip).samples)
    assert as_16_bit(clip).samples.max() == pytest.approx(1.0, abs=1e-4)


def test_a_tone_takes_fewer_bytes_than_pcm() -> None:
    clip = tone(440.0, 0.5)
    assert len(to_flac(clip)) < 0.7 * len(encode(clip.samples))


def test_a_clip_without_samples_is_no_bytes() -> None:
    assert to_flac(AudioClip(np.zeros(0, np.float32), 16_000)) == b""


@pytest.mark.parametrize("data", [b"", b"no flac at all", to_flac(tone(440.0, 0.1))[:60]])
def test_damaged_bytes_are_told(data: bytes) -> None:
    with pytest.raises(ValueError, match="not FLAC"):
        from_flac(data)
