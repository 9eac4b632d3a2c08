"""Several synthesisers behind one face."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.errors import SpeechError
from harness.speech.cached import CachedSynthesiser
from harness.speech.voices import Speaker, Voices


class Level:
    """Says a constant level for every word."""

    def __init__(self, name: str, voices: tuple[str, ...], level: float) -> None:
        self.name, self.voices, self._level = name, voices, level
        self.loads = 0

    def load(self) -> None:
        self.loads += 1

    def parts(self, text: str, voice: str | None = None, speed: float = 1.0) -> Iterator[AudioClip]:
        for _ in text.split():
            yield AudioClip(np.full(2, self._level, np.float32), 16_000)


def voices() -> tuple[Voices, Level, Level]:
    one, two = Level("one", ("a", "b"), 0.25), Level("two", ("b", "c", "d"), 0.5)
    speaker = Speaker(CachedSynthesiser(two), ("b", "c"))
    return Voices([CachedSynthesiser(one), speaker]), one, two


def test_a_voice_belongs_to_the_first_that_has_it() -> None:
    both, _, _ = voices()
    for voice, level in ((None, 0.25), ("a", 0.25), ("b", 0.25), ("c", 0.5)):
        assert both.synthesise("hello", voice).samples.tolist() == [level] * 2
    assert (both.name, both.voices, both.own_voices) == ("one", ("a", "b", "c"), ("a", "b"))


def test_whoever_speaks_by_default_stands_for_nobody_else() -> None:
    both, one, _ = voices()
    assert both.stand_ins == ("b",)
    alone = Voices([CachedSynthesiser(Level("alone", ("only",), 0.1))])
    assert alone.stand_ins == ("only",)
    one.default_voice = "b"  # type: ignore[attr-defined]
    assert both.stand_ins == ("a",)


def test_parts_are_joined_and_nothing_is_nothing() -> None:
    both, _, _ = voices()
    assert len(list(both.parts("one two", "c"))) == 2
    assert both.synthesise("one two", "c").frames == 4
    assert both.synthesise("").frames == 0


def test_a_voice_that_was_left_out_is_not_there() -> None:
    both, _, _ = voices()
    with pytest.raises(SpeechError, match="no voice named “d”") as failed:
        both.synthesise("hello", "d")
    assert failed.value.expected == "one of a, b, c"


def test_it_says_what_is_kept() -> None:
    both, _, _ = voices()
    both.synthesise("hello", "c")
    assert (both.has("hello", "c"), both.has("hello", "a")) == (True, False)


def test_only_the_first_model_is_loaded_beforehand() -> None:
    both, one, two = voices()
    both.load()
    assert (one.loads, two.loads) == (1, 0)
