"""A WAV file that opens at any moment, however long it becomes."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.audio.containers import bytes_if_cut, look_into
from harness.audio.growing_wav import HEADER_BYTES, GrowingWav, growing_header

SIX_HOURS_AND_A_HALF = round(6.5 * 3600) * 48_000


def stereo(first: int, count: int) -> np.ndarray:
    left = np.arange(first, first + count, dtype=np.int16)
    return np.stack([left, -left], axis=1)


def test_samples_lie_where_they_were_put_and_silence_between(tmp_path: Path) -> None:
    file = GrowingWav(tmp_path / "a.wav", 2)
    file.write(10, stereo(1, 5))
    file.write(2, stereo(7, 2))
    file.tell_length()
    data, rate_hz = soundfile.read(tmp_path / "a.wav", dtype="int16")
    assert (rate_hz, data.shape) == (48_000, (15, 2))
    assert data[:, 0].tolist() == [0, 0, 7, 8, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]
    assert np.array_equal(file.read(0, 20)[:15], data)
    assert not file.read(15, 5).any()
    file.close()
    assert file.closed


def test_silence_at_the_end_is_length_and_no_bytes(tmp_path: Path) -> None:
    file = GrowingWav(tmp_path / "a.wav", 1)
    file.write(0, np.zeros((100_000_000, 1), np.int16))
    file.tell_length()
    assert soundfile.info(str(tmp_path / "a.wav")).frames == 100_000_000
    blocks = getattr((tmp_path / "a.wav").stat(), "st_blocks", 0)
    assert blocks * 512 < 1_000_000
    file.close()


def test_a_file_beyond_4_gib_opens_to_its_last_frame(tmp_path: Path) -> None:
    """Silence but for its ends, so that the disk holds a few pages of it."""
    path = tmp_path / "long.wav"
    file = GrowingWav(path, 2)
    file.write(0, stereo(1, 3))
    file.write(SIX_HOURS_AND_A_HALF - 3, stereo(4, 3))
    file.tell_length()
    with soundfile.SoundFile(str(path)) as opened:
        assert (opened.format, opened.frames) == ("RF64", SIX_HOURS_AND_A_HALF)
        opened.seek(SIX_HOURS_AND_A_HALF - 3)
        assert np.array_equal(opened.read(dtype="int16"), stereo(4, 3))
    assert bytes_if_cut(path) is None
    assert file.read(SIX_HOURS_AND_A_HALF - 1, 1).tolist() == [[6, -6]]
    file.close()


@pytest.mark.parametrize("frames", [0, 1, 2**30 - 19, 2**30 - 18, 2**30, 2**33])
def test_a_header_says_its_own_length(frames: int) -> None:
    header = growing_header(frames, 2, 48_000)
    assert len(header) == HEADER_BYTES
    name, riff_bytes, _, chunk, size = struct.unpack_from("<4sI4s4sI", header)
    is_long = HEADER_BYTES - 8 + frames * 4 > 0xFFFFFFFF
    assert (name, chunk, size) == ((b"RF64", b"ds64", 28) if is_long else (b"RIFF", b"JUNK", 28))
    told = struct.unpack_from("<QQQ", header, 20) if is_long else None
    assert told in (None, (HEADER_BYTES - 8 + frames * 4, frames * 4, frames))
    assert riff_bytes == (0xFFFFFFFF if is_long else HEADER_BYTES - 8 + frames * 4)


def test_our_own_reader_takes_it_as_it_is(tmp_path: Path) -> None:
    file = GrowingWav(tmp_path / "a.wav", 2)
    file.write(0, stereo(1, 50))
    file.tell_length()
    file.close()
    found = look_into(tmp_path / "a.wav")
    assert (found.source, found.note, found.cut) == (str(tmp_path / "a.wav"), None, None)


def test_a_removed_file_can_be_written_again(tmp_path: Path) -> None:
    path = tmp_path / "run" / "a.wav"
    file = GrowingWav(path, 2)
    file.write(0, stereo(1, 50))
    file.tell_length()
    path.unlink()
    path.parent.rmdir()
    file.copy_to(path)
    file.close()
    assert np.array_equal(soundfile.read(path, dtype="int16")[0], stereo(1, 50))
