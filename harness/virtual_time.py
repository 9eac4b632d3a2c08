"""An event loop whose time passes only when everybody waits: a minute takes as long as its work.

Timers, `asyncio.sleep` and `asyncio.timeout` work as ever; where the loop would wait, it jumps to
the next timer instead. What runs takes no time at all, so the same work gives the same order of
events on every machine. Nothing inside may wait for a thread, a process or a socket.

Why not a library: async-solipsism cannot be cancelled from another thread (Ctrl-C in a run beside
the terminal's own loop), looptime is made for tests; and this is all that is needed of either.
"""

from __future__ import annotations

import asyncio
import heapq
import selectors
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from harness.errors import HarnessError

T = TypeVar("T")

SAME_MOMENT_S = 1e-9
"""Closer than this is the same moment: sums of seconds are not exact."""

Main = Callable[[], Coroutine[Any, Any, T]]


class _JumpingSelector(selectors.DefaultSelector):
    """Never waits: tells the loop's time to move instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise HarnessError(
                "Virtual time stands still: everybody waits, and no timer is set.",
                expected="a timer, or something ready to run",
                hint="something inside waits for a thread, a process or a socket",
            )
        self.now_s += timeout
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop that starts at 0 s and jumps from timer to timer."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._jumping.now_s


class LoopClock:
    """The running loop's time as a `Clock`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def now_s(self) -> float:
        return self._loop.time()


class Agenda:
    """What happens when, in virtual time: by due time, then in the order it was put in.

    A loop's own timers of one moment come in no particular order, and may be told a time a hair
    early; here each action gets exactly the moment it was put down for.
    """

    def __init__(self, broken: Callable[[Exception], None]) -> None:
        """``broken`` is told the error of an action that raised; the agenda ends with it."""
        self._loop = asyncio.get_running_loop()
        self._broken = broken
        self._entries: list[tuple[float, int, Callable[[float], None]]] = []
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def at(self, due_s: float, action: Callable[[float], None]) -> None:
        """Call ``action(due_s)`` then; at once where the time has passed."""
        heapq.heappush(self._entries, (due_s, self._count, action))
        self._count += 1
        if self._entries[0][1] == self._count - 1:
            self._set_timer()

    def close(self) -> None:
        """Nothing on it happens any more."""
        self._closed = True
        self._entries.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._entries[0][0], self._run) if self._entries else None

    def _run(self) -> None:
        self._timer = None
        now_s = self._loop.time() + SAME_MOMENT_S
        try:
            while self._entries and self._entries[0][0] <= now_s and not self._closed:
                due_s, _, action = heapq.heappop(self._entries)
                action(due_s)
        except Exception as error:
            self.close()
            self._broken(error)
        else:
            if self._entries and not self._closed:
                self._set_timer()


def run_in_virtual_time(main: Main[T]) -> T:
    """Run a coroutine in a loop of its own whose time is virtual. Blocks for the work's time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main())


async def in_virtual_time(main: Main[T]) -> T:
    """The same beside a running loop, in a thread; cancelling this cancels what runs there."""
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = []
    entered = threading.Lock()
    is_cancelled = False

    async def remembered() -> T:
        task = asyncio.current_task()
        assert task is not None
        with entered:
            loops.append((asyncio.get_running_loop(), task))
            if is_cancelled:
                task.cancel()
        return await main()

    work = asyncio.create_task(asyncio.to_thread(run_in_virtual_time, remembered))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        with entered:
            is_cancelled = True
            for loop, task in loops:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(task.cancel)
        await asyncio.wait([work])
        if not work.cancelled():
            work.exception()  # seen: what counts is that we were cancelled
        raise
