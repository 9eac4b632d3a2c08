"""Speech synthesis by SVOX Pico (py-nanotts, voices inside the wheel, no network)."""

import contextlib
import ctypes
import functools
import importlib
import platform
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.audio.clip import AudioClip
from harness.audio.pcm16 import decode
from harness.errors import SpeechError
from harness.speech.interface import ENGLISH, unknown_language, unknown_voice
from harness.speech.weights import engine_missing

PACKAGE = "py-nanotts==0.1.1"
SAMPLE_RATE_HZ = 16_000
SLOWEST, FASTEST = 0.25, 4.0


@dataclass(frozen=True, slots=True)
class PicoVoice:
    """One of Pico's two English speakers, at a pitch."""

    language: str
    pitch: float = 1.0


VOICES = {
    "en-US": PicoVoice("en-US"),
    "en-GB": PicoVoice("en-GB"),
    # The names a hosted voice service uses, so that settings written for one work here. They
    # tell speakers apart; they don't sound alike.
    "alloy": PicoVoice("en-US"),
    "ash": PicoVoice("en-GB", 0.8),
    "ballad": PicoVoice("en-GB", 0.9),
    "cedar": PicoVoice("en-US", 0.75),
    "coral": PicoVoice("en-US", 1.1),
    "echo": PicoVoice("en-US", 0.85),
    "marin": PicoVoice("en-GB"),
    "sage": PicoVoice("en-GB", 1.1),
    "shimmer": PicoVoice("en-GB", 1.2),
    "verse": PicoVoice("en-US", 0.9),
}
DEFAULT_VOICE = "en-US"

VOLUME = 0.6
"""At Pico's own volume up to 0.6 % of the samples hit full scale and are clipped; at this one
peaks stay near -3 dBFS."""

LONGEST_PART = 160
"""Characters spoken in one call of the engine: it holds the interpreter's lock (about 10 ms)."""


class NanoTtsSynthesiser:
    """English speech at 16 kHz, 125 times faster than real time.

    One object serves all threads; calls wait for each other. The engine does not let go of the
    interpreter's lock, so text is spoken sentence by sentence, 5 to 20 ms each, and an event
    loop in another thread runs between them. parts() hands each sentence out when it is ready.
    The same text, voice and speed give the same samples, on every run (on glibc).
    """

    name = f"svox pico ({PACKAGE})"
    voices = tuple(VOICES)

    def __init__(self) -> None:
        self._engine: Any = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Import the engine now.

        Raises:
            SpeechError: the package is missing.
        """
        with self._lock:
            self._ensure_loaded()

    def synthesise(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> AudioClip:
        """The whole text as one 16 kHz clip; empty for text without a word."""
        parts = [part.samples for part in self.parts(text, voice, speed, language)]
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return AudioClip(samples, SAMPLE_RATE_HZ)

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        """The text sentence by sentence; joined, the clips are what synthesise() gives.

        Raises:
            SpeechError: unknown voice or language, speed outside 0.25 to 4.0, or the engine fails.
        """
        pico = _voice(voice)
        if language not in (None, ENGLISH):
            raise unknown_language(str(language), (ENGLISH,))
        if not SLOWEST <= speed <= FASTEST:
            raise SpeechError(
                "The speaking speed is out of range.",
                expected=f"a number from {SLOWEST} to {FASTEST}",
                found=str(speed),
            )
        return (self._speak(part, pico, speed) for part in split_text(text))

    def _speak(self, text: str, voice: PicoVoice, speed: float) -> AudioClip:
        with self._lock:
            engine = self._ensure_loaded()
            try:
                with zeroed_allocations():
                    pcm = engine.speak(
                        text, voice=voice.language, speed=speed, pitch=voice.pitch, volume=VOLUME
                    )
            except Exception as error:  # the engine raises whatever its C code chose
                raise SpeechError(
                    "Speech synthesis failed.",
                    expected=f"speech for “{text}”",
                    found=f"{type(error).__name__}: {error}",
                ) from error
        return AudioClip(decode(pcm[: len(pcm) // 2 * 2]), SAMPLE_RATE_HZ)

    def _ensure_loaded(self) -> Any:
        if self._engine is None:
            try:
                self._engine = importlib.import_module("py_nanotts").NanoTTS()
            except (ImportError, OSError, AttributeError) as error:
                raise engine_missing("Speech synthesis", PACKAGE, error) from error
        return self._engine


M_PERTURB = -6
"""glibc's mallopt() option: fill new memory with the complement of a byte, 0 to switch off."""


@contextlib.contextmanager
def zeroed_allocations() -> Iterator[None]:
    """New memory comes as zeros inside the block.

    Pico reads working memory that nobody has written to: the same text came out with other
    samples, sometimes with other pauses, depending on what had been in that memory. With zeros
    it is the same to the bit, in every process. Can go when py-nanotts clears its memory (0.1.1
    takes it from malloc). Other threads' allocations are filled too while the block lasts, which
    costs a few microseconds. Where the C library is not glibc, nothing is done.
    """
    mallopt = _mallopt()
    if mallopt is None:
        yield
        return
    mallopt(M_PERTURB, 0xFF)
    try:
        yield
    finally:
        mallopt(M_PERTURB, 0)


@functools.cache
def _mallopt() -> Callable[[int, int], int] | None:
    if platform.libc_ver()[0] != "glibc":
        return None
    mallopt: Callable[[int, int], int] | None = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt


def split_text(text: str) -> list[str]:
    """Sentences, and parts of long sentences, that the engine speaks one at a time.

    Markup becomes spaces: the engine would obey it. Parts without a letter or digit
    are left out.
    """
    untagged = re.sub(r"</?[A-Za-z][^<>]*>", " ", text)
    plain = " ".join(re.sub(r"[<>&\\\x00-\x1f]", " ", untagged).split())
    sentences = re.split(r"(?<=[.!?;:])\s+", plain)
    parts = [part for sentence in sentences for part in _pieces(sentence)]
    return [part for part in parts if any(character.isalnum() for character in part)]


def _pieces(sentence: str) -> Iterator[str]:
    """A sentence cut at a comma, else at a space, where it is longer than LONGEST_PART."""
    while len(sentence) > LONGEST_PART:
        head = sentence[:LONGEST_PART]
        cut = max(head.rfind(", ") + 1, 0) or head.rfind(" ") or LONGEST_PART
        cut = cut if cut > 0 else LONGEST_PART
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence


def _voice(name: str | None) -> PicoVoice:
    voice = VOICES.get(name or DEFAULT_VOICE)
    if voice is None:
        raise unknown_voice(name, VOICES)
    return voice
