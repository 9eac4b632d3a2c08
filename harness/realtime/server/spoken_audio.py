"""The sound of the assistant's items, kept so that a client can ask for it again."""

from __future__ import annotations

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.audio.pcm16 import MonoInt16, from_int16, to_int16

RATE_HZ = 24_000
MAX_KEPT_S = 300
"""Of all items together; beyond this the oldest items' sound is forgotten, whole."""


class SpokenAudio:
    """Sound by item id, in the order in which the items began to sound."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[MonoInt16]] = {}
        self._frames: dict[str, int] = {}

    def append(self, item_id: str, samples: MonoFloat32) -> None:
        """More of an item's sound: float32 at 24 kHz; may forget that of older items."""
        self._pieces.setdefault(item_id, []).append(to_int16(samples))
        self._frames[item_id] = self._frames.get(item_id, 0) + len(samples)
        while sum(self._frames.values()) > MAX_KEPT_S * RATE_HZ and self._frames:
            self.forget(next(iter(self._frames)))

    def cut(self, item_id: str, end_s: float) -> None:
        """Drop what lies after this point."""
        if item_id in self._pieces:
            kept = np.concatenate(self._pieces[item_id])[: round(end_s * RATE_HZ)].copy()
            self._pieces[item_id], self._frames[item_id] = [kept], len(kept)

    def forget(self, item_id: str) -> None:
        """Nobody will ask for it."""
        self._pieces.pop(item_id, None)
        self._frames.pop(item_id, None)

    def samples(self, item_id: str) -> MonoFloat32 | None:
        """An item's sound, float32 at 24 kHz; None where there is none, or none any more."""
        if not self._frames.get(item_id):
            return None
        return from_int16(np.concatenate(self._pieces[item_id]))
