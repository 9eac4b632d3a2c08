"""Speech engines that answer at once, for tests of what is around them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from harness.audio.clip import AudioClip
from harness.errors import SpeechError
from harness.speech.workers import SpeechWorkers

Samples = NDArray[np.float32]


class FakeDetector:
    """Speech is whatever is louder than -40 dBFS."""

    sample_rate_hz = 16_000
    window_frames = 512

    def probability(self, window: Samples) -> float:
        return float(np.sqrt(np.mean(np.square(window))) > 0.01)

    def reset(self) -> None:
        """Nothing is kept."""


class FakeRecogniser:
    """Hears how long the sound was."""

    name = "fake"

    def load(self) -> None:
        """Nothing to load."""

    def recognise(self, samples: Samples, sample_rate_hz: int) -> str:
        return f"{len(samples) / sample_rate_hz:.1f} seconds"


class FakeSynthesiser:
    """Speaks each word as 100 ms of tone; the word "broken" cannot be spoken."""

    def load(self) -> None:
        """Nothing to load."""

    def parts(self, text: str, voice: str | None = None, speed: float = 1.0) -> Iterator[AudioClip]:
        for word in text.split():
            if word == "broken":
                raise SpeechError("The word cannot be spoken.")
            at_s = np.arange(1_600) / 16_000
            yield AudioClip((0.4 * np.sin(2 * np.pi * 500 * at_s)).astype(np.float32), 16_000)


def fake_speech_workers() -> SpeechWorkers:
    return SpeechWorkers(FakeDetector, FakeRecogniser(), FakeSynthesiser())
