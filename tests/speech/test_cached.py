"""Engines that are asked once, and answer as before."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample
from harness.errors import SpeechError
from harness.speech.cached import CachedDetector, CachedRecogniser, CachedSynthesiser
from harness.speech.interface import Recogniser, SpeechDetector, Synthesiser
from harness.speech.shipped import SpokenLine
from harness.speech.silero import SAMPLE_RATE_HZ, WINDOW_FRAMES, SileroDetector
from harness.speech.store import SpeechStore

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


def test_a_failure_is_not_kept() -> None:
    inner = CountingRecogniser()
    cached = CachedRecogniser(inner)
    inner.fails = True
    with pytest.raises(SpeechError):
        cached.recognise(ONE, 16_000)
    inner.fails = False
    assert cached.recognise(ONE, 16_000) == "call 2"


class CountingSynthesiser:
    """Two parts a text, each with the number of the call."""

    name = "voice 1"
    voices = ("one",)

    def __init__(self) -> None:
        self.calls = 0
        self.fails = False

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        self.calls += 1
        yield AudioClip(np.full(3, self.calls / 8, np.float32), 16_000)
        if self.fails:
            raise SpeechError("it failed")
        yield AudioClip(np.full(2, -self.calls / 8, np.float32), 16_000)


def test_a_text_is_spoken_once_and_comes_part_by_part_again() -> None:
    inner = CountingSynthesiser()
    cached = CachedSynthesiser(inner)
    one: Synthesiser = cached
    first = [part.samples.tolist() for part in cached.parts("hello")]
    assert [part.samples.tolist() for part in cached.parts("hello")] == first
    assert first == [[0.125] * 3, [-0.125] * 2]
    assert one.synthesise("hello").samples.tolist() == [0.125] * 3 + [-0.125] * 2
    assert inner.calls == 1
    list(cached.parts("hello", "one"))
    list(cached.parts("hello", None, 1.5))
    assert (inner.calls, cached.hits) == (3, 2)


def test_half_a_text_is_not_kept() -> None:
    inner = CountingSynthesiser()
    inner.fails = True
    cached = CachedSynthesiser(inner)
    with pytest.raises(SpeechError):
        list(cached.parts("hello"))
    inner.fails = False
    assert len(list(cached.parts("hello"))) == 2
    assert inner.calls == 2


def test_what_was_spoken_is_there_for_another_process_at_once(tmp_path: Path) -> None:
    one, other = SpeechStore(tmp_path), SpeechStore(tmp_path)
    list(CachedSynthesiser(CountingSynthesiser(), one).parts("hello"))
    inner = CountingSynthesiser()
    cached = CachedSynthesiser(inner, other)
    assert (cached.has("hello"), cached.has("goodbye")) == (True, False)
    assert len(list(cached.parts("hello"))) == 2
    assert inner.calls == 0
    one.close()
    other.close()


def test_a_damaged_clip_is_spoken_anew() -> None:
    store, inner = SpeechStore(), CountingSynthesiser()
    cached = CachedSynthesiser(inner, store)
    list(cached.parts("hello"))
    store.put(cached._key(SpokenLine("hello")), b"\x00\x01 this is no clip", "speech")
    assert len(list(cached.parts("hello"))) == 2
    assert inner.calls == 2


def test_an_empty_part_is_kept_too() -> None:
    inner = CountingSynthesiser()
    inner.parts = lambda *_: iter([AudioClip(np.zeros(0, np.float32), 24_000)])  # type: ignore[method-assign]
    cached = CachedSynthesiser(inner)
    for _ in range(2):
        assert [(p.frames, p.sample_rate_hz) for p in cached.parts("")] == [(0, 24_000)]
    assert cached.hits == 1


def windows_of(name: str) -> list[MonoFloat32]:
    clip = find_fixture(name).load().clip
    samples = resample(clip.samples, clip.sample_rate_hz, SAMPLE_RATE_HZ)
    return list(samples[: len(samples) // WINDOW_FRAMES * WINDOW_FRAMES].reshape(-1, WINDOW_FRAMES))


def cached_detector(store: SpeechStore, made: list[SpeechDetector]) -> CachedDetector:
    def make() -> SpeechDetector:
        made.append(SileroDetector())
        return made[-1]

    return CachedDetector(
        make, "silero 1", store, sample_rate_hz=SAMPLE_RATE_HZ, window_frames=WINDOW_FRAMES
    )


def test_a_stream_that_was_heard_before_needs_no_detector() -> None:
    store, windows = SpeechStore(), windows_of("goforward")[:40]
    made: list[SpeechDetector] = []
    first = [cached.probability(w) for cached in [cached_detector(store, made)] for w in windows]
    again = [cached.probability(w) for cached in [cached_detector(store, made)] for w in windows]
    assert again == first
    assert len(made) == 1


def test_a_stream_that_turns_new_is_judged_as_if_all_of_it_had_been_heard() -> None:
    store, one, two = SpeechStore(), windows_of("goforward")[:30], windows_of("something")[20:50]
    cached = cached_detector(store, [])
    for window in one:
        cached.probability(window)
    cached.reset()
    mixed = [*one[:20], *two]
    real = SileroDetector()
    assert [cached.probability(w) for w in mixed] == [real.probability(w) for w in mixed]


def test_after_a_reset_a_stream_is_a_new_one() -> None:
    store, windows = SpeechStore(), windows_of("goforward")[:20]
    cached = cached_detector(store, [])
    first = [cached.probability(w) for w in windows]
    cached.reset()
    assert [cached.probability(w) for w in windows] == first
