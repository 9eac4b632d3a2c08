"""An encoder for tests: a text means the topics that its words belong to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harness.context.knowledge.encoder import Vectors

TOPICS = (("car", "cars", "garage", "park"), ("soup", "broth"), ("open", "hours"))


class Topics:
    """One direction for each topic, and one for all else."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        """How many texts it was given each time."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(len(texts))
        rows = np.array([self._row(text.lower()) for text in texts], dtype=np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / lengths, dtype=np.float32)

    def _row(self, text: str) -> list[float]:
        found = [float(any(word in text.split() for word in words)) for words in TOPICS]
        return [*found, float(not any(found))]
