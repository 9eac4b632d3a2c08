"""Sound, there and back: the same samples, and silence where it was left out."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.audio.growing_wav import GrowingWav
from harness.exchange.sound import from_flac, is_flac_able, is_like_heard, to_flac


def wav(path: Path, frames: int = 48_000 * 12, channels: int = 2) -> Path:
    made = GrowingWav(path, channels)
    noise = np.random.default_rng(1).integers(-3000, 3000, (frames, channels), np.int16)
    made.write(0, noise)
    made.tell_length()
    made.close()
    return path


def there_and_back(path: Path, from_s: float = 0.0) -> np.ndarray:
    packed = io.BytesIO()
    size = to_flac(path, packed, from_s)
    packed.seek(0)
    back = path.with_name("back.wav")
    from_flac(packed, back, size)
    assert back.stat().st_size == size
    samples: np.ndarray = soundfile.read(back, dtype="int16", always_2d=True)[0]
    return samples


@pytest.mark.parametrize("channels", [1, 2])
def test_every_sample_comes_back(tmp_path: Path, channels: int) -> None:
    path = wav(tmp_path / "call.wav", channels=channels)
    assert is_flac_able(path)
    before = soundfile.read(path, dtype="int16", always_2d=True)[0]
    assert np.array_equal(there_and_back(path), before)


def test_what_is_left_out_is_silence_of_the_same_length(tmp_path: Path) -> None:
    path = wav(tmp_path / "call.wav")
    before = soundfile.read(path, dtype="int16", always_2d=True)[0]
    back = there_and_back(path, from_s=11.0)
    place = 48_000 * 11
    assert not back[:place].any()
    assert np.array_equal(back[place:], before[place:])


@pytest.mark.parametrize("frames", [48_000 * 25, 48_000 * 12, 48_000 * 3])
def test_what_was_heard_is_taken_away_and_added_again(tmp_path: Path, frames: int) -> None:
    """Any two sounds, of any lengths, also where the difference has more than 16 bits."""
    call, flac, less = wav(tmp_path / "call.wav"), io.BytesIO(), io.BytesIO()
    to_flac(call, flac)
    samples = np.random.default_rng(2).integers(-(2**15), 2**15, frames, np.int16)
    path = tmp_path / "received.wav"
    soundfile.write(path, samples, 48_000, subtype="PCM_16")
    assert is_like_heard(path, flac)
    size = to_flac(path, less, less=flac)
    less.seek(0)
    from_flac(less, tmp_path / "back.wav", size, call)
    assert np.array_equal(soundfile.read(tmp_path / "back.wav", dtype="int16")[0], samples)


def test_other_sounds_are_no_part_of_what_was_heard(tmp_path: Path) -> None:
    flac = io.BytesIO()
    to_flac(wav(tmp_path / "call.wav"), flac)
    assert not is_like_heard(tmp_path / "call.wav", flac)
    soundfile.write(tmp_path / "a.wav", np.zeros(100, np.int16), 24_000, subtype="PCM_16")
    assert not is_like_heard(tmp_path / "a.wav", flac)


def test_more_than_is_listed_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    size = to_flac(wav(tmp_path / "call.wav"), packed)
    packed.seek(0)
    with pytest.raises(ValueError, match="listed"):
        from_flac(packed, tmp_path / "back.wav", size - 1)


def test_what_is_no_flac_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no FLAC"):
        from_flac(io.BytesIO(b"nonsense" * 99), tmp_path / "back.wav", 10_000)


def test_other_files_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(100, np.float32), 48_000, subtype="FLOAT")
    assert not is_flac_able(path)
    path.write_bytes(b"no sound")
    assert not is_flac_able(path)
