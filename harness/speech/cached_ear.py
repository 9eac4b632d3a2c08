"""An ear that answers at once what it has been asked before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.speech.interface import Ear, Piece, SpokenWord
from harness.speech.store import SpeechStore, content_key


class CachedEar:
    """Keeps what another ear heard and weighed, by content. What fails is not kept.

    Safe for several threads.
    """

    def __init__(self, ear: Ear, store: SpeechStore | None = None) -> None:
        self._ear = ear
        self._store = store or SpeechStore()
        self.hits = 0

    @property
    def name(self) -> str:
        """The other ear's name."""
        return self._ear.name

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The words of what it heard."""
        pieces = self.listen(samples, sample_rate_hz)
        return " ".join(piece.text for piece in pieces if piece.words)

    def listen(self, samples: MonoFloat32, sample_rate_hz: int) -> tuple[Piece, ...]:
        """The other ear's words, with their places."""
        key = content_key("listen", self.name, str(sample_rate_hz), _content(samples))
        kept = self._kept(key)
        if kept is not None:
            return tuple(_piece(*fields) for fields in kept)
        pieces = self._ear.listen(samples, sample_rate_hz)
        self._keep(key, [_fields(piece) for piece in pieces])
        return pieces

    def likelihoods(
        self, samples: MonoFloat32, sample_rate_hz: int, piece: Piece, texts: Sequence[str]
    ) -> list[float]:
        """The other ear's opinion of each text."""
        asked = json.dumps([piece.start_s, piece.end_s, *texts])
        key = content_key("weigh", self.name, str(sample_rate_hz), asked, _content(samples))
        kept = self._kept(key)
        if kept is not None:
            return [float(value) for value in kept]
        values = self._ear.likelihoods(samples, sample_rate_hz, piece, texts)
        self._keep(key, values)
        return values

    def _kept(self, key: bytes) -> list[Any] | None:
        kept = self._store.get(key)
        if kept is None:
            return None
        self.hits += 1
        found: list[Any] = json.loads(kept)
        return found

    def _keep(self, key: bytes, value: object) -> None:
        self._store.put(key, json.dumps(value).encode(), "words")


def _content(samples: MonoFloat32) -> bytes:
    return np.ascontiguousarray(samples, np.float32).tobytes()


def _fields(piece: Piece) -> list[object]:
    words = [[word.text, word.start_s, word.end_s, word.probability] for word in piece.words]
    return [piece.start_s, piece.end_s, words]


def _piece(start_s: float, end_s: float, words: list[tuple[str, float, float, float]]) -> Piece:
    return Piece(start_s, end_s, tuple(SpokenWord(*fields) for fields in words))
