"""Rates from getStats over a call and a window, from totals whose differences are plain."""

from __future__ import annotations

from typing import Any

import pytest

from harness.score.media_stats import MediaStats, media_stats
from harness.trace import TraceEvent
from tests.support.call_events import event


def report(t_s: float, second: int, connection: str = "c", **more: Any) -> TraceEvent:
    """The totals after so many seconds: 5 % concealed, 60 ms of buffer, 1 of 50 packets lost."""
    audio = {
        "type": "inbound-rtp",
        "kind": "audio",
        "concealedSamples": 2400 * second,
        "totalSamplesReceived": 48_000 * second,
        "jitterBufferDelay": 0.06 * 48_000 * second,
        "jitterBufferEmittedCount": 48_000 * second,
        "packetsLost": second,
        "packetsReceived": 49 * second,
        **more,
    }
    pair = {"type": "candidate-pair", "id": "p", "nominated": True}
    pair |= {"totalRoundTripTime": 0.08 * second, "responsesReceived": second}
    return event("stats", t_s, "stats", connection=connection, report=[audio, pair])


def test_the_rates_of_a_call_follow_from_its_last_totals() -> None:
    stats = media_stats([report(1.0, 1), report(2.0, 2)])
    assert stats.concealed_ratio == pytest.approx(0.05)
    assert stats.jitter_buffer_s == pytest.approx(0.06)
    assert stats.lost_ratio == pytest.approx(0.02)
    assert stats.round_trip_s == pytest.approx(0.08)


def test_a_window_has_what_came_in_it_alone() -> None:
    """All that is concealed comes between 2 and 4 s: 4800 of 96 000."""
    totals = [(1, 0), (2, 0), (3, 2400), (4, 4800), (5, 4800)]
    events = [report(float(t), t, concealedSamples=concealed) for t, concealed in totals]
    assert media_stats(events, 2.0, 4.0).concealed_ratio == pytest.approx(0.05)
    assert media_stats(events, 4.0, 5.0).concealed_ratio == 0.0
    assert media_stats(events).concealed_ratio == pytest.approx(4800 / 240_000)
    assert media_stats(events, 2.0, 2.5).concealed_ratio is None, "no report came in it"


def test_several_connections_are_added() -> None:
    events = [report(1.0, 1), report(1.0, 1, "d", concealedSamples=0)]
    assert media_stats(events).concealed_ratio == pytest.approx(0.025)


def test_what_is_not_told_is_absent() -> None:
    assert media_stats([]) == MediaStats(None, None, None, None)
    bare = event("stats", 1.0, "stats", report=[{"type": "inbound-rtp", "kind": "audio"}])
    assert media_stats([bare]) == MediaStats(None, None, None, None)


def test_late_packets_that_lower_the_total_are_no_negative_loss() -> None:
    events = [report(1.0, 1, packetsLost=5), report(2.0, 2, packetsLost=3)]
    assert media_stats(events, 1.0, 2.0).lost_ratio == 0.0
