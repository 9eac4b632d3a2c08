"""Speech synthesis by Kokoro-82M: its speakers, and a text in pieces that it can speak."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from harness.audio.clip import AudioClip, MonoFloat32
from harness.errors import SpeechError
from harness.speech.interface import unknown_language, unknown_voice
from harness.speech.kokoro.model import MOST_TOKENS, SAMPLE_RATE_HZ, KokoroModel, speaker_style
from harness.speech.kokoro.pronunciation import Accent, is_word_of_english, phonemes_of
from harness.speech.text.speakable import speakable_text

VERSION = "3"
"""Part of the name, and so of cache keys: another value for other samples from the same text."""

SLOWEST, FASTEST = 0.5, 2.0

LEVEL_DBFS = -21.0
"""RMS of the voiced part: as loud as the recorded fixtures."""

PEAK = 0.95
EDGE_S = 0.06
"""Silence kept in front of the first sound and behind the last one."""

SILENCE = 0.004
PAUSE_S = 0.18
"""Between two sentences, beside their own edges."""

FEWEST_WORDS_TO_TELL = 4
LANGUAGES = ("en",)

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*['’]?|[.,!?;:…—()“”\"]")


@dataclass(frozen=True, slots=True)
class Speaker:
    """One of Kokoro's speakers."""

    style: str
    accent: Accent


SPEAKERS = {
    "heart": Speaker("af_heart", "us"),
    "michael": Speaker("am_michael", "us"),
    "emma": Speaker("bf_emma", "gb"),
    "fable": Speaker("bm_fable", "gb"),
    "bella": Speaker("af_bella", "us"),
    "fenrir": Speaker("am_fenrir", "us"),
}
DEFAULT_VOICE = "heart"


class KokoroSynthesiser:
    """English speech at 24 kHz by six speakers, for about 0.3 s of CPU a second of speech.

    One object serves all threads; calls wait for each other. The interpreter's lock is free while
    the network computes. The same text, voice and speed give the same samples on one machine.
    """

    name = f"kokoro-82m int8, {VERSION}"
    voices = tuple(SPEAKERS)
    default_voice = DEFAULT_VOICE
    languages = LANGUAGES

    def __init__(self) -> None:
        self._model: KokoroModel | None = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load the network now (about 0.4 s).

        Raises:
            SpeechError: a package is missing, or its weights are not the expected ones.
        """
        with self._lock:
            self._ensure_loaded()

    def check_text(self, text: str) -> None:
        """Make sure that the text is English and can be said; the network is not loaded.

        Raises:
            SpeechError: it is not, or it is too long.
        """
        _english_sentences(text)

    def synthesise(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> AudioClip:
        """The whole text as one 24 kHz clip; empty for text without a word.

        Raises:
            SpeechError: as `parts`.
        """
        clips = [part.samples for part in self.parts(text, voice, speed, language)]
        samples = np.concatenate(clips) if clips else np.zeros(0, np.float32)
        return AudioClip(samples, SAMPLE_RATE_HZ)

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        """The text sentence by sentence; joined, the clips are what synthesise() gives.

        Raises:
            SpeechError: unknown voice or language, a text that is not English or has signs that
                nobody can say, a speed outside 0.5 to 2.0, or the engine fails.
        """
        speaker = _speaker(voice)
        if language is not None and language not in LANGUAGES:
            raise unknown_language(language, LANGUAGES)
        if not SLOWEST <= speed <= FASTEST:
            raise SpeechError(
                "The speaking speed is out of range.",
                expected=f"a number from {SLOWEST} to {FASTEST}",
                found=str(speed),
            )
        sentences = _english_sentences(text)
        pieces = [piece for sentence in sentences for piece in pieces_of(sentence, speaker.accent)]
        return self._spoken(pieces, speaker, speed)

    def _spoken(self, pieces: list[str], speaker: Speaker, speed: float) -> Iterator[AudioClip]:
        for number, phonemes in enumerate(pieces, start=1):
            with self._lock:
                model = self._ensure_loaded()
                samples = model.speak(phonemes, speaker_style(speaker.style), speed)
            pause_s = PAUSE_S if number < len(pieces) else 0.0
            yield AudioClip(_finished(samples, pause_s), SAMPLE_RATE_HZ)

    def _ensure_loaded(self) -> KokoroModel:
        if self._model is None:
            self._model = KokoroModel()
        return self._model


def sentences_of(text: str) -> list[list[str]]:
    """A speakable text as sentences of words and punctuation marks."""
    sentences = re.split(r"(?<=[.!?…])[\s\"”)]+", text.replace("\n", " "))
    found = [_TOKEN.findall(sentence.replace("’", "'")) for sentence in sentences]
    return [tokens for tokens in found if any(token[0].isalpha() for token in tokens)]


def pieces_of(tokens: list[str], accent: Accent) -> list[str]:
    """A sentence's phonemes, in as many pieces as the network needs; cut at a comma if it can."""
    phonemes = phonemes_of(tokens, accent)
    if len(phonemes) <= MOST_TOKENS or len(tokens) < 2:
        return [phonemes] if phonemes else []
    middle = len(tokens) // 2
    marks = [at + 1 for at, token in enumerate(tokens[:-1]) if token in ",;:—"]
    cut = min(marks, key=lambda at: abs(at - middle), default=middle)
    cut = cut if abs(cut - middle) < len(tokens) / 3 else middle
    return pieces_of(tokens[:cut], accent) + pieces_of(tokens[cut:], accent)


def _speaker(name: str | None) -> Speaker:
    speaker = SPEAKERS.get(name or DEFAULT_VOICE)
    if speaker is None:
        raise unknown_voice(name, SPEAKERS)
    return speaker


def _english_sentences(text: str) -> list[list[str]]:
    sentences = sentences_of(speakable_text(text))
    _check_english(text, sentences)
    return sentences


def _check_english(text: str, sentences: list[list[str]]) -> None:
    """Refuse what would be mumbled; names (capitals) say nothing of a text's language."""
    words = [token for tokens in sentences for token in tokens if token[0].islower()]
    unknown = [word for word in words if not is_word_of_english(word)]
    if len(words) >= FEWEST_WORDS_TO_TELL and len(unknown) * 2 > len(words):
        shown = ", ".join(dict.fromkeys(unknown[:5]))
        raise SpeechError(
            "The text is in a language that no voice here speaks.",
            expected="English",
            found=f"“{text[:60]}”: {len(unknown)} of {len(words)} words are not English ({shown})",
            hint="say it with a recording, or plug in an engine that speaks it",
        )


def _finished(samples: MonoFloat32, pause_s: float) -> MonoFloat32:
    """Equal edges, an even level, and the pause that follows."""
    loud = np.flatnonzero(np.abs(samples) > SILENCE)
    if len(loud) == 0:
        return np.zeros(round((2 * EDGE_S + pause_s) * SAMPLE_RATE_HZ), np.float32)
    voiced = samples[loud[0] : loud[-1] + 1]
    level = float(np.sqrt(np.mean(voiced.astype(np.float64) ** 2)))
    gain = min(10 ** (LEVEL_DBFS / 20) / level, PEAK / float(np.abs(voiced).max()))
    edge = round(EDGE_S * SAMPLE_RATE_HZ)
    first, last = max(0, loud[0] - edge), loud[-1] + 1 + edge
    kept = samples[first:last] * np.float32(gain)
    before = edge - (loud[0] - first)
    after = edge - (min(last, len(samples)) - loud[-1] - 1) + round(pause_s * SAMPLE_RATE_HZ)
    return np.pad(kept, (before, after)).astype(np.float32)
