"""What recording and statistics cost: the arithmetic, and that both kinds of page get a call."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.bench import overhead, page_overhead
from harness.bench.long_call import LongCall
from harness.bench.overhead import OFF, ON, Cost, long_figures, page_figures
from harness.bench.page_overhead import Round


def cost(factor: float) -> Cost:
    return Cost(Round(0.1 * factor, 50 * factor, 2 * factor, 1 * factor, 200 * factor), factor / 10)


def test_medians_of_on_and_off_are_compared() -> None:
    found = page_figures({ON: [cost(3), cost(3), cost(99)], OFF: [cost(1), cost(1)]})
    assert found["added_cores"] == pytest.approx(0.4)
    assert (found["added_connect_ms"], found["added_message_ms"]) == (100.0, 4.0)
    assert found["added_memory_mb"] == 400.0
    assert found["on"]["harness_cores"] == pytest.approx(0.3)


def test_memory_an_hour_is_the_slope_of_the_long_call() -> None:
    memory_mb = (*(100.0 + 9 * n for n in range(6)), *(200.0 + n / 6 for n in range(19)))
    found = long_figures(LongCall(7200.0, 600, memory_mb, 72.0, 2000.0))
    assert found["memory_mb_per_hour"] == 2.0
    assert found["long_call"]["cores_at_real_time"] == 0.01
    assert found["long_call"]["disk_mb_per_hour"] == 1000.0


@pytest.mark.browser
async def test_both_kinds_of_page_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short run; what its figures are is not judged."""
    monkeypatch.setattr(page_overhead, "SETTLE_S", 0.3)
    found = page_figures(await overhead.in_chromium(tmp_path, rounds=1, seconds=0.5))
    assert found["on"]["connect_ms"] > 0
    assert found["off"]["connect_ms"] > 0
    assert (tmp_path / "call" / "received.wav").stat().st_size > 1000
