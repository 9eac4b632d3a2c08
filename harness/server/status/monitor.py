"""One server process's knowledge of itself: its calls, its load, what went wrong lately."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import deque
from types import TracebackType
from typing import Any

from prometheus_client import Gauge

from harness.server.calls.call_runner import CallRunner
from harness.server.calls.registry import Calls
from harness.server.status.meter import Meter, ProcessCollector, process_numbers
from harness.server.status.recent import RecentErrors
from harness.server.status.vitals import Vitals
from harness.speech.workers import Work

LOOK_EVERY_S = 5.0
"""How often the running calls' connections are asked for their numbers."""

KEPT_ENDED = 20
LATELY_S = 10.0


class Monitor:
    """Watches the calls of one process for the length of its block.

    Args:
        calls: of this process.
        worker: its number.
    """

    def __init__(self, calls: Calls, worker: int = 0) -> None:
        self.meter = Meter(str(worker))
        self.errors = RecentErrors()
        self.vitals = Vitals()
        self._worker = worker
        self._calls = calls
        self._started_unix_s = time.time()
        self._began_s: dict[str, float] = {}
        self._numbers: dict[str, dict[str, Any]] = {}
        self._lately: dict[str, deque[tuple[float, int, int]]] = {}
        """For each call, when: samples concealed and played so far."""
        self._events: dict[str, tuple[int, int]] = {}
        self._ended: deque[dict[str, Any]] = deque(maxlen=KEPT_ENDED)
        self._tasks: list[asyncio.Task[None]] = []
        self._add_gauges()
        calls.listeners.append(self)

    def _add_gauges(self) -> None:
        registry, worker = self.meter.registry, self.meter.worker
        registry.register(ProcessCollector(worker))
        for name, text, read in (
            ("harness_calls_active", "Calls now.", lambda: len(self._calls.running)),
            ("harness_calls_most", "Calls at once; more are refused.", lambda: self._calls.most),
            (
                "harness_event_loop_lag_seconds",
                "Worst lateness of the event loop in the last ten seconds.",
                lambda: self.vitals.worst_lag_s or 0.0,
            ),
        ):
            gauge = Gauge(name, text, ["worker"], registry=registry)
            gauge.labels(worker).set_function(read)

    async def __aenter__(self) -> Monitor:
        self.errors.__enter__()
        self._tasks = [
            asyncio.create_task(self.vitals.run(), name="vitals"),
            asyncio.create_task(self._look_often(), name="look at the calls"),
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.errors.__exit__()

    # Told by the calls and by the speech engines

    def call_began(self, call: CallRunner) -> None:
        self._began_s[call.call_id] = time.monotonic()
        self.meter.call_began(call.transport)

    def call_ended(self, call: CallRunner, because: str) -> None:
        self._count(call, call.last_numbers)
        began_s = self._began_s.pop(call.call_id, None)
        self._numbers.pop(call.call_id, None)
        self._lately.pop(call.call_id, None)
        self._events.pop(call.call_id, None)
        self.meter.call_ended(because)
        lasted_s = None if began_s is None else round(time.monotonic() - began_s, 1)
        self._ended.append(
            {
                "call_id": call.call_id,
                "because": because,
                "lasted_s": lasted_s,
                "unix_s": round(time.time(), 1),
            }
        )

    def speech(self, work: Work, took_s: float) -> None:
        """Count a piece of speech work, and how many seconds it took."""
        self.meter.speech(work, took_s)

    def refused(self, status: int, what: str) -> None:
        """An HTTP answer of 400 and above; what for is one line without secrets."""
        self.meter.refused(status)
        if status not in (404, 405):  # a browser's own curiosity, as a rule
            self.errors.note(time.time(), "refused", f"{status} {what}")

    # harness.server.status.status.StatusSource

    async def statuses(self) -> list[dict[str, Any]]:
        return [await self.status()]

    async def metrics(self) -> bytes:
        await self.look()
        return self.meter.text()

    def is_healthy(self) -> bool:
        return True

    # Looking

    async def _look_often(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Count what the running calls did since the last look."""
        for call in self._calls.running:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    self._count(call, await call.numbers())

    def _count(self, call: CallRunner, numbers: dict[str, Any]) -> None:
        if call.call_id not in self._began_s:
            return  # it has ended while it was asked
        if numbers:
            self.meter.audio(self._numbers.get(call.call_id, {}), numbers)
            self._numbers[call.call_id] = numbers
            self._remember(call.call_id, numbers)
        received, sent = self._events.get(call.call_id, (0, 0))
        self._events[call.call_id] = (call.events_received, call.events_sent)
        self.meter.events(call.events_received - received, call.events_sent - sent)

    def _remember(self, call_id: str, numbers: dict[str, Any]) -> None:
        concealed = numbers.get("concealed_samples")
        played = numbers.get("total_samples_received")
        if concealed is None or played is None:
            return
        now_s = time.monotonic()
        lately = self._lately.setdefault(call_id, deque([(now_s, 0, 0)]))
        lately.append((now_s, concealed, played))
        while len(lately) > 2 and lately[1][0] < now_s - LATELY_S:
            lately.popleft()

    def _concealed_lately(self, call_id: str) -> float | None:
        """Of the last ten seconds or so: a call's first moments would spoil its whole hour."""
        lately = self._lately.get(call_id)
        if not lately or lately[-1][2] <= lately[0][2]:
            return None
        return (lately[-1][1] - lately[0][1]) / (lately[-1][2] - lately[0][2])

    async def status(self) -> dict[str, Any]:
        """All of it, for the status page; numbers in the units of their names."""
        await self.look()
        return {
            **own_status(self._worker, self._started_unix_s, self.vitals, self.errors),
            "most_calls": self._calls.most,
            "calls": [self._call_status(call) for call in self._calls.running],
            "ended": list(self._ended),
            "totals": self.meter.totals(),
        }

    def _call_status(self, call: CallRunner) -> dict[str, Any]:
        numbers = self._numbers.get(call.call_id, {})
        return {
            "call_id": call.call_id,
            "transport": call.transport,
            "age_s": round(time.monotonic() - self._began_s[call.call_id], 1),
            "is_open": call.is_open,
            "events_in": call.events_received,
            "events_out": call.events_sent,
            "concealed_share": self._concealed_lately(call.call_id),
            "packets_lost": numbers.get("packets_lost"),
            "worst_late_ms": numbers.get("worst_late_ms"),
        }


def own_status(
    worker: int | str, started_unix_s: float, vitals: Vitals, errors: RecentErrors
) -> dict[str, Any]:
    """What every process of a server can say of itself."""
    share, lag_s = vitals.cpu_share, vitals.worst_lag_s
    return {
        "worker": worker,
        "pid": os.getpid(),
        "started_unix_s": round(started_unix_s, 1),
        "cpu_share": None if share is None else round(share, 3),
        "loop_lag_worst_ms": None if lag_s is None else round(lag_s * 1000, 1),
        **process_numbers(),
        "errors": [mishap.as_json() for mishap in errors.mishaps],
    }
