"""A timeline by samples that are sent at an even pace, and where heard samples stand on it.

In a process that does other things too, samples are sent and arrive late now and then, never
early. So it is the earliest ones that tell the truth.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from harness.audio.clip import CALL_RATE_HZ
from harness.timeline import Timeline

ANCHOR_EVERY_FRAMES = CALL_RATE_HZ // 2
LOOK_BACK_FRAMES = CALL_RATE_HZ // 2
MOST_LATE_FRAMES = CALL_RATE_HZ // 10
MOST_EARLY_FRAMES = CALL_RATE_HZ // 10
PAUSE_FRAMES = CALL_RATE_HZ // 4
"""Longer than words are silent within."""


class Anchors:
    """Anchors a timeline to the frames that are sent: one in half a second, the least late."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._best: tuple[float, int, float] | None = None  # (offset ms, frame, page ms)
        self._anchored_frame: int | None = None

    def sent(self, frame: int, page_ms: float) -> None:
        """Frame number ``frame`` was handed over at this time.

        Args:
            frame: counted from the first sample, at 48 kHz.
            page_ms: milliseconds of the clock that the timeline is paired with.
        """
        if self._anchored_frame is None:
            self._anchor(frame, page_ms)
            return
        offset_ms = page_ms - 1000 * frame / CALL_RATE_HZ
        if self._best is None or offset_ms < self._best[0]:
            self._best = (offset_ms, frame, page_ms)
        if frame - self._anchored_frame >= ANCHOR_EVERY_FRAMES:
            self._anchor(self._best[1], self._best[2])
            self._anchored_frame, self._best = frame, None

    def _anchor(self, frame: int, page_ms: float) -> None:
        self._timeline.anchor(frame, page_ms, CALL_RATE_HZ)
        self._anchored_frame = frame


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a piece of audio goes."""

    frame: int
    """Of its first sample, at 48 kHz on the timeline."""

    is_seam: bool
    """It does not follow the piece before: audio is missing there."""


class EvenPace:
    """Pieces follow each other without a seam, whatever the moments at which they arrive.

    Samples come in bursts where this process was held up, and they are whole: so a piece that is
    late is put where it belongs, right behind the one before. Only where every piece of half a
    second came late by more than 100 ms, audio really is missing, and the next one is put where it
    arrived.

    Nothing comes early. Where pieces seem to, the samples that are sent stood still, and the
    timeline with them, while this process was held up for long: what was heard then has no time of
    its own on it. So quiet is left out, within pauses, until the rest stands where it was heard.
    """

    def __init__(self) -> None:
        self._next: int | None = None
        self._late: deque[tuple[int, int]] = deque()  # (frames in the piece, frames late)
        self._looked_at = 0
        self._quiet = 0
        self._is_early = False

    def leaves_out(self, frames: int, now_s: float, *, is_quiet: bool) -> bool:
        """Whether a piece is not to be placed: it is quiet, and the timeline stood still before it.

        Args:
            frames: samples in it, at 48 kHz.
            now_s: when its last sample arrived, seconds on the timeline.
            is_quiet: nothing can be heard in it.
        """
        self._quiet = self._quiet + frames if is_quiet else 0
        early = 0 if self._next is None else self._next + frames - round(now_s * CALL_RATE_HZ)
        self._is_early = early > (frames if self._is_early else MOST_EARLY_FRAMES)
        return self._is_early and self._quiet > PAUSE_FRAMES

    def place(self, frames: int, now_s: float) -> Placed:
        """Place a piece whose last sample arrived now.

        Args:
            frames: samples in it, at 48 kHz.
            now_s: seconds on the timeline.
        """
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
            self._late.clear()
            self._looked_at = 0
            return self._put(arrived, frames, is_seam=True)
        return self._put(self._next, frames, is_seam=False)

    def _put(self, frame: int, frames: int, *, is_seam: bool) -> Placed:
        self._next = frame + frames
        return Placed(frame, is_seam)
