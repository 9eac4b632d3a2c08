"""The bench of what the probe costs: its arithmetic, and that each kind of page gets its call."""

import pytest

from harness.bench import page_overhead
from harness.bench.page_overhead import FULL, NONE, RTCSTATS, Round, figures, turns


def a_round(factor: float) -> Round:
    return Round(0.1 * factor, 50 * factor, 2 * factor, 1 * factor, 200 * factor)


def test_medians_are_compared() -> None:
    found = figures(
        {
            NONE: [a_round(1), a_round(1), a_round(9)],
            FULL: [a_round(3), a_round(3), a_round(0.1)],
            RTCSTATS: [a_round(4)],
        }
    )
    assert found["cpu_ratio"] == 3.0
    assert found["cpu_ratio_to_rtcstats"] == 0.75
    assert found["added_connect_ms"] == 100.0
    assert found["added_message_ms"] == 4.0
    assert found["heap_mb"] == 2.0
    assert found["memory_mb"] == 400.0
    assert found["none"]["cores"] == 0.1
    assert found["rounds"] == 3


def test_without_the_public_client_there_is_no_ratio_to_it() -> None:
    found = figures({NONE: [a_round(1)], FULL: [a_round(2)]})
    assert found["cpu_ratio_to_rtcstats"] is None
    assert "rtcstats" not in found


def test_each_kind_begins_in_its_turn() -> None:
    assert [turns(["a", "b", "c"], number)[0] for number in range(4)] == ["a", "b", "c", "a"]
    assert sorted(turns(["a", "b", "c"], 2)) == ["a", "b", "c"]


@pytest.mark.browser
async def test_each_kind_of_page_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short run; what its figures are is not judged."""
    monkeypatch.setattr(page_overhead, "SETTLE_S", 0.3)
    found = await page_overhead.measure(rounds=1, seconds=0.5)
    for kind in (NONE, FULL, RTCSTATS):
        assert found[kind]["connect_ms"] > 0
        assert found[kind]["heap_mb"] > 0
    assert found["cpu_ratio"] > 0
