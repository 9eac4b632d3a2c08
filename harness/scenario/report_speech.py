"""The detector that a run's report listens with, which depends on the engine of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness.speech.tools import FindSpeech

if TYPE_CHECKING:
    from harness.scenario.engines import EngineOptions


@contextmanager
def report_speech(options: EngineOptions) -> Iterator[FindSpeech | None]:
    """What the report listens with; None for its own detector.

    Simulated calls repeat to the sample, and so does what is found in them.
    """
    if options.engine != "simulated":
        yield None
        return
    from harness.engines.simulated.speech import SimulatedSpeech
    from harness.speech.store import shared_store

    store = shared_store()
    try:
        yield SimulatedSpeech(store).find_speech
    finally:
        store.flush()
