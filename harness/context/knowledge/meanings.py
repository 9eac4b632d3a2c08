"""Meanings of chunks: their vectors, and which of them are nearest to a question's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from harness.context.knowledge.encoder import Encoder, Vectors

LEAST_LIKENESS = 0.1
"""What is less like the question has nothing to do with it: of the shipped questions most are above
0.3, and what the documents say nothing of stays below 0.09."""

AT_ONCE = 64
"""Texts that are encoded together: more take memory, and no less time."""


class Meanings:
    """Of the chunks of an index, by their numbers."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[int, Vectors] = {}
        self._all: Vectors | None = None
        """Of all chunks, in their order; None where one came or went."""

    def add(self, numbers: Sequence[int], texts: Sequence[str]) -> None:
        """Chunks, each with its text."""
        for begin in range(0, len(texts), AT_ONCE):
            rows = self._encoder.encode(texts[begin : begin + AT_ONCE])
            self._vectors.update(zip(numbers[begin : begin + AT_ONCE], rows, strict=True))
        self._all = None

    def forget(self, numbers: Iterable[int]) -> None:
        """Chunks that are gone."""
        for number in numbers:
            self._vectors.pop(number, None)
        self._all = None

    def nearest(self, query: str, k: int) -> list[tuple[int, float]]:
        """The chunks that mean most nearly what is asked, with their likeness; the best first."""
        if not self._vectors or not query.strip():
            return []
        if self._all is None:
            self._all = np.stack(list(self._vectors.values()))
        likeness = self._all @ self._encoder.encode([query])[0]
        numbers = list(self._vectors)
        best = np.argsort(-likeness, kind="stable")[:k]
        return [(numbers[at], float(likeness[at])) for at in best if likeness[at] > LEAST_LIKENESS]
