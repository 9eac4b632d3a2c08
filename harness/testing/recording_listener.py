"""A `PeerListener` that writes down what it is told, and lets its owner wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import numpy as np

from harness.errors import PeerError
from harness.peer.interface import Samples, StateKind


class RecordingListener:
    """Keeps everything; `until` waits for a condition on it."""

    def __init__(self) -> None:
        self.states: list[tuple[StateKind, str]] = []
        self.opened: list[str] = []
        self.closed: list[str] = []
        self.messages: list[tuple[str, str | bytes]] = []
        self.tracks: list[tuple[str, tuple[str, ...]]] = []
        self.audio: list[Samples] = []
        self.received_frames = 0
        self.errors: list[PeerError] = []
        self.told = 0
        """How often anything was told."""
        self._changed = asyncio.Event()

    def _note(self) -> None:
        self.told += 1
        self._changed.set()

    def state_changed(self, kind: StateKind, state: str) -> None:
        self.states.append((kind, state))
        self._note()

    def channel_opened(self, label: str) -> None:
        self.opened.append(label)
        self._note()

    def channel_message(self, label: str, data: str | bytes) -> None:
        self.messages.append((label, data))
        self._note()

    def channel_closed(self, label: str) -> None:
        self.closed.append(label)
        self._note()

    def remote_track(self, track_id: str, stream_ids: tuple[str, ...]) -> None:
        self.tracks.append((track_id, stream_ids))
        self._note()

    def remote_audio(self, samples: Samples) -> None:
        self.audio.append(samples)
        self.received_frames += len(samples)
        self._note()

    def failed(self, error: PeerError) -> None:
        self.errors.append(error)
        self._note()

    async def until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        """Wait until the condition holds; it is asked again whenever something is reported.

        Args:
            condition: looks at what was recorded.
            within_s: real seconds.

        Raises:
            TimeoutError: it does not hold in time.
        """
        async with asyncio.timeout(within_s):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def states_of(self, kind: StateKind) -> list[str]:
        """All states of one kind so far, in order."""
        return [state for other, state in self.states if other == kind]

    def samples(self) -> Samples:
        """All audio received so far, joined."""
        return np.concatenate(self.audio) if self.audio else np.zeros(0, np.float32)
