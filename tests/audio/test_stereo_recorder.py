from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.clip import MonoFloat32
from harness.audio.stereo_recorder import BLOCK_FRAMES, StereoRecorder
from harness.errors import ArtifactError

RATE_HZ = 48_000


def _level(frames: int, value: int = 1000) -> MonoFloat32:
    return np.full(frames, value / 32768, np.float32)


def test_sent_is_left_and_heard_is_right_at_their_times() -> None:
    recorder = StereoRecorder()
    recorder.add_sent(0.5, _level(10, 100))
    recorder.add_heard(1.0, _level(10, 200))
    both = recorder.samples()
    assert both.shape == (RATE_HZ + 10, 2)
    assert (np.flatnonzero(both[:, 0])[0], both[24_000, 0]) == (24_000, 100)
    assert (np.flatnonzero(both[:, 1])[0], both[48_000, 1]) == (48_000, 200)


def test_what_was_not_given_is_silence_and_counted() -> None:
    recorder = StereoRecorder()
    recorder.add_sent(0.0, _level(480))
    recorder.add_sent(0.03, _level(480))
    assert recorder.facts.gap_frames == 960
    assert not recorder.samples()[480:1440].any()


def test_what_was_given_twice_is_kept_once_and_counted() -> None:
    recorder = StereoRecorder()
    recorder.add_heard(0.0, _level(480, 1))
    recorder.add_heard(0.005, _level(480, 2))
    assert recorder.facts.overlap_frames == 240
    assert recorder.samples()[[239, 240, 719], 1].tolist() == [1, 2, 2]


def test_two_sources_of_one_side_are_mixed_within_full_scale() -> None:
    recorder = StereoRecorder()
    recorder.add_heard(0.0, _level(10, 20_000), source="a")
    recorder.add_heard(0.0, _level(5, 20_000), source="b")
    assert recorder.facts.overlap_frames == 0
    assert recorder.samples()[[0, 9], 1].tolist() == [32_767, 20_000]


@settings(max_examples=30, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 2_000), min_size=1, max_size=20),
    offset_s=st.floats(0.0, 2.0),
)
def test_pieces_that_follow_each_other_leave_no_seam(sizes: list[int], offset_s: float) -> None:
    recorder = StereoRecorder()
    signal = np.arange(1, sum(sizes) + 1, dtype=np.int16)
    position = 0
    for size in sizes:
        start_s = offset_s + position / RATE_HZ
        recorder.add_sent(start_s, signal[position : position + size])
        position += size
    left = recorder.samples()[:, 0]
    assert left[np.flatnonzero(left)[0] :].tolist() == signal.tolist()
    assert (recorder.facts.gap_frames, recorder.facts.overlap_frames) == (0, 0)


@settings(max_examples=30, deadline=None)
@given(
    pieces=st.lists(
        st.tuples(st.integers(-500, 5_000), st.integers(0, 1_500)), min_size=1, max_size=15
    )
)
def test_any_order_of_pieces_equals_a_plain_array(pieces: list[tuple[int, int]]) -> None:
    """The lanes, blocks and counts do what one big array with a mask would."""
    recorder = StereoRecorder()
    plain, given_frames = np.zeros(15_000, np.int16), np.zeros(15_000, bool)
    overlap = before = end = 0
    for number, (start, size) in enumerate(pieces, start=1):
        # Twice as far apart, so that no two pieces are near enough to be snapped together.
        first, length = start * 2, size * 2 // 3 * 2
        recorder.add_heard(first / RATE_HZ, np.full(length, number, np.int16))
        before += min(length, max(0, -first))
        first, last = max(0, first), max(0, first + length)
        overlap += int(given_frames[first:last].sum())
        plain[first:last], given_frames[first:last] = number, True
        end = max(end, last if last > first else 0)
    facts = recorder.facts
    assert recorder.samples()[:, 1].tolist() == plain[:end].tolist()
    assert (facts.overlap_frames, facts.before_start_frames, facts.frames) == (
        overlap,
        before,
        end,
    )


def test_a_piece_over_a_block_border_is_whole() -> None:
    recorder = StereoRecorder()
    recorder.add_sent((BLOCK_FRAMES - 5) / RATE_HZ, np.arange(1, 11, dtype=np.int16))
    assert recorder.samples()[-10:, 0].tolist() == list(range(1, 11))


def test_what_lies_before_the_call_or_behind_the_limit_is_counted() -> None:
    recorder = StereoRecorder(max_duration_s=0.1)
    recorder.add_sent(-0.01, _level(960))
    recorder.add_heard(0.09, _level(960))
    facts = recorder.facts
    assert (facts.before_start_frames, facts.beyond_end_frames) == (480, 480)
    assert facts.frames == 4_800


def test_an_hour_of_silence_costs_no_memory() -> None:
    recorder = StereoRecorder()
    second = np.zeros(RATE_HZ, np.int16)
    for start_s in range(3600):
        recorder.add_sent(float(start_s), second)
    assert recorder.duration_s == 3600.0
    assert not any(lane.blocks for lane in recorder._sides[0].values())


def test_the_file_is_the_recording(tmp_path: Path) -> None:
    recorder = StereoRecorder()
    recorder.add_sent(0.1, _level(4_800, 5))
    recorder.add_heard(11.0, _level(4_800, 7))
    path = recorder.write(tmp_path / "run" / "call.wav")
    data, rate_hz = soundfile.read(path, dtype="int16")
    assert rate_hz == RATE_HZ
    assert np.array_equal(data, recorder.samples())


def test_the_file_reaches_to_the_end_of_the_call(tmp_path: Path) -> None:
    path = StereoRecorder().write(tmp_path / "call.wav", until_s=0.5)
    assert soundfile.info(path).frames == 24_000


def test_an_empty_recording_is_an_empty_file(tmp_path: Path) -> None:
    path = StereoRecorder().write(tmp_path / "call.wav")
    assert soundfile.info(path).frames == 0
    assert StereoRecorder().samples().shape == (0, 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_a_plain_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = StereoRecorder()
    recorder.add_sent(0.0, _level(RATE_HZ))
    monkeypatch.setattr(Path, "with_name", lambda self, name: Path("/dev/full"))
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: None)
    with pytest.raises(ArtifactError, match="No space left"):
        recorder.write(tmp_path / "call.wav")
