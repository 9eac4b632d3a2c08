"""Several synthesisers behind one face."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.errors import SpeechError
from harness.speech.cached import CachedSynthesiser
from harness.speech.voices import InParts, Speaker, Voices


class Level:
    """Says a constant level for every word."""

    def __init__(self, name: str, voices: tuple[str, ...], level: float) -> None:
        self.name, self.voices, self._level = name, voices, level
        self.loads = 0

    def load(self) -> None:
        self.loads += 1

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
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


class Polyglot(Level):
    """Says a lower level for what it is asked in a language by name."""

    languages = ("de", "fr")

    def synthesise(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> AudioClip:
        if text == "boom":
            raise OSError("out of breath")
        return AudioClip(np.full(2, 0.125 if language == "fr" else 0.75, np.float32), 16_000)

    parts = None  # type: ignore[assignment]


def speakers_of_two() -> Voices:
    polyglot = InParts(Polyglot("polyglot", ("e",), 0.0))
    return Voices([CachedSynthesiser(Level("one", ("a",), 0.25)), CachedSynthesiser(polyglot)])


@pytest.mark.parametrize(
    ("voice", "language", "level"),
    [
        (None, None, 0.25),
        (None, "en", 0.25),
        (None, "de", 0.75),
        ("e", "fr", 0.125),
        ("e", None, 0.75),
    ],
)
def test_a_language_is_spoken_by_the_first_who_can(
    voice: str | None, language: str | None, level: float
) -> None:
    both = speakers_of_two()
    assert both.languages == ("en", "de", "fr")
    assert both.synthesise("hello", voice, language=language).samples.tolist() == [level] * 2
    assert both.has("hello", voice, language=language)


@pytest.mark.parametrize(("voice", "language"), [(None, "nl"), ("a", "de"), ("e", "en")])
def test_a_language_that_nobody_speaks_is_refused(voice: str | None, language: str) -> None:
    both = speakers_of_two()
    for refuse in (both.check, lambda voice, language: both.has("hi", voice, language=language)):
        with pytest.raises(SpeechError, match=f"language “{language}”"):
            refuse(voice, language)


def test_whatever_another_engine_raises_is_a_speech_error() -> None:
    with pytest.raises(SpeechError, match="Speech synthesis failed") as failed:
        speakers_of_two().synthesise("boom", "e")
    assert failed.value.found == "OSError: out of breath"


def test_it_says_what_is_kept() -> None:
    both, _, _ = voices()
    both.synthesise("hello", "c")
    assert (both.has("hello", "c"), both.has("hello", "a")) == (True, False)


def test_only_the_first_model_is_loaded_beforehand() -> None:
    both, one, two = voices()
    both.load()
    assert (one.loads, two.loads) == (1, 0)
