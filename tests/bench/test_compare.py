"""The benchmark of comparisons: its truth is planted, and a few trials find it."""

from __future__ import annotations

from harness.bench.compare import PLANTS, measure


def test_what_is_planted_is_found_and_pinned() -> None:
    figures = measure(trials=3, unchanged=6, planted=3)
    assert figures["found"] == dict.fromkeys(PLANTS, 1.0)
    assert figures["pinned"] == dict.fromkeys(PLANTS, 1.0)
    assert figures["power"]["400_ms"]["30_turns"] == 1.0
    assert figures["false_alarms"] == 0.0
