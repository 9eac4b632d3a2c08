"""The benchmark of comparisons: its truth is planted, and a few trials find it."""

from __future__ import annotations

from harness.bench import compare_audio
from harness.bench.compare import PLANTS, measure
from tests.support.spoken_bank import spoken_bank


def test_what_is_planted_is_found_and_pinned() -> None:
    figures = measure(trials=3, unchanged=6, planted=3, bank=spoken_bank())
    everything = [*PLANTS, *compare_audio.PLANTS]
    assert figures["found"] == dict.fromkeys(everything, 1.0)
    assert figures["pinned"] == dict.fromkeys(everything, 1.0)
    assert figures["power"]["400_ms"]["30_turns"] == 1.0
    assert (figures["false_alarms"], figures["audio"]["false_alarms"]) == (0.0, 0.0)
