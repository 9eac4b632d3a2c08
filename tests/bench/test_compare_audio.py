"""Other voices and levels planted into real speech: found, in their turn."""

from __future__ import annotations

from harness.bench.compare_audio import measure
from tests.support.spoken_bank import spoken_bank


def test_what_is_planted_is_found_and_pinned() -> None:
    figures = measure(spoken_bank(), planted=6, unchanged=6)
    assert figures["found"] == {"other_voice": 1.0, "quieter_6_db": 1.0}
    assert figures["pinned"] == {"other_voice": 1.0, "quieter_6_db": 1.0}
    assert figures["nothing_else"] == {"other_voice": 1.0, "quieter_6_db": 1.0}
    assert (figures["false_alarms"], figures["voices"], figures["sentences"]) == (0.0, 3, 2)
