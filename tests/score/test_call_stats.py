"""getStats, typed, over a call and over windows of it."""

from __future__ import annotations

import pytest

from harness.facts.connection import Stats
from harness.score.call_stats import CallStats
from harness.trace import TraceEvent


def report(t_s: float, concealed: int, samples: int, jitter: float) -> TraceEvent:
    inbound = {"type": "inbound-rtp", "kind": "audio", "id": "in", "jitter": jitter}
    inbound |= {"concealedSamples": concealed, "totalSamplesReceived": samples}
    pair = {"type": "candidate-pair", "id": "p", "nominated": True, "currentRoundTripTime": 0.04}
    fact = Stats("connection-0", [inbound, pair])
    return TraceEvent(int(t_s), t_s, fact.source, fact.type, fact.to_data())


CALL = CallStats(
    [report(1, 0, 48_000, 0.002), report(2, 480, 96_000, 0.004), report(3, 480, 144_000, 0.006)]
)


def test_over_the_call() -> None:
    assert CALL.inbound_audio.concealment == pytest.approx(480 / 144_000)
    assert CALL.inbound_audio.jitter_ms == pytest.approx(4.0)
    assert CALL.round_trip_ms == pytest.approx(40.0)


def test_over_a_window() -> None:
    assert CALL.between(1.0, 2.0).inbound_audio.concealment == pytest.approx(0.01)
    assert CALL.between(2.0, 3.0).inbound_audio.concealment == 0.0
    assert CALL.between(2.0, 3.0).inbound_audio.jitter_ms == pytest.approx(6.0)


def test_what_is_not_told_is_none() -> None:
    nothing = CallStats([])
    assert nothing.inbound_audio.concealment is None
    assert nothing.inbound_audio.jitter_buffer_ms is None
    assert nothing.round_trip_ms is None
    assert CALL.inbound_audio.lost is None
