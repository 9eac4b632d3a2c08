"""The input audio buffer: what the user sent since the last turn was committed."""

from __future__ import annotations

from collections import deque

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.audio.pcm16 import MonoInt16, from_int16, to_int16

INPUT_RATE_HZ = 24_000
_FRAMES_PER_MS = INPUT_RATE_HZ // 1000

LOOK_BACK_S = 2
MAX_BUFFER_S = 600
"""Older audio than this is dropped, so that a microphone left open cannot fill the memory."""


class InputAudio:
    """Samples at 24 kHz with their position in the session's input audio, which only grows."""

    def __init__(self) -> None:
        self._pieces: deque[MonoInt16] = deque()
        self.start_frame = 0
        """Position of the first sample that is still here."""
        self.end_frame = 0
        """Position after the last sample."""
        self._ways_s: deque[tuple[int, float]] = deque()
        """Position after each of the last pieces, and its time less that position."""

    @property
    def end_ms(self) -> int:
        """Position behind the last sample, in whole milliseconds."""
        return self.end_frame // _FRAMES_PER_MS

    @property
    def start_ms(self) -> int:
        """Position of the first sample that is here, in whole milliseconds."""
        return -(-self.start_frame // _FRAMES_PER_MS)

    @property
    def duration_ms(self) -> float:
        """How much audio is in the buffer."""
        return (self.end_frame - self.start_frame) / _FRAMES_PER_MS

    def append(self, samples: MonoFloat32, now_s: float = 0.0) -> None:
        """Add samples (24 kHz) that came now; beyond MAX_BUFFER_S the oldest are dropped."""
        if len(samples):
            self._pieces.append(to_int16(samples))
            self.end_frame += len(samples)
            self.drop_before(self.end_frame - MAX_BUFFER_S * INPUT_RATE_HZ)
            # On average a sample waits for half of its piece.
            middle = self.end_frame - len(samples) / 2
            self._ways_s.append((self.end_frame, now_s - middle / INPUT_RATE_HZ))
            while self.end_frame - self._ways_s[0][0] > LOOK_BACK_S * INPUT_RATE_HZ:
                self._ways_s.popleft()

    def came_s(self, position_ms: float) -> float:
        """When a position of the last two seconds came, by the pieces that were least late.

        A process that does other things too gets some pieces late, and none early.
        """
        return position_ms / 1000 + min(way_s for _, way_s in self._ways_s)

    def cut_ms(self, start_ms: int, end_ms: int) -> MonoFloat32:
        """A copy of the samples (24 kHz) between two positions, as far as they are here."""
        first = max(start_ms * _FRAMES_PER_MS - self.start_frame, 0)
        last = max(end_ms * _FRAMES_PER_MS - self.start_frame, first)
        if not self._pieces:
            return np.zeros(0, dtype=np.float32)
        joined = np.concatenate(self._pieces)
        self._pieces = deque([joined])
        return from_int16(joined[first:last])

    def all(self) -> MonoFloat32:
        """A copy of everything, 24 kHz."""
        pieces = list(self._pieces) or [np.zeros(0, dtype=np.int16)]
        return from_int16(np.concatenate(pieces))

    def drop_before_ms(self, position_ms: int) -> None:
        """Forget what lies before a position."""
        self.drop_before(position_ms * _FRAMES_PER_MS)

    def drop_before(self, frame: int) -> None:
        """Forget what lies before a frame number."""
        while self._pieces and self.start_frame < frame:
            piece = self._pieces.popleft()
            surplus = frame - self.start_frame
            if surplus < len(piece):
                self._pieces.appendleft(piece[surplus:])
                self.start_frame = frame
            else:
                self.start_frame += len(piece)

    def clear(self) -> None:
        """Forget everything; the position stays."""
        self._pieces.clear()
        self.start_frame = self.end_frame
