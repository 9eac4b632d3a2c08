"""The engines that a call gets where nobody chose others: the one place that says which.

Each is imported when it is asked for, and loads its model later still. An engine without a
package for every platform (Moonshine, Pico) has a substitute here, so it may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Protocol

from harness.environment import variable
from harness.errors import SpeechError, UsageError
from harness.plugins import load
from harness.speech.cached import CachedSynthesiser
from harness.speech.interface import PartwiseSynthesiser, Recogniser, SpeechDetector
from harness.speech.keeping_up import KeepingUp
from harness.speech.shipped import shipped_speech
from harness.speech.store import SpeechStore, shared_store
from harness.speech.voices import InParts, Speaker, Voices

VOICE_ENGINES = ("kokoro", "pico")
DEFAULT_VOICE_ENGINE = "kokoro"
VOICE_VARIABLE = "HARNESS_VOICE_ENGINE"

PICO_VOICES = ("en-US", "en-GB")
"""They are Pico's alone, so a scenario that names one gets Pico."""

MODULES: Mapping[str, str] = {
    "pico": "py_nanotts",
    "moonshine": "moonshine_voice",
}
"""What is imported of the engines that may be missing."""


class LoadableRecogniser(Recogniser, Protocol):
    """A recogniser whose model can be loaded beforehand."""

    def load(self) -> None:
        """Load the model now, so that the first call does not pay for it.

        Raises:
            SpeechError: the engine is missing or damaged.
        """


def voice_engine() -> str:
    """Who speaks where nobody chose: ``HARNESS_VOICE_ENGINE``, else Kokoro.

    Returns:
        One of `VOICE_ENGINES`, or "module:factory": somebody else's synthesiser.

    Raises:
        UsageError: the variable names none.
    """
    given = variable(VOICE_VARIABLE) or DEFAULT_VOICE_ENGINE
    if given not in VOICE_ENGINES and ":" not in given:
        raise _unusable(given)
    return given


def is_installed(engine: str) -> bool:
    """Whether the package of an engine that may be missing is there; nothing is imported."""
    return find_spec(MODULES[engine]) is not None


def default_detector() -> SpeechDetector:
    """Silero, for one stream."""
    from harness.speech.silero import SileroDetector

    return SileroDetector()


def default_recogniser() -> LoadableRecogniser:
    """What understands live turns: Moonshine where it is installed, else Whisper tiny.en."""
    if is_installed("moonshine"):
        from harness.speech.moonshine import MoonshineRecogniser

        return MoonshineRecogniser()
    from harness.speech.whisper import WhisperRecogniser

    return WhisperRecogniser()


def default_synthesiser(store: SpeechStore | None = None) -> Voices:
    """Kokoro, with Pico for the voices that carry its names; or Pico alone.

    A synthesiser of somebody else's making comes first, and the shipped ones speak what it does
    not: other languages, other voices.

    Args:
        store: where what was spoken is kept; the user's cache where absent.

    Raises:
        UsageError: the environment names an engine that there is none of.
    """
    store, engine = store or shared_store(), voice_engine()
    if engine == "pico":
        return Voices([_cached(_pico(), store)])
    from harness.speech.kokoro import KokoroSynthesiser

    own = [] if engine in VOICE_ENGINES else [_cached(_plugged(engine), store)]
    kokoro = CachedSynthesiser(KokoroSynthesiser(), store, shipped_speech())
    return Voices([*own, kokoro, Speaker(_cached(_pico(), store), PICO_VOICES)])


def live_synthesiser(told: Callable[[str], None]) -> Voices | KeepingUp:
    """The default synthesiser, for text that nobody knew beforehand.

    Args:
        told: when a quick voice takes over, and why.

    Raises:
        UsageError: the environment names an engine that there is none of.
    """
    voices = default_synthesiser()
    if voice_engine() == "pico":
        return voices  # nothing is quicker
    quick = _cached(_pico(), shared_store()) if is_installed("pico") else None
    return KeepingUp(voices, quick, told)


def _cached(synthesiser: PartwiseSynthesiser, store: SpeechStore) -> CachedSynthesiser:
    return CachedSynthesiser(synthesiser, store)


def _plugged(reference: str) -> PartwiseSynthesiser:
    """Somebody else's synthesiser, found on the Python path or in the working folder."""
    try:
        made = load(reference)()
    except SpeechError:
        raise
    except Exception as error:
        raise _unusable(f"{reference}: {type(error).__name__}: {error}") from error
    missing = [name for name in ("name", "voices", "synthesise") if not hasattr(made, name)]
    if missing:
        raise _unusable(f"{reference} makes something without {', '.join(missing)}")
    return InParts(made)


def _unusable(found: str) -> UsageError:
    return UsageError(
        f"{VOICE_VARIABLE} cannot be used.",
        expected=f"{', '.join(VOICE_ENGINES)}, or module:factory of a synthesiser",
        found=found,
        hint=f"unset it for {DEFAULT_VOICE_ENGINE}; harness/docs/voices.md shows an engine",
    )


def _pico() -> PartwiseSynthesiser:
    from harness.speech.nanotts import NanoTtsSynthesiser

    return NanoTtsSynthesiser()
