"""The path's share of a wait, by arithmetic."""

from __future__ import annotations

import pytest

from harness.score.path import path_in_words, path_share
from harness.score.stages import wait_of
from harness.trace import TraceEvent
from tests.score.test_stages import CLOCK_S, Build
from tests.support.call_events import event


def measured(**facts: object) -> TraceEvent:
    given = {
        "path_s": 0.16,
        "uncertainty_s": 0.004,
        "buffer_s": 0.05,
        "count": 5,
        "backend": "wrtc",
        "measured_at": "2026-11-28T12:00:00+00:00",
    }
    return event("path.measured", 0.1, "harness", **(given | facts))


def test_the_turns_own_jitter_buffer_stands_in_for_the_one_measured() -> None:
    """160 ms, of which 50 were the buffer; in this turn the buffer took 60: 170 ms."""
    exchange, events = Build().call()
    share = path_share(wait_of(exchange, events, CLOCK_S), [*events, measured()])
    assert share is not None
    assert share.path_s == pytest.approx(0.17)
    assert share.uncertainty_s == pytest.approx((0.004**2 + 0.010**2 + 0.001**2) ** 0.5)


def test_where_the_turns_buffer_is_not_known_the_path_is_as_measured() -> None:
    exchange, events = Build().call()
    events = [each for each in events if each.type != "stats"]
    share = path_share(wait_of(exchange, events, CLOCK_S), [*events, measured()])
    assert share is not None
    assert (share.path_s, share.uncertainty_s) == (0.16, 0.004)


def test_without_a_measurement_or_a_wait_there_is_no_share() -> None:
    exchange, events = Build().call()
    assert path_share(wait_of(exchange, events, CLOCK_S), events) is None
    assert path_share(None, [*events, measured()]) is None
    assert path_in_words(events) is None


def test_people_are_told_how_it_was_found() -> None:
    text = path_in_words([measured()])
    assert text is not None
    assert "cost 160 ms ± 4 ms on this machine" in text
    assert "measured 5 times at 2026-11-28T12:00:00+00:00" in text
