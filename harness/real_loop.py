"""An event loop of real time in a thread of its own: for processes and sockets of a call.

Who asks from a loop of virtual time stands still meanwhile, so that what is outside takes none of
it: the same conversation has the same times on every machine.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from harness.virtual_time import VirtualTimeLoop

T = TypeVar("T")

ENDS_WITHIN_S = 5.0


class RealLoop:
    """Begins with the first work; `close` ends it, and all that is still under way in it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What the work gives, or raises.

        Cancelled, the work is cancelled, too, and has ended then; for `ENDS_WITHIN_S` at most.
        """
        if isinstance(asyncio.get_running_loop(), VirtualTimeLoop):
            return self.wait(work)
        begun = _Begun(self._begun(), work)
        outcome = asyncio.wrap_future(begun.outcome)
        try:
            return await asyncio.shield(outcome)
        except asyncio.CancelledError:
            begun.cancel()
            await asyncio.wait({outcome}, timeout=ENDS_WITHIN_S)
            if outcome.done() and not outcome.cancelled():
                outcome.exception()  # seen: what counts is that we were cancelled
            raise

    def wait(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """As `run`, for whoever may stand still meanwhile: a thread without a loop, say."""
        begun = _Begun(self._begun(), work)
        try:
            return begun.outcome.result()
        except BaseException:  # Ctrl-C: nothing else can cancel it
            begun.cancel()
            raise

    def close(self) -> None:
        """End the loop; waits for that, for `ENDS_WITHIN_S` at most."""
        if self._loop is not None and self._stop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(ENDS_WITHIN_S)
            self._loop = None

    def _begun(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            has_begun = threading.Event()
            main = threading.Thread(
                target=lambda: asyncio.run(self._serve(has_begun)), name=self._name, daemon=True
            )
            main.start()
            has_begun.wait()
            self._thread = main
        assert self._loop is not None
        return self._loop

    async def _serve(self, has_begun: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        has_begun.set()
        await self._stop.wait()


class _Begun(Generic[T]):
    """Work in another loop. Its outcome is there when it has ended, also where it is cancelled."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, work: Callable[[], Coroutine[Any, Any, T]]
    ) -> None:
        self.outcome: concurrent.futures.Future[T] = concurrent.futures.Future()
        self._loop = loop
        self._work = work
        self._task: asyncio.Task[T] | None = None
        loop.call_soon_threadsafe(self._begin)

    def cancel(self) -> None:
        """End it; nothing where that was so already."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._work())
        self._task.add_done_callback(self._settle)

    def _end(self) -> None:
        assert self._task is not None  # in the order in which the loop was asked
        self._task.cancel()

    def _settle(self, task: asyncio.Task[T]) -> None:
        if task.cancelled():
            self.outcome.cancel()
        elif (error := task.exception()) is not None:
            self.outcome.set_exception(error)
        else:
            self.outcome.set_result(task.result())
