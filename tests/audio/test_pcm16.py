import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audio import pcm16

INT16 = st.lists(st.integers(-32768, 32767), max_size=200)


@given(INT16)
def test_int16_to_float_and_back_gives_the_same_bits(values: list[int]) -> None:
    samples = np.array(values, np.int16)
    assert pcm16.to_int16(pcm16.from_int16(samples)).tolist() == values


@given(INT16)
def test_base64_to_samples_and_back_gives_the_same_text(values: list[int]) -> None:
    text = pcm16.to_base64(pcm16.from_int16(np.array(values, np.int16)))
    assert pcm16.to_base64(pcm16.from_base64(text)) == text


def test_bytes_are_little_endian() -> None:
    assert pcm16.encode(np.array([256 / 32768], np.float32)) == b"\x00\x01"


def test_samples_beyond_full_scale_are_held_there_and_nan_is_silence() -> None:
    samples = np.array([2.0, -2.0, np.nan, np.inf], np.float32)
    assert pcm16.to_int16(samples).tolist() == [32767, -32768, 0, 32767]


def test_an_odd_number_of_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="two bytes a sample"):
        pcm16.decode(b"abc")


def test_what_is_not_base64_is_refused() -> None:
    with pytest.raises(ValueError, match="base64"):
        pcm16.from_base64("*no*")
