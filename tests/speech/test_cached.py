import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.errors import SpeechError
from harness.speech.cached import CachedRecogniser
from harness.speech.interface import Recogniser

ONE, TWO = np.full(10, 0.1, np.float32), np.full(10, 0.2, np.float32)


class CountingRecogniser:
    """Answers with the number of the call."""

    def __init__(self, name: str = "engine 1") -> None:
        self.name = name
        self.calls = 0
        self.fails = False

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        self.calls += 1
        if self.fails:
            raise SpeechError("it failed")
        return f"call {self.calls}"


def test_the_same_samples_are_asked_for_once() -> None:
    inner = CountingRecogniser()
    cached: Recogniser = CachedRecogniser(inner)
    assert [cached.recognise(ONE.copy(), 16_000) for _ in range(3)] == ["call 1"] * 3


def test_other_samples_rates_and_engines_are_asked_for() -> None:
    inner = CountingRecogniser()
    cached = CachedRecogniser(inner)
    cached.recognise(ONE, 16_000)
    cached.recognise(TWO, 16_000)
    cached.recognise(ONE, 48_000)
    inner.name = "engine 2"
    cached.recognise(ONE, 16_000)
    assert (inner.calls, cached.hits) == (4, 0)


def test_the_longest_unused_answer_goes_first() -> None:
    inner = CountingRecogniser()
    cached = CachedRecogniser(inner, capacity=2)
    for samples in (ONE, TWO, ONE, np.zeros(1, np.float32), ONE):
        cached.recognise(samples, 16_000)
    assert (inner.calls, cached.hits) == (3, 2)


def test_a_failure_is_not_kept() -> None:
    inner = CountingRecogniser()
    cached = CachedRecogniser(inner)
    inner.fails = True
    with pytest.raises(SpeechError):
        cached.recognise(ONE, 16_000)
    inner.fails = False
    assert cached.recognise(ONE, 16_000) == "call 2"
