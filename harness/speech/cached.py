"""Engines that answer at once what they have been asked before.

The key is a hash of the input and the engine's name and version, so another engine or version
never gets an old answer. What fails is not kept.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator

import numpy as np

from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.flac import as_16_bit, from_flac, to_flac
from harness.speech.interface import (
    PartwiseSynthesiser,
    Recogniser,
    SpeechDetector,
    check_text,
    languages_of,
    whole,
)
from harness.speech.shipped import ShippedSpeech, SpokenLine
from harness.speech.store import SpeechStore, content_key


class CachedRecogniser:
    """Keeps what another recogniser understood. Safe for several threads."""

    def __init__(self, recogniser: Recogniser, store: SpeechStore | None = None) -> None:
        self._recogniser = recogniser
        self._store = store or SpeechStore()
        self.hits = 0

    @property
    def name(self) -> str:
        """The other recogniser's name."""
        return self._recogniser.name

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The other recogniser's answer."""
        content = np.ascontiguousarray(samples, np.float32).tobytes()
        key = content_key("recognise", self.name, str(sample_rate_hz), content)
        kept = self._store.get(key)
        if kept is not None:
            self.hits += 1
            return kept.decode()
        text = self._recogniser.recognise(samples, sample_rate_hz)
        self._store.put(key, text.encode(), "words")
        return text


class CachedSynthesiser:
    """Keeps what another synthesiser spoke. Safe for several threads.

    Args:
        synthesiser: the other one.
        store: where it is kept; in memory alone where absent.
        shipped: what it spoke before there was a store.
    """

    def __init__(
        self,
        synthesiser: PartwiseSynthesiser,
        store: SpeechStore | None = None,
        shipped: ShippedSpeech | None = None,
    ) -> None:
        self._synthesiser = synthesiser
        self._store = store or SpeechStore()
        self._shipped = shipped or ShippedSpeech("", {})
        self.hits = 0

    @property
    def name(self) -> str:
        """The other synthesiser's name."""
        return self._synthesiser.name

    @property
    def voices(self) -> tuple[str, ...]:
        """The other synthesiser's voices."""
        return self._synthesiser.voices

    @property
    def default_voice(self) -> str:
        """Who speaks where no voice is named: what the other says of it, else its first."""
        return str(getattr(self._synthesiser, "default_voice", self.voices[0]))

    @property
    def languages(self) -> tuple[str, ...]:
        """The other synthesiser's languages."""
        return languages_of(self._synthesiser)

    def synthesise(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> AudioClip:
        """The whole text as one clip; empty for text without a word."""
        return whole(self.parts(text, voice, speed, language))

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        """The text part by part; from the cache all at once.

        The samples have 16 bits, the first time as well as from the cache.
        """
        line = _line(text, voice, speed, language)
        key = self._key(line)
        kept = self._store.get(key)
        clips = None if kept is None else _unpacked(kept)
        if clips is None:
            clips = self._shipped.get(self.name, line)
        if clips is not None:
            self.hits += 1
            yield from clips
            return
        parts = []
        for part in self._synthesiser.parts(text, voice, speed, language):
            parts.append(as_16_bit(part))
            yield parts[-1]
        self._store.put(key, _packed(parts), "speech")
        self._store.flush()  # another process, the server's say, finds it from now on

    def has(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> bool:
        """Whether the text would come from the cache."""
        line = _line(text, voice, speed, language)
        return self._shipped.has(self.name, line) or self._store.has(self._key(line))

    def check_text(self, text: str) -> None:
        """Make sure that the other synthesiser speaks the text, where it can tell.

        Raises:
            SpeechError: it does not.
        """
        check_text(self._synthesiser, text)

    def load(self) -> None:
        """Load the other synthesiser's model, if it has one to load."""
        load = getattr(self._synthesiser, "load", None)
        if load is not None:
            load()

    def _key(self, line: SpokenLine) -> bytes:
        language = line.language
        named = f"{line.voice}" if language is None else f"{line.voice} ({language})"
        return content_key("speak", self.name, named, repr(line.speed), line.text)


def _line(text: str, voice: str | None, speed: float, language: str | None) -> SpokenLine:
    plain = " ".join(text.split())  # a sentence may come with the blank that follows it
    return SpokenLine(plain, voice, float(speed), language)


class CachedDetector:
    """Keeps what another detector said, by everything it had heard since its reset.

    A detector has a memory. So the key of a window is a hash over all windows up to it, and an
    answer from the cache is the very one that the detector would give; where one is missing, the
    detector first hears what it was spared. One stream, one thread.

    Args:
        make_detector: makes the other detector, when one is needed at all.
        name: its engine and version.
    """

    def __init__(
        self,
        make_detector: Callable[[], SpeechDetector],
        name: str,
        store: SpeechStore,
        *,
        sample_rate_hz: int,
        window_frames: int,
    ) -> None:
        self.sample_rate_hz = sample_rate_hz
        self.window_frames = window_frames
        self._make_detector = make_detector
        self._detector: SpeechDetector | None = None
        self._first_key = content_key("detect", name)
        self._key = self._first_key
        self._store = store
        self._spared: list[MonoFloat32] = []
        self._is_fresh = False

    def probability(self, window: MonoFloat32) -> float:
        """Probability of speech in the next window: shape (window_frames,), at `sample_rate_hz`."""
        content = np.ascontiguousarray(window, np.float32).tobytes()
        self._key = hashlib.blake2b(self._key + content, digest_size=16).digest()
        kept = self._store.get(self._key)
        if kept is not None:
            self._spared.append(window)
            return float(struct.unpack("<d", kept)[0])
        detector = self._caught_up()
        probability = detector.probability(window)
        self._store.put(self._key, struct.pack("<d", probability), "detection")
        return probability

    def reset(self) -> None:
        """Start a new stream."""
        self._key = self._first_key
        self._spared.clear()
        self._is_fresh = False

    def _caught_up(self) -> SpeechDetector:
        if self._detector is None:
            self._detector = self._make_detector()
        if not self._is_fresh:
            self._detector.reset()
            self._is_fresh = True
        for window in self._spared:
            self._detector.probability(window)
        self._spared.clear()
        return self._detector


def _packed(clips: list[AudioClip]) -> bytes:
    """Rate, length and FLAC of each clip."""
    packed = b""
    for clip in clips:
        data = to_flac(clip)
        packed += struct.pack("<II", clip.sample_rate_hz, len(data)) + data
    return packed


def _unpacked(data: bytes) -> list[AudioClip] | None:
    """The clips; None where the bytes are damaged."""
    clips, at = [], 0
    try:
        while at < len(data):
            rate_hz, length = struct.unpack_from("<II", data, at)
            at += 8
            clips.append(_clip(data[at : at + length], rate_hz))
            at += length
    except (struct.error, ValueError):
        return None
    return clips


def _clip(data: bytes, rate_hz: int) -> AudioClip:
    return from_flac(data) if data else AudioClip(np.zeros(0, np.float32), rate_hz)
