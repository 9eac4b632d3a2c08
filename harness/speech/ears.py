"""The ears that judge: which recognisers listen to an answer, in which order.

What decides a verdict is not what drives the live server, and may cost more. The first ear hears
everything; the others are asked where it misses something.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from harness.audio.clip import MonoFloat32
from harness.errors import SpeechError
from harness.speech.interface import Ear, Piece, Recogniser, SpokenWord
from harness.speech.whisper import WhisperRecogniser
from harness.speech.whisper_models import BASE, TINY_EN, is_installed

T = TypeVar("T")

LIMIT_S = 30.0
"""An ear that needs longer for one question hangs. A minute of speech takes the slowest 3 s on an
idle machine."""

UNKNOWN = 0.5
"""The probability of a word of which its recogniser says none."""


def judging_ears(threads: int = 1, limit_s: float = LIMIT_S) -> tuple[TimedEar, ...]:
    """The shipped ears, the most trusted first; nothing is loaded yet.

    Args:
        limit_s: for one question, see `TimedEar`.
    """
    models = [model for model in (TINY_EN, BASE) if is_installed(model)] or [TINY_EN]
    return tuple(TimedEar(WhisperRecogniser(model, threads), limit_s) for model in models)


class TimedEar:
    """An ear that does not hang: after the limit it raises, and is not asked any more.

    Python cannot end a thread, so the work that hangs stays behind; it holds no exit up.
    """

    def __init__(self, ear: Ear, limit_s: float = LIMIT_S) -> None:
        self._ear = ear
        self._limit_s = limit_s
        self._hangs = False

    @property
    def name(self) -> str:
        """The other ear's name."""
        return self._ear.name

    def load(self) -> None:
        """Load its model now, where it has one."""
        load = getattr(self._ear, "load", None)
        if load is not None:
            load()

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The other ear's words."""
        return self._within_limit(lambda: self._ear.recognise(samples, sample_rate_hz))

    def listen(self, samples: MonoFloat32, sample_rate_hz: int) -> tuple[Piece, ...]:
        """The other ear's words, with their places."""
        return self._within_limit(lambda: self._ear.listen(samples, sample_rate_hz))

    def likelihoods(
        self, samples: MonoFloat32, sample_rate_hz: int, piece: Piece, texts: Sequence[str]
    ) -> list[float]:
        """The other ear's opinion of each text."""
        return self._within_limit(
            lambda: self._ear.likelihoods(samples, sample_rate_hz, piece, texts)
        )

    def _within_limit(self, work: Callable[[], T]) -> T:
        if self._hangs:
            raise self._hung()
        results: list[T] = []
        errors: list[Exception] = []

        def run() -> None:
            try:
                results.append(work())
            except Exception as error:  # told to whoever waits, whatever it is
                errors.append(error)

        thread = threading.Thread(target=run, name="ear", daemon=True)
        thread.start()
        thread.join(self._limit_s)
        if errors:
            raise errors[0]
        if not results:
            self._hangs = True
            raise self._hung()
        return results[0]

    def _hung(self) -> SpeechError:
        return SpeechError(
            f"It did not answer within {self._limit_s:g} s.",
            expected=f"an opinion of {self.name}",
            found="none, so it is not asked any more in this process",
        )


class EarOf:
    """A plain recogniser as an ear: its words have no places, and it cannot weigh."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser

    @property
    def name(self) -> str:
        """The recogniser's name."""
        return self._recogniser.name

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The recogniser's words."""
        return self._recogniser.recognise(samples, sample_rate_hz)

    def listen(self, samples: MonoFloat32, sample_rate_hz: int) -> tuple[Piece, ...]:
        """Its words, each as long as the whole clip, and as sure as a coin."""
        duration_s = len(samples) / sample_rate_hz
        text = self.recognise(samples, sample_rate_hz)
        words = tuple(SpokenWord(word, 0.0, duration_s, UNKNOWN) for word in text.split())
        return (Piece(0.0, duration_s, words),) if words else ()

    def likelihoods(
        self, samples: MonoFloat32, sample_rate_hz: int, piece: Piece, texts: Sequence[str]
    ) -> list[float]:
        """None: it raises."""
        raise SpeechError(
            "This ear cannot weigh texts.", expected="an ear that can", found=self.name
        )
