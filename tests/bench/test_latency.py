"""The figures of `harness bench latency`, from turns whose truth is known; one turn is real."""

from __future__ import annotations

import numpy as np
import pytest

from harness.bench.latency import (
    LEAST_S,
    MOST_S,
    QUIET_S,
    TURNS,
    Turn,
    delays,
    figures,
    user_clip,
)
from harness.engines.browser.path_cost import PathCost

COSTS = [PathCost(path_s, 0.004, 0.0, 5) for path_s in (0.158, 0.160, 0.162)]


def test_a_tool_that_is_right_has_a_slope_of_one_and_no_bias() -> None:
    turns = [Turn(d, d + 0.160, 0.01) for d in delays(TURNS)]
    found = figures(turns, COSTS)
    assert (found["slope"], found["residual_sd_ms"], found["bias_ms"]) == (1.0, 0.0, 0.0)
    assert found["bias_ms_worst"] in (2.0, -2.0), "one calibration alone"
    assert (found["path_ms"], found["path_spread_ms"]) == (160.0, 4.0)
    assert (found["turns"], found["missed"], found["within_stated"]) == (TURNS, 0, 1.0)


def test_a_tool_that_is_wrong_is_found_out() -> None:
    """2 % too long, 12 ms late, and every second turn 20 ms beside."""
    turns = [
        Turn(d, 1.02 * d + 0.172 + (0.02 if n % 2 else 0), 0.001)
        for n, d in enumerate(sorted(delays(TURNS)))
    ]
    found = figures([*turns, Turn(1.0, None)], COSTS)
    assert found["slope"] == pytest.approx(1.02, abs=0.003)
    assert found["residual_sd_ms"] == pytest.approx(10, abs=1)
    assert found["bias_ms"] == pytest.approx(12 + 18 + 10, abs=5)
    assert found["missed"] == 1
    assert found["within_stated"] < 0.2


def test_delays_are_spread_over_the_whole_range_in_no_order() -> None:
    drawn = delays(TURNS)
    assert (min(drawn), max(drawn)) == (LEAST_S, MOST_S)
    assert np.ptp(np.diff(sorted(drawn))) < 1e-9
    assert drawn != sorted(drawn)
    assert drawn == delays(TURNS), "the same in every run"


def test_the_users_words_have_no_pause_that_a_marker_has_before_it() -> None:
    clip, begins_s, ends_s = user_clip()
    loud = np.flatnonzero(np.abs(clip.samples) > 0.1) / 48_000
    assert np.max(np.diff(loud)) < QUIET_S
    assert 0.3 < begins_s < ends_s <= clip.duration_s
