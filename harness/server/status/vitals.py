"""Vitals of a process: how late its event loop comes, and how much CPU it takes."""

from __future__ import annotations

import asyncio
import time
from collections import deque

EVERY_S = 0.1
WINDOW_S = 10.0


class Vitals:
    """Looks ten times a second, and remembers ten seconds. `run` is to be cancelled."""

    def __init__(self) -> None:
        self._lags: deque[tuple[float, float]] = deque()
        self._cpu: deque[tuple[float, float]] = deque()

    async def run(self) -> None:
        while True:
            due_s = time.monotonic() + EVERY_S
            await asyncio.sleep(EVERY_S)
            now_s = time.monotonic()
            self.note(now_s, now_s - due_s, time.process_time())

    def note(self, now_s: float, lag_s: float, cpu_s: float) -> None:
        """One look: how much too late it came, and the CPU seconds used so far."""
        self._lags.append((now_s, max(0.0, lag_s)))
        self._cpu.append((now_s, cpu_s))
        for kept in (self._lags, self._cpu):
            while kept[0][0] < now_s - WINDOW_S:
                kept.popleft()

    @property
    def worst_lag_s(self) -> float | None:
        """Of the last ten seconds; None before the first look."""
        return max((lag_s for _at_s, lag_s in self._lags), default=None)

    @property
    def cpu_share(self) -> float | None:
        """Of one core, over the last ten seconds; more than 1 with several threads."""
        if len(self._cpu) < 2:
            return None
        (first_s, first), (last_s, last) = self._cpu[0], self._cpu[-1]
        return (last - first) / (last_s - first_s) if last_s > first_s else None
