"""The bridge's bench: its own arithmetic, and that both ways work (no timing)."""

from __future__ import annotations

import pytest

from harness.bench import bridge


def test_the_99th_percentile_is_near_the_top() -> None:
    """Of a hundred values, the largest."""
    assert bridge._p99([float(n) for n in range(100)]) == 99.0


async def test_who_waits_too_long_is_told() -> None:
    """A message that never comes ends the bench."""
    with pytest.raises(TimeoutError):
        await bridge._until(lambda: False, within_s=0.01)


async def test_every_message_comes_through_both_bridges(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short run: all figures are there, and nothing is lost."""
    monkeypatch.setattr(bridge, "SUSTAINED_S", 0.2)
    monkeypatch.setattr(bridge, "LATENCY_MESSAGES", 20)
    monkeypatch.setattr(bridge, "MANY_PAGES", 2)
    monkeypatch.setattr(bridge, "MANY_WINDOWS", 1)
    figures = await bridge.measure()
    assert figures["lost"] == figures["many_lost"] == 0
    assert figures["many_events_per_s"] > 0
    for name in (
        "median_ms",
        "p99_ms",
        "events_per_s",
        "expose_binding_median_ms",
        "expose_binding_events_per_s",
    ):
        assert figures[name] > 0
