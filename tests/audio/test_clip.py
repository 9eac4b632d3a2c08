import numpy as np
import pytest

from harness.audio.clip import AudioClip, joined, silence


def test_a_clip_knows_its_length() -> None:
    clip = AudioClip(np.zeros(24_000, np.float32), 48_000)
    assert (clip.frames, clip.duration_s) == (24_000, 0.5)


def test_the_samples_of_a_clip_are_read_only() -> None:
    clip = silence(0.1)
    with pytest.raises(ValueError, match="read-only"):
        clip.samples[0] = 1.0


def test_stereo_is_no_clip() -> None:
    with pytest.raises(ValueError, match="mono"):
        AudioClip(np.zeros((10, 2), np.float32), 48_000)


def test_a_rate_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        AudioClip(np.zeros(1, np.float32), 0)


def test_a_part_is_cut_at_the_ends_of_the_clip() -> None:
    clip = AudioClip(np.arange(10, dtype=np.float32), 10)
    assert clip.between(0.8, 3.0).samples.tolist() == [8.0, 9.0]
    assert clip.between(-1.0, 0.2).samples.tolist() == [0.0, 1.0]
    assert clip.between(0.5, 0.1).frames == 0


def test_clips_of_one_rate_are_joined() -> None:
    assert joined(silence(0.5), silence(0.25)).duration_s == 0.75


def test_clips_of_different_rates_are_not_joined() -> None:
    with pytest.raises(ValueError, match="common rate"):
        joined(silence(0.5, 8_000), silence(0.5, 16_000))
