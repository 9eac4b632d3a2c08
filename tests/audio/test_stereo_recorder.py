"""What is sent and heard, by its time, in one file that grows."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.clip import MonoFloat32
from harness.audio.lane import BLOCK_FRAMES
from harness.audio.stereo_recorder import FLUSH_S, StereoRecorder
from harness.errors import ArtifactError

RATE_HZ = 48_000


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[StereoRecorder]:
    made = StereoRecorder(tmp_path / "call.wav")
    yield made
    made.close()


@contextmanager
def _new_recorder() -> Iterator[StereoRecorder]:
    """For one example of many."""
    with TemporaryDirectory() as folder:
        made = StereoRecorder(Path(folder) / "call.wav")
        yield made
        made.close()


def _level(frames: int, value: int = 1000) -> MonoFloat32:
    return np.full(frames, value / 32768, np.float32)


def test_sent_is_left_and_heard_is_right_at_their_times(recorder: StereoRecorder) -> None:
    recorder.add_sent(0.5, _level(10, 100))
    recorder.add_heard(1.0, _level(10, 200))
    both = recorder.samples()
    assert both.shape == (RATE_HZ + 10, 2)
    assert (np.flatnonzero(both[:, 0])[0], both[24_000, 0]) == (24_000, 100)
    assert (np.flatnonzero(both[:, 1])[0], both[48_000, 1]) == (48_000, 200)


def test_what_was_not_given_is_silence_and_counted(recorder: StereoRecorder) -> None:
    recorder.add_sent(0.0, _level(480))
    recorder.add_sent(0.03, _level(480))
    assert recorder.facts.gap_frames == 960
    assert not recorder.samples()[480:1440].any()


def test_what_was_given_twice_is_kept_once_and_counted(recorder: StereoRecorder) -> None:
    recorder.add_heard(0.0, _level(480, 1))
    recorder.add_heard(0.005, _level(480, 2))
    assert recorder.facts.overlap_frames == 240
    assert recorder.samples()[[239, 240, 719], 1].tolist() == [1, 2, 2]


def test_two_sources_of_one_side_are_mixed_within_full_scale(recorder: StereoRecorder) -> None:
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
    signal = np.arange(1, sum(sizes) + 1, dtype=np.int16)
    position = 0
    with _new_recorder() as recorder:
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
    plain, given_frames = np.zeros(15_000, np.int16), np.zeros(15_000, bool)
    overlap = before = end = 0
    with _new_recorder() as recorder:
        for number, (start, size) in enumerate(pieces, start=1):
            # Twice as far apart, so that no two pieces are near enough to be snapped together.
            first, length = start * 2, size * 2 // 3 * 2
            recorder.add_heard(first / RATE_HZ, np.full(length, number, np.int16))
            before += min(length, max(0, -first))
            first, last = max(0, first), max(0, first + length)
            overlap += int(given_frames[first:last].sum())
            plain[first:last], given_frames[first:last] = number, True
            end = max(end, last if last > first else 0)
        facts, found = recorder.facts, recorder.samples()[:, 1].tolist()
    assert found == plain[:end].tolist()
    assert (facts.overlap_frames, facts.before_start_frames, facts.frames) == (
        overlap,
        before,
        end,
    )


def test_a_piece_over_a_block_border_is_whole(recorder: StereoRecorder) -> None:
    recorder.add_sent((BLOCK_FRAMES - 5) / RATE_HZ, np.arange(1, 11, dtype=np.int16))
    assert recorder.samples()[-10:, 0].tolist() == list(range(1, 11))


def test_what_lies_before_the_call_or_behind_the_limit_is_counted(tmp_path: Path) -> None:
    recorder = StereoRecorder(tmp_path / "call.wav", max_duration_s=0.1)
    recorder.add_sent(-0.01, _level(960))
    recorder.add_heard(0.09, _level(960))
    facts = recorder.facts
    assert (facts.before_start_frames, facts.beyond_end_frames) == (480, 480)
    assert facts.frames == 4_800


def test_an_hour_is_on_disk_and_ten_seconds_in_memory(recorder: StereoRecorder) -> None:
    second = np.arange(RATE_HZ, dtype=np.int16)
    for start_s in range(0, 3600, 20):  # with gaps, each of which is counted
        recorder.add_sent(float(start_s), second)
    kept = [lane for side in recorder._sides for lane in side.values()]
    assert sum(len(lane.blocks) for lane in kept) <= 11
    assert sum(len(lane.written) for lane in kept) <= 64
    assert recorder.facts.gap_frames == 179 * 19 * RATE_HZ
    middle = recorder.read(0, 1800.0, 1801.5).samples
    assert np.array_equal(np.round(middle[:RATE_HZ] * 32768).astype(np.int16), second)
    assert not middle[RATE_HZ:].any()


def test_what_comes_a_minute_late_is_mixed_into_the_file(recorder: StereoRecorder) -> None:
    for start_s in range(60):
        recorder.add_heard(float(start_s), _level(RATE_HZ, 100), source="page")
    recorder.add_heard(1.0, _level(480, 7), source="frame")
    recorder.add_heard(2.0, _level(480, 9), source="page")  # was given before: the first stays
    both = recorder.samples()
    assert both[[47_999, 48_000, 48_479, 48_480, 96_000], 1].tolist() == [100, 107, 107, 100, 100]
    assert recorder.facts.overlap_frames == 480


def test_the_file_opens_while_it_grows_and_holds_all_but_the_last_moment(tmp_path: Path) -> None:
    path = tmp_path / "run" / "call.wav"
    recorder = StereoRecorder(path)
    assert soundfile.info(path).frames == 0
    for tenth in range(21):
        recorder.add_sent(tenth / 10, _level(4_800, 5))
        recorder.add_heard(tenth / 10, _level(4_800, 7))
        data, rate_hz = soundfile.read(path, dtype="int16")
        assert rate_hz == RATE_HZ
        assert len(data) >= (tenth + 1) * 4_800 - FLUSH_S * RATE_HZ
        assert (data == [5, 7]).all()
    recorder.close()
    assert soundfile.info(path).frames == 21 * 4_800


def test_the_file_reaches_to_the_end_of_the_call(recorder: StereoRecorder) -> None:
    recorder.close(until_s=0.5)
    recorder.close()
    assert soundfile.info(recorder.path).frames == 24_000


def test_an_empty_recording_is_an_empty_file(recorder: StereoRecorder) -> None:
    assert recorder.samples().shape == (0, 2)
    recorder.close()
    assert soundfile.info(recorder.path).frames == 0


def test_a_removed_folder_is_there_again_at_the_end(tmp_path: Path) -> None:
    recorder = StereoRecorder(tmp_path / "run" / "call.wav")
    recorder.add_sent(0.0, _level(RATE_HZ, 3))
    shutil.rmtree(tmp_path / "run")
    recorder.add_sent(1.0, _level(RATE_HZ, 4))
    recorder.close()
    assert (recorder.was_removed, recorder.broken) == (True, None)
    data, _ = soundfile.read(tmp_path / "run" / "call.wav", dtype="int16")
    assert data[[0, -1], 0].tolist() == [3, 4]


def test_a_full_disk_is_remembered_and_said(
    recorder: StereoRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.add_sent(0.0, _level(RATE_HZ, 3))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(recorder._file, "write", full)
    for start_s in range(1, 30):
        recorder.add_sent(float(start_s), _level(RATE_HZ, 3))
    recorder.close()
    assert "No space left" in str(recorder.broken)
    with pytest.raises(ArtifactError, match="No space left"):
        recorder.read(0, 0.0, 1.0)
    assert soundfile.info(recorder.path).frames == RATE_HZ, "what was there before stays"


def test_a_place_that_takes_no_file_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(ArtifactError, match="recording"):
        StereoRecorder(tmp_path / "run" / "call.wav")
