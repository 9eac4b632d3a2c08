"""Several synthesisers as one: a voice belongs to the first that has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from harness.audio.clip import AudioClip
from harness.speech.cached import PartwiseSynthesiser
from harness.speech.interface import unknown_voice


class KeepingSynthesiser(PartwiseSynthesiser, Protocol):
    """A synthesiser that keeps what it spoke; see `harness.speech.cached.CachedSynthesiser`."""

    def has(self, text: str, voice: str | None = None, speed: float = 1.0) -> bool: ...

    def load(self) -> None: ...


class Speaker:
    """Another synthesiser, with some of its voices only."""

    def __init__(self, synthesiser: KeepingSynthesiser, voices: tuple[str, ...]) -> None:
        self._synthesiser = synthesiser
        self.voices = voices
        self.name = synthesiser.name
        self.parts = synthesiser.parts
        self.has = synthesiser.has
        self.load = synthesiser.load


class Voices:
    """The voices of several synthesisers. Safe for several threads, if they are.

    Args:
        synthesisers: the first one also speaks where no voice is named.
    """

    def __init__(self, synthesisers: Sequence[KeepingSynthesiser]) -> None:
        self._synthesisers = tuple(synthesisers)
        self.name = self._synthesisers[0].name
        self.voices = tuple(dict.fromkeys(v for one in self._synthesisers for v in one.voices))

    @property
    def own_voices(self) -> tuple[str, ...]:
        """Those of the first synthesiser."""
        return self._synthesisers[0].voices

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """Those that may stand for voices nobody here has: not the one that speaks where none is
        named, so that a caller of ours and an assistant are two people."""
        default = getattr(self._synthesisers[0], "default_voice", self.own_voices[0])
        return tuple(voice for voice in self.own_voices if voice != default) or self.own_voices

    def load(self) -> None:
        """Load the first one's model.

        Raises:
            SpeechError: its package is missing or damaged.
        """
        self._synthesisers[0].load()

    def synthesise(self, text: str, voice: str | None = None, speed: float = 1.0) -> AudioClip:
        """The whole text as one clip; empty for text without a word.

        Raises:
            SpeechError: unknown voice, or its engine is missing, damaged or failed.
        """
        parts = list(self.parts(text, voice, speed))
        if not parts:
            return AudioClip(np.zeros(0, np.float32), 16_000)
        return AudioClip(np.concatenate([p.samples for p in parts]), parts[0].sample_rate_hz)

    def parts(self, text: str, voice: str | None = None, speed: float = 1.0) -> Iterator[AudioClip]:
        """The text part by part.

        Raises:
            SpeechError: unknown voice, or its engine is missing, damaged or failed.
        """
        return self._of(voice).parts(text, voice, speed)

    def has(self, text: str, voice: str | None = None, speed: float = 1.0) -> bool:
        """Whether the text was spoken before, and is kept.

        Raises:
            SpeechError: unknown voice.
        """
        return self._of(voice).has(text, voice, speed)

    def _of(self, voice: str | None) -> KeepingSynthesiser:
        if voice is None:
            return self._synthesisers[0]
        for synthesiser in self._synthesisers:
            if voice in synthesiser.voices:
                return synthesiser
        raise unknown_voice(voice, self.voices)
