"""Calls opened and closed."""

from __future__ import annotations

from harness.bench.engine_figures import open_bench
from harness.bench.soak import Soak, _one_call, measure
from harness.clock import MonotonicClock


async def test_calls_are_counted_and_leave_nothing() -> None:
    """On the engine that needs no time."""
    figures = await measure("simulated", minutes=0.005)
    assert figures["calls"] > 5
    assert figures["failures"] == 0
    assert figures["handle_growth"] <= 0  # what earlier tests left may go meanwhile
    assert figures["thread_growth"] <= 0


async def test_a_failed_call_is_counted_and_the_soak_goes_on() -> None:
    """With what it said."""
    soak = Soak()
    async with open_bench("simulated") as bench:

        async def refuse(offer: str) -> str:
            return "nonsense"

        answer, bench.far.answer = bench.far.answer, refuse  # type: ignore[method-assign]
        await _one_call(bench, MonotonicClock(), soak)
        bench.far.answer = answer  # type: ignore[method-assign]
        await _one_call(bench, MonotonicClock(), soak)
    assert len(soak.failures) == len(soak.connects_ms) == 1
    assert "SDP answer" in soak.failures[0]


def test_slowing_down_compares_the_last_tenth_with_the_first() -> None:
    assert Soak([10.0] * 10 + [20.0] * 80 + [30.0] * 10).slow_down() == 3.0
    assert Soak([10.0]).slow_down() is None
