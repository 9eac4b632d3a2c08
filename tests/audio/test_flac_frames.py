"""FLAC files that are cut: what is whole of them, to the sample."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.flac_frames import cut_flac

RATE_HZ = 16_000
SOUND = (np.random.default_rng(1).normal(0, 0.1, (5 * RATE_HZ, 2))).astype(np.float32)


def flac(subtype: str = "PCM_16", rate_hz: int = RATE_HZ) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, SOUND, rate_hz, subtype, format="FLAC")
    return file.getvalue()


def whole_part(data: bytes) -> npt.NDArray[np.float32]:
    found = cut_flac(data)
    assert found is not None
    mended = found.header + data[found.first : found.first + found.length]
    samples: npt.NDArray[np.float32]
    samples, _ = soundfile.read(io.BytesIO(mended), dtype="float32")
    assert len(samples) == found.samples
    return samples


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
@pytest.mark.parametrize("share", [0.3, 0.61, 0.999])
def test_all_whole_frames_of_a_cut_file_are_read(subtype: str, share: float) -> None:
    data = flac(subtype)
    expected, _ = soundfile.read(io.BytesIO(data), dtype="float32")
    samples = whole_part(data[: int(len(data) * share)])
    assert len(samples) > share * len(SOUND) - 2 * 4096
    np.testing.assert_array_equal(samples, expected[: len(samples)])


def test_a_file_that_a_pipe_left_without_a_count_is_read_as_well() -> None:
    data = bytearray(flac())
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    assert cut_flac(bytes(data)) is None
    assert len(whole_part(bytes(data[: len(data) // 2]))) > 2 * RATE_HZ


def test_a_whole_file_is_left_alone_and_so_is_what_programs_add() -> None:
    assert cut_flac(flac()) is None
    assert cut_flac(flac() + b"TAG" + bytes(125)) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at(rest: bytes) -> None:
    cut_flac(b"fLaC" + rest)
    assert cut_flac(rest) is None


@given(st.integers(0, len(flac()) - 1))
def test_cut_anywhere_it_is_whole_or_mended_or_too_short(length: int) -> None:
    data = flac()[:length]
    found = cut_flac(data)
    if found is not None:
        assert 0 < found.samples < len(SOUND)
