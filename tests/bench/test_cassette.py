"""The benchmark of replays: a few of them in memory."""

from __future__ import annotations

from harness.bench.cassette import measure


async def test_replays_have_the_same_events_at_the_same_times() -> None:
    figures = await measure(replays=2, native_replays=0)
    simulated = figures["simulated"]
    assert (simulated["replays"], simulated["same_order"]) == (2, 2)
    assert simulated["latency_sd_ms_max"] <= 10
    assert simulated["begun_sd_ms_max"] <= 10
    assert simulated["way_sd_ms_max"] <= 10
    assert figures["native"] == {
        "replays": 0,
        "same_order": 0,
        "latency_sd_ms_max": None,
        "begun_sd_ms_max": None,
        "way_sd_ms_max": None,
    }
