"""One side of a recording, read as a clip is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.audio.clip import AudioClip
from harness.audio.pcm16 import from_int16
from harness.audio.side_of_file import SideOfFile, pieces
from harness.audio.wav import write_wav
from harness.errors import ArtifactError

RATE_HZ = 8_000
LEFT = np.arange(1, 4_001, dtype=np.int16)


@pytest.fixture
def side(tmp_path: Path) -> SideOfFile:
    write_wav(tmp_path / "a.wav", np.stack([LEFT, LEFT[::-1]], axis=1), RATE_HZ)
    return SideOfFile(tmp_path / "a.wav", 0, len(LEFT), RATE_HZ)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(start_s=st.floats(-0.2, 0.8), length_s=st.floats(-0.1, 0.8))
def test_a_part_is_the_part_of_a_clip(side: SideOfFile, start_s: float, length_s: float) -> None:
    clip = AudioClip(from_int16(LEFT), RATE_HZ)
    expected = clip.between(start_s, start_s + length_s)
    found = side.between(start_s, start_s + length_s)
    assert np.array_equal(found.samples, expected.samples)


def test_pieces_are_all_of_it_in_order(side: SideOfFile) -> None:
    found = list(pieces(side, 0.15))
    assert [piece.frames for piece in found] == [1200, 1200, 1200, 400]
    assert np.concatenate([piece.samples for piece in found]).tolist() == (LEFT / 32768).tolist()
    assert side.duration_s == 0.5


def test_a_file_that_went_away_is_said(side: SideOfFile) -> None:
    side.path.unlink()
    with pytest.raises(ArtifactError, match="any more"):
        side.between(0.0, 0.1)
