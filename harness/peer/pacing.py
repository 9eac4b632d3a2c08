"""Times at which frames of outgoing audio are due: even, without drift, and without bursts.

The schedule counts frames from its start, so rounding and late wake-ups never add up. After a
short hold-up the missing frames follow at twice the pace; after a long one the schedule starts
again from now, because a listener has already heard the gap and would only get old sound late.
Both are counted, nothing is hidden.

All schedules of one clock have their frames due at the same moments, so that the event loop of many
calls wakes once for all of them.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from harness.clock import Clock, MonotonicClock

FRAME_S = 0.020
MOST_CATCH_UP_S = 0.200


class Schedule:
    """Due times of frames. Pure: `now_s` is handed in.

    Call `wait_s` before each frame and `sent` after it.

    Args:
        offset_s: by how much later than other schedules' frames these are due.
    """

    def __init__(
        self,
        frame_s: float = FRAME_S,
        most_catch_up_s: float = MOST_CATCH_UP_S,
        offset_s: float = 0.0,
    ) -> None:
        self._frame_s = frame_s
        self._offset_s = offset_s
        self._most_catch_up_s = most_catch_up_s
        self._due_s: float | None = None
        self._not_before_s = 0.0
        self.frames = 0
        self.late_frames = 0
        self.slipped_frames = 0
        self.worst_late_s = 0.0

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next frame is to be sent; 0 when it is due."""
        if self._due_s is None:
            self._due_s = self._next_common_s(now_s)
        return max(0.0, max(self._due_s, self._not_before_s) - now_s)

    def sent(self, now_s: float) -> None:
        """A frame was sent at `now_s`; the next one is due a frame later."""
        due_s = now_s if self._due_s is None else self._due_s
        late_s = now_s - due_s
        self.frames += 1
        self._due_s = due_s + self._frame_s
        self._not_before_s = 0.0
        if late_s > self._frame_s / 2:
            self._note_late(now_s, late_s)

    def _next_common_s(self, now_s: float) -> float:
        if self._frame_s == 0.0:
            return now_s
        frames = math.ceil((now_s - self._offset_s) / self._frame_s)
        return frames * self._frame_s + self._offset_s

    def _note_late(self, now_s: float, late_s: float) -> None:
        self.late_frames += 1
        self.worst_late_s = max(self.worst_late_s, late_s)
        self._not_before_s = now_s + self._frame_s / 2
        if late_s > self._most_catch_up_s and self._due_s is not None:
            given_up = int(late_s / self._frame_s)
            self.slipped_frames += given_up
            self._due_s += given_up * self._frame_s


async def until_due(schedule: Schedule, clock: Clock) -> None:
    """Wait until the next frame is due.

    Gives way at least once also when it is overdue, so that others in the loop get their turn
    between two frames of a catch-up.
    """
    await asyncio.sleep(schedule.wait_s(clock.now_s()))
    while (wait_s := schedule.wait_s(clock.now_s())) > 0:  # noqa: ASYNC110 - woken too early
        await asyncio.sleep(wait_s)


async def run_paced(
    send_frame: Callable[[], None], schedule: Schedule, clock: Clock | None = None
) -> None:
    """Call `send_frame` whenever the schedule says so, until cancelled."""
    clock = clock or MonotonicClock()
    while True:
        await until_due(schedule, clock)
        send_frame()
        schedule.sent(clock.now_s())
