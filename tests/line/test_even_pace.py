"""Heard samples without seams, however they arrive; a timeline by the least late frames."""

import random
from itertools import pairwise

import pytest

from harness.line.even_pace import Anchors, EvenPace
from harness.timeline import Timeline

PIECE = 480


def test_pieces_that_arrive_unevenly_follow_each_other() -> None:
    pace, chance = EvenPace(), random.Random(1)
    placed = [
        pace.place(PIECE, 1.0 + number * 0.01 + chance.uniform(0, 0.08)) for number in range(300)
    ]
    assert [b.frame - a.frame for a, b in pairwise(placed)] == [PIECE] * 299
    assert not any(piece.is_seam for piece in placed)


def test_a_burst_after_a_hold_up_leaves_no_seam() -> None:
    pace = EvenPace()
    for number in range(100):
        pace.place(PIECE, 1.0 + number * 0.01)
    for _ in range(30):  # 300 ms of them at once
        assert not pace.place(PIECE, 2.3).is_seam
    assert not pace.place(PIECE, 2.31).is_seam


def test_audio_that_is_missing_is_a_seam() -> None:
    pace = EvenPace()
    for number in range(100):
        pace.place(PIECE, 1.0 + number * 0.01)
    placed = [pace.place(PIECE, 3.0 + number * 0.01) for number in range(100)]
    assert [p.is_seam for p in placed].count(True) == 1
    assert placed[-1].frame + PIECE == pytest.approx(3.99 * 48_000, abs=1)


def left_out(pace: EvenPace, pieces: int, now_s: float, *, is_quiet: bool) -> list[int]:
    """Which of so many pieces, one in 10 ms, are left out; the others are placed."""
    out = []
    for number in range(pieces):
        if pace.leaves_out(PIECE, now_s + number * 0.01, is_quiet=is_quiet):
            out.append(number)
        else:
            pace.place(PIECE, now_s + number * 0.01)
    return out


def test_what_came_while_the_time_line_stood_still_is_left_out_where_it_is_quiet() -> None:
    pace = EvenPace()
    assert left_out(pace, 200, 1.0, is_quiet=True) == []
    assert left_out(pace, 50, 2.0, is_quiet=False) == [], "a voice stays whole"
    assert left_out(pace, 20, 2.5, is_quiet=True) == [], "and so does a pause within it"
    assert left_out(pace, 20, 2.7, is_quiet=False) == []
    assert left_out(pace, 300, 2.9, is_quiet=True) == list(range(25, 124)), "a second of a pause"
    assert pace.place(PIECE, 5.9).frame + PIECE == pytest.approx(5.9 * 48_000, abs=2 * PIECE)


def test_what_seems_a_little_early_is_not() -> None:
    pace = EvenPace()
    assert left_out(pace, 100, 1.0, is_quiet=True) == []
    assert left_out(pace, 100, 1.92, is_quiet=True) == []


def test_nothing_is_heard_before_the_time_line_begins() -> None:
    assert EvenPace().place(PIECE, 0.001).frame == 0


def test_the_time_line_follows_the_frames_that_were_least_late() -> None:
    timeline, chance = Timeline(), random.Random(2)
    timeline.start(5_000)
    anchors = Anchors(timeline)
    for number in range(500):
        late_ms = 0.0 if number % 10 == 0 else chance.uniform(0, 40)
        anchors.sent(number * 960, 5_000 + number * 20 + late_ms)
    assert timeline.page_to_s(5_000 + 7_000) == pytest.approx(7.0)
    assert timeline.uncertainty_s < 1e-6


def test_frames_that_were_given_up_take_the_time_line_with_them() -> None:
    timeline = Timeline()
    timeline.start(0)
    anchors = Anchors(timeline)
    for number in range(130):
        anchors.sent(number * 960, number * 20 + (400 if number >= 50 else 0))
    assert timeline.page_to_s(130 * 20 + 400) == pytest.approx(2.6)
    assert timeline.uncertainty_s > 0.2
