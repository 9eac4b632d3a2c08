"""What one source gave, and when: the latest of it in memory."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.lane import BLOCK_FRAMES, MOST_RANGES, Lane


def some(count: int, value: int = 1) -> np.ndarray:
    return np.full(count, value, np.int16)


def test_blocks_that_were_let_go_of_take_nothing_and_what_is_new_there_is_handed_back() -> None:
    lane = Lane()
    lane.put(0, some(100))
    lane.put(300, some(100))
    lane.forget(1)
    assert lane.blocks == {}
    overlap, late = lane.put(50, some(300, 5))
    assert overlap == 100
    assert [(first, len(part)) for first, part in late] == [(100, 200)]
    assert lane.blocks == {}
    assert lane.gap_frames == 0


def test_a_piece_over_the_border_of_what_is_in_memory_is_parted_there() -> None:
    lane = Lane(first_block=1)
    _, late = lane.put(BLOCK_FRAMES - 10, some(30, 2))
    assert [(first, len(part)) for first, part in late] == [(BLOCK_FRAMES - 10, 10)]
    assert np.flatnonzero(lane.blocks[1]).tolist() == list(range(20))


def test_silence_costs_no_block() -> None:
    lane = Lane()
    lane.put(0, some(10 * BLOCK_FRAMES, 0))
    assert (lane.blocks, lane.end) == ({}, 10 * BLOCK_FRAMES)


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=1, max_size=200))
def test_gaps_are_counted_however_many_there_are(pieces: list[tuple[int, int]]) -> None:
    """Each is a gap, and the length of what follows it."""
    lane, at = Lane(), 0
    for gap, length in pieces:
        lane.put(at + gap, some(length))
        at += gap + length
    assert lane.gap_frames == sum(gap for gap, _ in pieces) - pieces[0][0]
    assert len(lane.written) <= MOST_RANGES
