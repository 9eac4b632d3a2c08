"""A call of hours, in short: it is held, judged and reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.bench.long_call import hold, report_of, slope_mb_per_hour


async def test_a_call_is_held_to_its_end_and_its_report_finds_each_turn(tmp_path: Path) -> None:
    reached_s: list[float] = []
    call = await hold(tmp_path, 30.0, reached_s.append)
    assert reached_s == [0.0], "once in five minutes"
    assert call.turns == 3
    assert call.seconds >= 30.0
    assert len(call.memory_mb) == 1
    assert (tmp_path / "received.wav").exists()
    report = await report_of(tmp_path)
    assert report["turns"] == 3
    assert report["peak_mb"] > 0


def test_the_slope_is_that_of_a_line_and_the_beginning_does_not_count() -> None:
    growing = [*(100.0 + 20 * n for n in range(6)), *(250.0 + number for number in range(10))]
    assert slope_mb_per_hour(growing) == pytest.approx(12.0)


def test_a_call_that_is_too_short_has_no_slope() -> None:
    assert slope_mb_per_hour([100.0 + number for number in range(8)]) is None
