from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.realtime.server.playback import (
    ClearedItem,
    ClearedResponse,
    PlaybackBuffer,
    PlaybackChange,
)


def ones(frames: int) -> np.ndarray:
    return np.ones(frames, dtype=np.float32)


def test_silence_is_played_where_nothing_waits() -> None:
    samples, changes = PlaybackBuffer().pull(480)
    assert samples.shape == (480,)
    assert samples.dtype == np.float32
    assert not samples.any()
    assert changes == []


def test_audio_that_comes_early_begins_where_it_should_to_the_sample() -> None:
    buffer = PlaybackBuffer()
    buffer.append("r", "i", ones(480), from_s=10.027)
    silent, unchanged = buffer.pull(480, 10.0)
    assert not silent.any()
    assert unchanged == []
    samples, changes = buffer.pull(480, 10.02)
    assert np.flatnonzero(samples)[0] == 168, "7 ms into the frame"
    assert changes == [PlaybackChange("started", "r")]
    assert np.count_nonzero(buffer.pull(480, 10.04)[0]) == 168


def test_audio_that_comes_late_begins_at_once() -> None:
    buffer = PlaybackBuffer()
    buffer.append("r", "i", ones(480), from_s=10.0)
    assert buffer.pull(480, 10.02)[0].all()


def test_audio_starts_with_its_first_sample_and_stops_with_its_last() -> None:
    buffer = PlaybackBuffer()
    buffer.append("r", "i", ones(700))
    assert buffer.pull(480)[1] == [PlaybackChange("started", "r")]
    assert buffer.finish("r") == []
    samples, changes = buffer.pull(480)
    assert samples.sum() == 220
    assert changes == [PlaybackChange("stopped", "r")]
    assert buffer.is_idle
    assert buffer.played_frames("i") == 700


def test_a_response_that_was_drained_stops_when_it_is_finished() -> None:
    buffer = PlaybackBuffer()
    buffer.append("r", "i", ones(480))
    buffer.pull(480)
    assert buffer.finish("r") == [PlaybackChange("stopped", "r")]


def test_responses_play_one_after_the_other() -> None:
    buffer = PlaybackBuffer()
    buffer.append("a", "i", ones(100))
    buffer.append("b", "j", ones(100))
    assert buffer.pull(480)[1] == [PlaybackChange("started", "a")]  # b waits: a may go on
    buffer.finish("a")
    assert [change.kind for change in buffer.pull(480)[1]] == ["started"]
    buffer.finish("b")
    assert buffer.is_idle


def test_the_next_response_waits_for_one_that_is_still_made() -> None:
    """Also while nothing of that one is there to play."""
    buffer = PlaybackBuffer()
    buffer.append("a", "i", ones(100))
    buffer.append("b", "j", ones(100))
    for _ in range(3):
        samples, _ = buffer.pull(200)
    assert not samples.any()
    buffer.append("a", "i", ones(50))
    assert buffer.pull(200)[0].sum() == 50
    buffer.finish("a")
    assert buffer.pull(200)[1] == [PlaybackChange("started", "b")]


def test_clearing_tells_what_was_played() -> None:
    buffer = PlaybackBuffer()
    buffer.append("a", "i", ones(1000))
    buffer.append("b", "j", ones(1000))
    buffer.finish("a")
    buffer.pull(480)
    assert buffer.clear() == [
        ClearedResponse("a", True, (ClearedItem("i", 480),)),
        ClearedResponse("b", False, (ClearedItem("j", 0),)),
    ]
    assert not buffer.pull(480)[0].any()


def test_what_is_generated_after_a_clear_is_not_played() -> None:
    buffer = PlaybackBuffer()
    buffer.append("a", "i", ones(1000))
    buffer.pull(480)
    buffer.clear()
    buffer.append("a", "i", ones(1000))
    assert buffer.is_idle
    assert buffer.finish("a") == []


def test_a_clear_may_concern_some_responses_only() -> None:
    buffer = PlaybackBuffer()
    buffer.append("a", "i", ones(480))
    buffer.append("b", "j", ones(480))
    assert [c.response_id for c in buffer.clear(lambda response_id: response_id == "a")] == ["a"]
    assert buffer.pull(480)[1] == [PlaybackChange("started", "b")]


STEP = st.tuples(
    st.sampled_from(["append", "pull", "finish", "clear"]),
    st.sampled_from(["a", "b"]),
    st.integers(0, 900),
)


@given(st.lists(STEP, max_size=40))
def test_whatever_started_ends_once(steps: list[tuple[str, str, int]]) -> None:
    buffer = PlaybackBuffer()
    open_ids: set[str] = set()
    finished: set[str] = set()
    for index, (what, name, frames) in enumerate(steps):
        changes: list[PlaybackChange] = []
        if what == "append" and name not in finished:
            buffer.append(name, f"{name}{index}", ones(frames))
        elif what == "pull":
            changes = buffer.pull(frames)[1]
        elif what == "finish":
            finished.add(name)
            changes = buffer.finish(name)
        elif what == "clear":
            open_ids -= {c.response_id for c in buffer.clear() if c.was_started}
        for change in changes:
            if change.kind == "started":
                assert change.response_id not in open_ids
                open_ids.add(change.response_id)
            else:
                open_ids.remove(change.response_id)
        assert not (open_ids and buffer.is_idle)
