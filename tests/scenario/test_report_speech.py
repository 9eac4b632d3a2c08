"""A report listens as its engine does."""

from __future__ import annotations

from harness.scenario.engines import EngineOptions
from harness.scenario.report_speech import report_speech


def test_only_simulated_calls_are_listened_to_with_a_memory() -> None:
    with report_speech(EngineOptions(engine="native")) as find_speech:
        assert find_speech is None
    with report_speech(EngineOptions(engine="simulated")) as find_speech:
        assert find_speech is not None
