"""Interfaces of speech engines; adapters are in the modules beside this one.

Every engine loads its weights at first use and raises SpeechError, naming what to install,
when it cannot. Recognisers and synthesisers may be called from any worker thread; calls on one
object wait for each other. A detector belongs to one audio stream and to one thread at a time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from harness.audio.clip import AudioClip, MonoFloat32, joined
from harness.errors import SpeechError


class SpeechDetector(Protocol):
    """Says, window by window, how likely it is that somebody speaks."""

    @property
    def sample_rate_hz(self) -> int:
        """Rate of the samples it takes."""
        ...

    @property
    def window_frames(self) -> int:
        """Samples it takes at a time."""
        ...

    def probability(self, window: MonoFloat32) -> float:
        """Probability of speech in the next window, 0 to 1.

        Args:
            window: float32, shape (window_frames,), at `sample_rate_hz`, directly after the one
                before.

        Raises:
            ValueError: another number of samples, or samples that are not finite.
            SpeechError: the engine is missing or damaged.
        """
        ...

    def reset(self) -> None:
        """Forget what was heard; the next window starts a new stream."""
        ...


@runtime_checkable
class SeriesDetector(SpeechDetector, Protocol):
    """A detector that takes many windows at once, and less time for each of them."""

    def probabilities(self, windows: npt.NDArray[np.float32]) -> list[float]:
        """What `probability` says of each of the next windows.

        Args:
            windows: float32, shape (count, window_frames), at `sample_rate_hz`.

        Raises:
            ValueError, SpeechError: as of `probability`.
        """
        ...


def probabilities_of(detector: SpeechDetector, windows: npt.NDArray[np.float32]) -> list[float]:
    """What a detector says of each of the next windows.

    Args:
        windows: float32, shape (count, window_frames), at the detector's ``sample_rate_hz``.

    Raises:
        ValueError, SpeechError: as of `SpeechDetector.probability`.
    """
    if isinstance(detector, SeriesDetector):
        return detector.probabilities(windows)
    return [detector.probability(window) for window in windows]


class Recogniser(Protocol):
    """Turns speech into text."""

    @property
    def name(self) -> str:
        """Engine, model and version, for reports and as a part of cache keys."""
        ...

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The words in the samples; "" where there are none. Blocks; call it from a thread.

        Args:
            samples: float32, shape (frames,), full scale ±1.0.
            sample_rate_hz: any rate.

        Raises:
            SpeechError: the engine is missing, damaged or failed.
        """
        ...


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as a recogniser heard it, with its place in the clip."""

    text: str
    """As written, punctuation included."""

    start_s: float
    """From the clip's first sample; good to about 0.1 s."""

    end_s: float

    probability: float
    """How sure the recogniser is, 0 to 1: of the least sure part of the word."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a clip that was listened to in one go."""

    start_s: float
    """From the clip's first sample."""

    end_s: float
    words: tuple[SpokenWord, ...]

    @property
    def text(self) -> str:
        """Its words in a row."""
        return " ".join(word.text for word in self.words)


class Ear(Recogniser, Protocol):
    """A recogniser that also says where its words are, and weighs words against each other."""

    def listen(self, samples: MonoFloat32, sample_rate_hz: int) -> tuple[Piece, ...]:
        """What is said, stretch by stretch; () where nobody speaks. Blocks.

        Raises:
            SpeechError: the engine is missing, damaged or failed.
        """
        ...

    def likelihoods(
        self, samples: MonoFloat32, sample_rate_hz: int, piece: Piece, texts: Sequence[str]
    ) -> list[float]:
        """How well each text fits a piece: the natural logarithm of its probability. Blocks.

        Only differences between texts mean something: 0 is "as likely", 3 is twenty times.

        Args:
            samples: the clip that `listen` was given.
            piece: one that it found there.
            texts: none of them empty.

        Raises:
            SpeechError: the engine is missing, damaged or failed.
        """
        ...


