"""Speech engines for simulated calls: the real ones, and what they answered before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from harness.speech.cached import CachedDetector, CachedRecogniser
from harness.speech.cached_ear import CachedEar
from harness.speech.ears import judging_ears
from harness.speech.engines import default_recogniser, default_synthesiser
from harness.speech.interface import SpeechDetector
from harness.speech.quiet import SilenceSkippingDetector
from harness.speech.silero import NAME, SAMPLE_RATE_HZ, WINDOW_FRAMES, SileroDetector
from harness.speech.store import SpeechStore
from harness.speech.tools import SpeechFinder, SpeechTools, inline
from harness.speech.words import word_error_rate


class SimulatedSpeech:
    """Shared by the calls of one run, one call at a time. A model is loaded when it is needed.

    Args:
        store: where answers are kept; in memory alone where absent.
    """

    def __init__(self, store: SpeechStore | None = None) -> None:
        self.store = store or SpeechStore()
        self.recogniser = CachedRecogniser(default_recogniser(), self.store)
        self.synthesiser = default_synthesiser(self.store)
        self.ears = tuple(CachedEar(ear, self.store) for ear in judging_ears())
        self.find_speech = SpeechFinder(self._new_detector())
        self._idle: list[SpeechDetector] = []

    def load(self) -> None:
        """Make the first judgement of an answer as quick as later ones. Models stay out.

        Imports what judging imports at its first use (0.2 s), and recalls what the detector said
        before.
        """
        self.store.recall()
        word_error_rate("one", "one")
        np.percentile(np.zeros(2), 50)

    @contextmanager
    def tools(self) -> Iterator[SpeechTools]:
        """For one call; its detectors are free for the next one afterwards."""
        taken: list[SpeechDetector] = []

        def take() -> SpeechDetector:
            detector = self._idle.pop() if self._idle else self._new_detector()
            taken.append(detector)
            return detector

        try:
            yield SpeechTools(
                self.recogniser, self.synthesiser, take, self.find_speech, inline, self.ears
            )
        finally:
            for detector in taken:
                detector.reset()
            self._idle += taken
            self.store.flush()

    def _new_detector(self) -> SpeechDetector:
        return SilenceSkippingDetector(
            CachedDetector(
                SileroDetector,
                NAME,
                self.store,
                sample_rate_hz=SAMPLE_RATE_HZ,
                window_frames=WINDOW_FRAMES,
            )
        )
