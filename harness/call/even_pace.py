"""Where heard samples stand on the time line, when they are told by their arrival alone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from harness.audio.clip import CALL_RATE_HZ

LOOK_BACK_FRAMES = CALL_RATE_HZ // 2
MOST_LATE_FRAMES = CALL_RATE_HZ // 10


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a piece of audio goes."""

    frame: int
    """Of its first sample, at 48 kHz on the time line."""

    is_seam: bool
    """It does not follow the piece before: audio is missing there."""


class EvenPace:
    """Pieces follow each other without a seam, whatever the moments at which they arrive.

    Samples come in bursts where this process was held up, and they are whole: so a piece that is
    late is put where it belongs, right behind the one before. Only where every piece of half a
    second came late by more than 100 ms, audio really is missing, and the next one is put where it
    arrived.
    """

    def __init__(self) -> None:
        self._next: int | None = None
        self._late: deque[tuple[int, int]] = deque()  # (frames in the piece, frames late)
        self._looked_at = 0
        self.seams = 0

    def place(self, frames: int, now_s: float) -> Placed:
        """Place a piece whose last sample arrived now."""
        arrived = round(now_s * CALL_RATE_HZ) - frames
        if self._next is None:
            return self._put(max(0, arrived), frames, is_seam=False)
        self._late.append((frames, arrived - self._next))
        self._looked_at += frames
        while self._looked_at - self._late[0][0] >= LOOK_BACK_FRAMES:
            self._looked_at -= self._late.popleft()[0]
        is_missing = (
            self._looked_at >= LOOK_BACK_FRAMES
            and min(late for _, late in self._late) > MOST_LATE_FRAMES
        )
        if is_missing:
            self.seams += 1
            self._late.clear()
            self._looked_at = 0
            return self._put(arrived, frames, is_seam=True)
        return self._put(self._next, frames, is_seam=False)

    def _put(self, frame: int, frames: int, *, is_seam: bool) -> Placed:
        self._next = frame + frames
        return Placed(frame, is_seam)
