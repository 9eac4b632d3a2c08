"""An ear that remembers gives the very same answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.errors import SpeechError
from harness.speech.cached_ear import CachedEar
from harness.speech.interface import Piece, SpokenWord
from harness.speech.store import SpeechStore

PIECE = Piece(0.25, 1.5, (SpokenWord("Hello,", 0.3, 0.9, 0.875), SpokenWord("you.", 0.9, 1.4, 0.1)))
SOUND = np.linspace(-0.5, 0.5, 100, dtype=np.float32)


class CountingEar:
    name = "counting"

    def __init__(self) -> None:
        self.asked = 0

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        raise AssertionError("it listens instead")

    def listen(self, samples: MonoFloat32, sample_rate_hz: int) -> tuple[Piece, ...]:
        self.asked += 1
        if not len(samples):
            raise SpeechError("Nothing to hear.")
        return (PIECE,)

    def likelihoods(
        self, samples: MonoFloat32, sample_rate_hz: int, piece: Piece, texts: Sequence[str]
    ) -> list[float]:
        self.asked += 1
        return [-float(len(text)) / 3 for text in texts]


def test_what_was_heard_is_not_asked_again() -> None:
    ear = CountingEar()
    cached = CachedEar(ear, SpeechStore())
    for _ in range(2):
        assert cached.listen(SOUND, 48_000) == (PIECE,)
        assert cached.recognise(SOUND, 48_000) == "Hello, you."
        assert cached.likelihoods(SOUND, 48_000, PIECE, ["a", "bcd"]) == [-1 / 3, -1.0]
    assert ear.asked == 2


def test_another_sound_rate_or_text_is_another_question() -> None:
    ear = CountingEar()
    cached = CachedEar(ear, SpeechStore())
    cached.listen(SOUND, 48_000)
    cached.listen(SOUND, 16_000)
    cached.listen(-SOUND, 48_000)
    cached.likelihoods(SOUND, 48_000, PIECE, ["a", "b"])
    cached.likelihoods(SOUND, 48_000, PIECE, ["b", "a"])
    assert ear.asked == 5


def test_what_fails_is_asked_again() -> None:
    cached = CachedEar(CountingEar(), SpeechStore())
    for _ in range(2):
        with pytest.raises(SpeechError):
            cached.listen(SOUND[:0], 48_000)
    assert cached.hits == 0
