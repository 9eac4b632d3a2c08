"""The output audio buffer: what was generated, played in real time as it is pulled.

Generation runs ahead; this is the other clock. Only what was pulled counts as played.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from harness.audio.clip import MonoFloat32

PLAYBACK_RATE_HZ = 24_000


@dataclass(frozen=True, slots=True)
class PlaybackChange:
    """A response's audio began to play, or was played to its end."""

    kind: Literal["started", "stopped"]
    response_id: str


@dataclass(frozen=True, slots=True)
class ClearedItem:
    """An item whose audio was cut."""

    item_id: str
    played_frames: int
    """At 24 kHz, of this item alone."""


@dataclass(frozen=True, slots=True)
class ClearedResponse:
    """A response whose unplayed audio was thrown away."""

    response_id: str
    was_started: bool
    items: tuple[ClearedItem, ...]
    """Items with audio that is now lost, in order; never empty audio."""


@dataclass(slots=True)
class _ItemAudio:
    item_id: str
    pieces: deque[MonoFloat32] = field(default_factory=deque)
    waiting_frames: int = 0
    played_frames: int = 0

    def take(self, frames: int) -> MonoFloat32:
        """At most this many frames, from the first piece."""
        piece = self.pieces.popleft()
        if len(piece) > frames:
            self.pieces.appendleft(piece[frames:])
            piece = piece[:frames]
        self.waiting_frames -= len(piece)
        self.played_frames += len(piece)
        return piece


@dataclass(slots=True)
class _ResponseAudio:
    response_id: str
    from_s: float = 0.0
    items: list[_ItemAudio] = field(default_factory=list)
    is_started: bool = False
    is_finished: bool = False

    def waiting(self) -> _ItemAudio | None:
        """The first item with audio to play."""
        return next((item for item in self.items if item.waiting_frames), None)

    def lost_items(self) -> tuple[ClearedItem, ...]:
        """Items that were to go on: with audio waiting, or the last one of an open response."""
        lost = [item for item in self.items if item.waiting_frames]
        if not lost and self.items and not self.is_finished:
            lost = self.items[-1:]
        return tuple(ClearedItem(item.item_id, item.played_frames) for item in lost)


def _frames_until(from_s: float, now_s: float) -> int:
    return 0 if from_s <= now_s else round((from_s - now_s) * PLAYBACK_RATE_HZ)


class PlaybackBuffer:
    """Responses play one after the other, in the order in which their first audio came."""

    def __init__(self) -> None:
        self._queue: list[_ResponseAudio] = []
        self._cleared: set[str] = set()
        self._played: dict[str, int] = {}

    @property
    def is_idle(self) -> bool:
        """Nothing plays and nothing waits."""
        return not self._queue

    def played_frames(self, item_id: str) -> int:
        """How much of an item's audio was played, at 24 kHz."""
        return self._played.get(item_id, 0)

    def append(
        self, response_id: str, item_id: str, samples: MonoFloat32, from_s: float = 0.0
    ) -> None:
        """Audio of a response (24 kHz); dropped if that response's playback was cleared.

        Args:
            from_s: where it is the response's first, it is not played before.
        """
        if response_id in self._cleared or len(samples) == 0:
            return
        entry = self._entry(response_id, from_s)
        if not entry.items or entry.items[-1].item_id != item_id:
            entry.items.append(_ItemAudio(item_id))
        audio = entry.items[-1]
        audio.pieces.append(np.asarray(samples, dtype=np.float32))
        audio.waiting_frames += len(samples)

    def finish(self, response_id: str) -> list[PlaybackChange]:
        """No more audio comes for this response; it may have been played to its end already."""
        self._cleared.discard(response_id)
        for entry in self._queue:
            if entry.response_id == response_id:
                entry.is_finished = True
        return self._drop_drained()

    def pull(
        self, frames: int, now_s: float = math.inf
    ) -> tuple[MonoFloat32, list[PlaybackChange]]:
        """The next frames to play (24 kHz), silence where there are none, and what that changed.

        Args:
            now_s: when the first of them is played.
        """
        output = np.zeros(frames, dtype=np.float32)
        changes: list[PlaybackChange] = []
        filled = 0
        while filled < frames and self._queue:
            entry = self._queue[0]
            item = entry.waiting()
            if item is None:
                break  # an unfinished response: the next one waits for it
            if not entry.is_started:
                filled = max(filled, _frames_until(entry.from_s, now_s))
                if filled >= frames:
                    break
                entry.is_started = True
                changes.append(PlaybackChange("started", entry.response_id))
            piece = item.take(frames - filled)
            self._played[item.item_id] = item.played_frames
            output[filled : filled + len(piece)] = piece
            filled += len(piece)
            changes += self._drop_drained()
        return output, changes

    def clear(self, concerns: Callable[[str], bool] = lambda _: True) -> list[ClearedResponse]:
        """Throw away what was not played yet, of the responses that `concerns` picks by id.

        Audio that an unfinished one still generates is dropped as it comes.
        """
        chosen = [entry for entry in self._queue if concerns(entry.response_id)]
        self._queue = [entry for entry in self._queue if not concerns(entry.response_id)]
        self._cleared |= {entry.response_id for entry in chosen if not entry.is_finished}
        return [
            ClearedResponse(entry.response_id, entry.is_started, entry.lost_items())
            for entry in chosen
        ]

    def _entry(self, response_id: str, from_s: float) -> _ResponseAudio:
        for entry in self._queue:
            if entry.response_id == response_id:
                return entry
        self._queue.append(_ResponseAudio(response_id, from_s))
        return self._queue[-1]

    def _drop_drained(self) -> list[PlaybackChange]:
        changes = []
        while self._queue and self._queue[0].is_finished and self._queue[0].waiting() is None:
            entry = self._queue.pop(0)
            if entry.is_started:
                changes.append(PlaybackChange("stopped", entry.response_id))
        return changes
