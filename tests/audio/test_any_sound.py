"""Sound that libsndfile does not know: what telephones, browsers and meetings record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.audio.any_sound import DecodedFile, open_sound
from harness.audio.clip import MonoFloat32
from harness.audio.signals import tone
from harness.audio.wav import load_clip
from harness.errors import FixtureError
from tests.support.encoded_sound import write_encoded

RATE_HZ = 48_000
KINDS = [
    ("memo.m4a", "aac"),
    ("memo.aac", "aac"),
    ("meeting.mp4", "aac"),
    ("page.webm", "libopus"),
    ("page.mka", "flac"),
    ("memo.caf", "pcm_s16le"),
    ("memo.wma", "wmav2"),
]


def two_channels() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """A tone on the left channel from 1 to 2 s of 3, and nothing on the right one."""
    left = np.zeros(3 * RATE_HZ, np.float32)
    left[RATE_HZ : 2 * RATE_HZ] = tone(440.0, 1.0, sample_rate_hz=RATE_HZ).samples
    return np.stack([left, np.zeros_like(left)], axis=1)


def loud_s(samples: MonoFloat32) -> tuple[float, float]:
    """Where the tone begins and ends."""
    at = np.flatnonzero(np.abs(samples) > 0.1)
    return float(at[0]) / RATE_HZ, float(at[-1]) / RATE_HZ


@pytest.mark.parametrize(("name", "codec"), KINDS)
def test_channels_and_places_are_as_they_were(tmp_path: Path, name: str, codec: str) -> None:
    path = write_encoded(tmp_path / name, two_channels(), RATE_HZ, codec)
    with open_sound(str(path)) as file:
        assert (file.samplerate, file.channels) == (RATE_HZ, 2)
        found = file.read(-1, dtype="float32", always_2d=True)
    assert loud_s(found[:, 0]) == pytest.approx((1.0, 2.0), abs=0.05)
    assert np.abs(found[:, 1]).max() < 0.05
    assert len(found) / RATE_HZ == pytest.approx(3.0, abs=0.1)


def test_blocks_are_the_whole(tmp_path: Path) -> None:
    path = write_encoded(tmp_path / "memo.m4a", two_channels(), RATE_HZ, "aac")
    with DecodedFile(str(path)) as file:
        whole = file.read()
    parts = []
    with DecodedFile(str(path)) as file:
        while len(part := file.read(7001)):
            assert len(part) <= 7001
            parts.append(part)
    assert np.array_equal(np.concatenate(parts), whole)


def test_what_libsndfile_reads_is_left_to_it(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", two_channels(), RATE_HZ)
    with open_sound(str(tmp_path / "a.wav")) as file:
        assert isinstance(file, soundfile.SoundFile)


def test_a_hole_in_its_times_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "page.mka"
    write_encoded(path, two_channels(), RATE_HZ, "pcm_s16le", hole_at_s=0.5)
    with DecodedFile(str(path)) as file:
        found = file.read()
    assert loud_s(found[:, 0]) == pytest.approx((2.0, 3.0), abs=0.05)
    assert len(found) / RATE_HZ == pytest.approx(4.0, abs=0.05)


def test_a_file_that_is_cut_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write_encoded(tmp_path / "page.webm", two_channels(), RATE_HZ, "libopus")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with DecodedFile(str(path)) as file:
        assert 0.5 < len(file.read()) / RATE_HZ < 2.9


@pytest.mark.parametrize(
    "content", [b"no sound at all " * 400, b"\0" * 5000, b"#EXTM3U\nhttp://x/"]
)
def test_what_nobody_can_decode_is_told_by_libsndfile(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "memo.m4a"
    path.write_bytes(content)
    with pytest.raises(soundfile.LibsndfileError):
        open_sound(str(path))


def test_it_can_be_said_in_a_scenario(tmp_path: Path) -> None:
    path = write_encoded(tmp_path / "memo.m4a", two_channels()[:, :1], RATE_HZ, "aac")
    loaded = load_clip(path)
    assert loud_s(loaded.clip.samples) == pytest.approx((1.0, 2.0), abs=0.05)
    assert loaded.conversion == "AAC decoded"


def test_more_than_half_an_hour_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.audio.wav.MAX_DURATION_S", 2.0)
    path = write_encoded(tmp_path / "memo.m4a", two_channels(), RATE_HZ, "aac")
    with pytest.raises(FixtureError, match="minutes of audio"):
        load_clip(path)
