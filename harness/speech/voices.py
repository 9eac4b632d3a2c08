"""Several synthesisers as one: a voice belongs to the first that has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from harness.audio.clip import AudioClip
from harness.errors import SpeechError
from harness.speech.interface import (
    PartwiseSynthesiser,
    Synthesiser,
    check_text,
    language_argument,
    languages_of,
    unknown_language,
    unknown_voice,
    whole,
)
from harness.speech.text.sentences import split_sentences


class KeepingSynthesiser(PartwiseSynthesiser, Protocol):
    """A synthesiser that keeps what it spoke; see `harness.speech.cached.CachedSynthesiser`."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of its voices, as in "en-US"."""

    def has(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> bool:
        """Whether this very speech is kept, so that it costs no synthesis."""

    def load(self) -> None:
        """Load the model now, so that the first call does not pay for it.

        Raises:
            SpeechError: the engine is missing or damaged.
        """


class InParts:
    """Any synthesiser part by part: in its own parts where it has some, else by sentences."""

    def __init__(self, synthesiser: Synthesiser) -> None:
        self._synthesiser = synthesiser
        self.name = synthesiser.name
        self.voices = tuple(synthesiser.voices)
        self.languages = languages_of(synthesiser)

    def load(self) -> None:
        """Load its model, if it has one to load."""
        load = getattr(self._synthesiser, "load", None)
        if load is not None:
            load()

    def check_text(self, text: str) -> None:
        """Make sure that it speaks the text, where it can tell.

        Raises:
            SpeechError: it does not.
        """
        check_text(self._synthesiser, text)

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        """The text part by part.

        Raises:
            SpeechError: it failed, whatever it raised.
        """
        in_language = language_argument(self._synthesiser, language)
        own = getattr(self._synthesiser, "parts", None)
        try:
            if own is not None:
                yield from own(text, voice, speed, *in_language)
                return
            for sentence in split_sentences(text):
                yield self._synthesiser.synthesise(sentence.strip(), voice, speed, *in_language)
        except SpeechError:
            raise
        except Exception as error:
            raise SpeechError(
                "Speech synthesis failed.",
                expected=f"speech for “{text[:60]}”, by {self.name}",
                found=f"{type(error).__name__}: {error}",
            ) from error


class Speaker:
    """Another synthesiser, with some of its voices only."""

    def __init__(self, synthesiser: KeepingSynthesiser, voices: tuple[str, ...]) -> None:
        self._synthesiser = synthesiser
        self.voices = voices
        self.name = synthesiser.name
        self.languages = synthesiser.languages
        self.parts = synthesiser.parts
        self.has = synthesiser.has
        self.load = synthesiser.load

    def check_text(self, text: str) -> None:
        """Make sure that the other synthesiser speaks the text, where it can tell.

        Raises:
            SpeechError: it does not.
        """
        check_text(self._synthesiser, text)


class Voices:
    """The voices of several synthesisers. Safe for several threads, if they are.

    Args:
        synthesisers: the first one also speaks where no voice is named.
    """

    def __init__(self, synthesisers: Sequence[KeepingSynthesiser]) -> None:
        self._synthesisers = tuple(synthesisers)
        self.name = self._synthesisers[0].name
        self.voices = tuple(dict.fromkeys(v for one in self._synthesisers for v in one.voices))
        self.languages = tuple(dict.fromkeys(a for o in self._synthesisers for a in o.languages))

    @property
    def own_voices(self) -> tuple[str, ...]:
        """Those of the first synthesiser."""
        return self._synthesisers[0].voices

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """Those that may stand for voices nobody here has.

        Not the one that speaks where none is named, so that a caller of ours and an assistant are
        two people.
        """
        default = getattr(self._synthesisers[0], "default_voice", self.own_voices[0])
        return tuple(voice for voice in self.own_voices if voice != default) or self.own_voices

    def load(self) -> None:
        """Load the first one's model.

        Raises:
            SpeechError: its package is missing or damaged.
        """
        self._synthesisers[0].load()

    def synthesise(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> AudioClip:
        """The whole text as one clip; empty for text without a word.

        Raises:
            SpeechError: unknown voice or language, or its engine is missing, damaged or failed.
        """
        return whole(self.parts(text, voice, speed, language))

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        """The text part by part.

        Raises:
            SpeechError: unknown voice or language, or its engine is missing, damaged or failed.
        """
        return self._of(voice, language).parts(text, voice, speed, language)

    def has(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> bool:
        """Whether the text was spoken before, and is kept.

        Raises:
            SpeechError: unknown voice or language.
        """
        return self._of(voice, language).has(text, voice, speed, language)

    def check(self, voice: str | None, language: str | None) -> None:
        """Make sure that somebody speaks so.

        Raises:
            SpeechError: unknown voice, or one that does not speak the language.
        """
        self._of(voice, language)

    def check_text(self, text: str, voice: str | None = None, language: str | None = None) -> None:
        """Make sure that who speaks so can speak the text; no model is loaded for it.

        Raises:
            SpeechError: as `check`; or a text that is too long, or in no language of that engine.
        """
        check_text(self._of(voice, language), text)

    def _of(self, voice: str | None, language: str | None) -> KeepingSynthesiser:
        named = [one for one in self._synthesisers if voice is None or voice in one.voices]
        if not named:
            raise unknown_voice(voice, self.voices)
        for synthesiser in named:
            if language is None or language in synthesiser.languages:
                return synthesiser
        raise unknown_language(language or "", (a for one in named for a in languages_of(one)))
