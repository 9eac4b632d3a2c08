"""What one process counts."""

from __future__ import annotations

import os

from harness.server.status.meter import MOST_REASONS, Meter, ProcessCollector, process_numbers


def lines(meter: Meter) -> set[str]:
    return {line for line in meter.text().decode().splitlines() if not line.startswith("#")}


def test_every_series_carries_its_worker() -> None:
    meter = Meter("2")
    meter.call_began("webrtc")
    meter.call_ended("hung up")
    meter.refused(429)
    meter.events(3, 5)
    meter.speech("recognition", 0.2)
    meter.registry.register(ProcessCollector("2"))
    found = lines(meter)
    assert 'harness_calls_started_total{transport="webrtc",worker="2"} 1.0' in found
    assert 'harness_requests_refused_total{status="429",worker="2"} 1.0' in found
    assert 'harness_events_total{direction="out",worker="2"} 5.0' in found
    assert 'harness_speech_seconds_count{work="recognition",worker="2"} 1.0' in found
    assert all('worker="2"' in line for line in found)


def test_audio_counts_what_is_new_since_the_last_look() -> None:
    """A number that an engine does not have counts as nothing."""
    meter = Meter()
    first = {"packets_lost": 2, "total_samples_received": 480, "concealed_samples": None}
    meter.audio({}, first)
    meter.audio(first, {**first, "packets_lost": 5})
    assert 'harness_audio_packets_total{kind="lost",worker="0"} 5.0' in lines(meter)
    assert 'harness_audio_samples_total{kind="concealed",worker="0"} 0.0' in lines(meter)


def test_reasons_are_limited() -> None:
    """An engine's own words are among them."""
    meter = Meter()
    for number in range(MOST_REASONS + 10):
        meter.call_ended(f"odd {number}")
    ended = meter.totals()["calls_ended"]
    assert len(ended) == MOST_REASONS + 1
    assert ended["other"] == 10


def test_the_process_knows_its_size() -> None:
    numbers = process_numbers()
    assert numbers["memory_bytes"] > 1e6
    assert numbers["open_files"] >= 3
    assert numbers["cpu_s"] <= sum(os.times()[:2]) + 1