class Synthesiser(Protocol):
    """Turns text into speech."""

    @property
    def name(self) -> str:
        """Engine and version, for reports."""
        ...

    @property
    def voices(self) -> tuple[str, ...]:
        """Voice names that synthesise() takes."""
        ...

    def synthesise(
        self,
        text: str,
        voice: str | None = None,
        speed: float = 1.0,
        language: str | None = None,
    ) -> AudioClip:
        """The text, spoken. Blocks; call it from a thread.

        An engine that has an attribute `languages` is asked for those alone. One without it
        speaks English, and is never given a language.

        Args:
            text: plain text; markup in it is spoken or dropped, never obeyed.
            voice: one of `voices`; None for the engine's default.
            speed: 1.0 is the voice's normal rate.
            language: a tag of BCP 47, as "de"; None for the first that the engine speaks.

        Returns:
            A clip at the engine's own rate; empty for text without anything to speak.

        Raises:
            SpeechError: unknown voice or language, or the engine is missing, damaged or failed.
        """
        ...


class PartwiseSynthesiser(Protocol):
    """A synthesiser that hands out each part of a text when it is ready."""

    @property
    def name(self) -> str:
        """Engine, model and version, for reports and as a part of cache keys."""

    @property
    def voices(self) -> tuple[str, ...]:
        """Voice names that `parts` takes."""

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        """The text part by part; joined, the clips are the whole text.

        Raises:
            SpeechError: unknown voice or language, or the engine is missing, damaged or failed.
        """
        ...


class TurnCompletion(Protocol):
    """Says whether somebody who pauses has finished (for semantic turn detection)."""

    @property
    def name(self) -> str:
        """Engine, model and version, for reports."""
        ...

    def probability(self, samples: MonoFloat32, sample_rate_hz: int, text: str) -> float:
        """How likely it is that the turn is over, 0 to 1. Blocks; call it from a thread.

        Args:
            samples: the turn so far with the pause, float32, shape (frames,).
            sample_rate_hz: any rate.
            text: what was recognised in it.

        Raises:
            SpeechError: the engine is missing, damaged or failed.
        """
        ...


ENGLISH = "en"


def languages_of(synthesiser: object) -> tuple[str, ...]:
    """What it speaks, as tags of BCP 47; English where it does not say."""
    return tuple(getattr(synthesiser, "languages", (ENGLISH,)))


def language_argument(synthesiser: object, language: str | None) -> tuple[str, ...]:
    """The argument that tells a synthesiser the language: none for one that has only one."""
    takes_it = language is not None and hasattr(synthesiser, "languages")
    return (str(language),) if takes_it else ()


def check_text(synthesiser: object, text: str) -> None:
    """Ask a synthesiser whether it can speak a text; one without a `check_text` is not asked.

    Raises:
        SpeechError: it cannot.
    """
    check = getattr(synthesiser, "check_text", None)
    if check is not None:
        check(text)


def unknown_language(language: str, languages: Iterable[str]) -> SpeechError:
    """The error of whoever is asked for a language that is none of these."""
    return SpeechError(
        f"No voice here speaks the language “{language}”.",
        expected=f"one of {', '.join(dict.fromkeys(languages))}",
        found=language,
        hint="say it with a recording, or plug in an engine that speaks it: "
        "HARNESS_VOICE_ENGINE=module:factory",
    )


def unknown_voice(name: str | None, voices: Iterable[str]) -> SpeechError:
    """The error of whoever is asked for a voice that is none of these."""
    return SpeechError(
        f"There is no voice named “{name}”.",
        expected=f"one of {', '.join(voices)}",
        found=str(name),
    )


def whole(parts: Iterable[AudioClip]) -> AudioClip:
    """The parts of one text as one clip; an empty clip for a text without a word."""
    clips = list(parts)
    return joined(*clips) if clips else AudioClip(np.zeros(0, np.float32), 16_000)
