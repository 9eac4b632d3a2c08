"""The arithmetic of the networks' bench, on calls whose figures follow."""

from __future__ import annotations

from typing import Any

import pytest

from harness.bench.impairment import DELAYS_MS, LOSSES, cpu_share, figures, plain_figures
from harness.trace import TraceEvent
from tests.score.test_network_periods import changed, counted, stats

PERIOD_S = 10.0


def call_with(losses: list[float], round_trips_s: list[float]) -> list[TraceEvent]:
    """A call that began transparent and had every condition in its turn."""
    events, t_s, received, lost = [counted(0, 0), changed(0, "transparent")], 0.0, 0, 0
    for number, (share, round_trip_s) in enumerate(zip(losses, round_trips_s, strict=True), 1):
        received, lost = received + round(500 * (1 - share)), lost + round(500 * share)
        for at_s, reported_s in ((5, 2), (9, 6)):
            at = (t_s + reported_s, share)
            events.append(
                stats(t_s + at_s, received, lost, reported=at, answered=2 * number + (at_s > 5),
                      round_trip_s=round_trip_s)
            )  # fmt: skip
        t_s += PERIOD_S
        events += [counted(t_s, 100 * number), changed(t_s)]
    return events[:-1]


def test_errors_are_the_largest_difference_from_what_was_asked() -> None:
    losses = [0.0, *LOSSES, *(0.0 for _ in DELAYS_MS)]
    losses[2] += 0.006
    round_trips_s = [0.002] * 5 + [0.106, 0.302]
    found = figures(call_with(losses, round_trips_s))
    assert found["loss"]["10"] == {"up": 0.1, "down": 0.1}
    assert found["loss_error_points_max"] == pytest.approx(0.6)
    assert found["delay"] == {"50": 104.0, "150": 300.0}
    assert found["delay_error_ms_max"] == 4.0


def test_the_relay_costs_what_it_took_while_it_counted() -> None:
    first, last = counted(2, 0), counted(12, 0)
    last.data["cpu_s"] = 0.35
    assert cpu_share([first, last]) == pytest.approx(0.025)
    assert cpu_share([first]) is None


def test_a_plain_call_is_as_its_last_statistics_say() -> None:
    found: dict[str, Any] = plain_figures([stats(1, 10, 0), stats(2, 99, 1, round_trip_s=0.0012)])
    assert (found["round_trip_ms"], found["jitter_ms"], found["lost_share"]) == (1.2, 4.0, 0.01)
    assert found["connect_s"] is None
