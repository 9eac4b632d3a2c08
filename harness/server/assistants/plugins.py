"""Speech engines and assistants of somebody else's making, named as "module:factory"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from harness.audio.clip import AudioClip, MonoFloat32
from harness.errors import SpeechError, UsageError
from harness.plugins import load
from harness.realtime.session_object import VOICES
from harness.speech.engines import (
    default_detector,
    default_recogniser,
    live_synthesiser,
)
from harness.speech.interface import (
    Recogniser,
    SpeechDetector,
    Synthesiser,
    TurnCompletion,
    unknown_voice,
)
from harness.speech.voices import InParts
from harness.speech.workers import SpeechWorkers

KINDS: Mapping[str, tuple[str, ...]] = {
    "detector": ("sample_rate_hz", "window_frames", "probability", "reset"),
    "recogniser": ("name", "recognise"),
    "synthesiser": ("name", "voices", "synthesise"),
    "turn_completion": ("name", "probability"),
    "assistant": ("answer",),
}
"""What each kind of part must have."""


def made(reference: str, kind: str) -> Any:
    """The object that a factory makes.

    Args:
        reference: "module:factory", found on the Python path or in the working folder.
        kind: one of `KINDS`.

    Raises:
        UsageError: it cannot be imported or made, or lacks something.
    """
    try:
        part = load(reference)()
    except SpeechError:
        raise
    except Exception as error:
        raise _unusable(reference, kind, f"{type(error).__name__}: {error}") from error
    missing = [name for name in KINDS[kind] if not hasattr(part, name)]
    if missing:
        raise _unusable(reference, kind, f"a {type(part).__name__} without {', '.join(missing)}")
    return part


def _unusable(reference: str, kind: str, found: str) -> UsageError:
    called = kind.replace("_", " ")
    return UsageError(
        f"{reference} cannot be used as the {called}.",
        expected=f"module:factory; what the factory makes has {', '.join(KINDS[kind])}",
        found=found,
        hint="“harness/docs/assistants.md” shows a whole one",
    )


def own_speech_workers(references: Mapping[str, str]) -> SpeechWorkers:
    """Workers on the engines that are named, and on the shipped ones for the rest.

    Args:
        references: "module:factory" by "detector", "recogniser", "synthesiser" and
            "turn_completion".

    Raises:
        UsageError: one of them cannot be used; each is made once to see.
    """
    recogniser: Recogniser
    completion: TurnCompletion | None = None
    if "recogniser" in references:
        recogniser = made(references["recogniser"], "recogniser")
    else:
        recogniser = default_recogniser()
    if "turn_completion" in references:
        completion = CheckedCompletion(made(references["turn_completion"], "turn_completion"))
    synthesiser = _synthesiser(references.get("synthesiser"), lambda text: workers.when_slow(text))
    workers = SpeechWorkers(
        _detector_factory(references.get("detector")),
        LoadedRecogniser(recogniser),
        SessionVoices(synthesiser),
        completion,
    )
    return workers


def _synthesiser(reference: str | None, told: Callable[[str], None]) -> Synthesiser:
    if reference is not None:
        synthesiser: Synthesiser = made(reference, "synthesiser")
        return synthesiser
    return live_synthesiser(told)


def _detector_factory(reference: str | None) -> Callable[[], SpeechDetector]:
    if reference is not None:
        made(reference, "detector")

    def make() -> SpeechDetector:
        detector = default_detector() if reference is None else made(reference, "detector")
        _load(detector)
        return detector

    return make


class LoadedRecogniser:
    """A recogniser that can be loaded beforehand, if it knows how."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.name = recogniser.name

    def load(self) -> None:
        """Load the recogniser's model, where it has a `load`."""
        _load(self._recogniser)

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The other recogniser's answer.

        Args:
            samples: float32, shape (frames,), full scale ±1.0.
            sample_rate_hz: any rate.

        Raises:
            SpeechError: it failed, whatever it raised.
        """
        with _failing_plainly("Speech recognition failed."):
            return str(self._recogniser.recognise(samples, sample_rate_hz))


class CheckedCompletion:
    """Another turn completion, whose failures are all of one kind."""

    def __init__(self, completion: TurnCompletion) -> None:
        self._completion = completion
        self.name = completion.name

    def load(self) -> None:
        """Load the model, where it has a `load`."""
        _load(self._completion)

    def probability(self, samples: MonoFloat32, sample_rate_hz: int, text: str) -> float:
        """The other's answer.

        Raises:
            SpeechError: it failed, whatever it raised.
        """
        with _failing_plainly("The end of a turn could not be judged."):
            return float(self._completion.probability(samples, sample_rate_hz, text))


class SessionVoices:
    """A synthesiser in parts that also knows the protocol's voices by name."""

    def __init__(self, synthesiser: Synthesiser) -> None:
        self._synthesiser = synthesiser
        self._in_parts = InParts(synthesiser)
        self.load = self._in_parts.load

    def parts(self, text: str, voice: str | None = None, speed: float = 1.0) -> Iterator[AudioClip]:
        """The text, in the synthesiser's own parts where it has some.

        Args:
            text: plain text.
            voice: the protocol's name or the engine's own; None for the engine's default.
            speed: 1.0 is the voice's normal rate.

        Raises:
            SpeechError: unknown voice, or the engine fails.
        """
        stand_ins = getattr(self._synthesiser, "stand_ins", None)
        name = engine_voice(voice, self._synthesiser.voices, stand_ins)
        yield from self._in_parts.parts(text, name, speed)


def engine_voice(
    voice: str | None, voices: tuple[str, ...], stand_ins: tuple[str, ...] | None = None
) -> str | None:
    """The engine's voice for a name: its own of that name, else one for each hosted name.

    Args:
        stand_ins: those that stand for hosted names; all where absent.

    Raises:
        SpeechError: it is neither.
    """
    if voice is None or voice in voices:
        return voice
    if voice not in VOICES or not voices:
        raise unknown_voice(voice, (*voices, *VOICES))
    stand_ins = stand_ins or voices
    return stand_ins[VOICES.index(voice) % len(stand_ins)]


@contextmanager
def _failing_plainly(message: str) -> Iterator[None]:
    """The client gets the message alone; the log gets what the engine said, too."""
    try:
        yield
    except SpeechError:
        raise
    except Exception as error:
        raise SpeechError(message, found=f"{type(error).__name__}: {error}") from error


def _load(engine: Any) -> None:
    load = getattr(engine, "load", None)
    if load is not None:
        load()
