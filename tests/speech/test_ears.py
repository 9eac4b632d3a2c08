"""Ears that judge answer in time, or are asked no more."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.errors import SpeechError
from harness.speech.ears import EarOf, TimedEar, judging_ears
from harness.speech.interface import Piece, SpokenWord

SOUND = np.zeros(1600, np.float32)


class FakeEar:
    name = "fake"

    def __init__(self) -> None:
        self.asked = 0
        self.gate = threading.Event()

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        return "two words"

    def listen(self, samples: MonoFloat32, sample_rate_hz: int) -> tuple[Piece, ...]:
        self.asked += 1
        self.gate.wait()
        return (Piece(0.0, 0.1, (SpokenWord("hello", 0.0, 0.1, 0.9),)),)

    def likelihoods(
        self, samples: MonoFloat32, sample_rate_hz: int, piece: Piece, texts: Sequence[str]
    ) -> list[float]:
        raise SpeechError("It broke.")


def test_an_ear_that_hangs_raises_and_is_asked_no_more() -> None:
    ear = FakeEar()
    timed = TimedEar(ear, limit_s=0.01)
    for _ in range(2):
        with pytest.raises(SpeechError, match="did not answer"):
            timed.listen(SOUND, 16_000)
    assert ear.asked == 1
    ear.gate.set()


def test_an_ear_s_answer_and_its_error_come_through() -> None:
    ear = FakeEar()
    ear.gate.set()
    timed = TimedEar(ear)
    (piece,) = timed.listen(SOUND, 16_000)
    assert (timed.name, piece.text) == ("fake", "hello")
    with pytest.raises(SpeechError, match="It broke"):
        timed.likelihoods(SOUND, 16_000, piece, ["hello"])


def test_a_plain_recogniser_is_an_ear_without_places() -> None:
    ear = EarOf(FakeEar())
    (piece,) = ear.listen(SOUND, 16_000)
    assert [(word.text, word.end_s) for word in piece.words] == [("two", 0.1), ("words", 0.1)]
    with pytest.raises(SpeechError, match="cannot weigh"):
        ear.likelihoods(SOUND, 16_000, piece, ["two"])


def test_the_shipped_ears_are_different_models() -> None:
    names = [ear.name for ear in judging_ears()]
    assert len(set(names)) == len(names) >= 1
    assert all("whisper" in name for name in names)
