"""An event loop of real time in a thread of its own: for processes and sockets of a call.

Who asks from a loop of virtual time stands still meanwhile, so that what is outside takes none of
it: the same conversation has the same times on every machine.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

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
        """What the work gives, or raises. Cancelled, the work is cancelled, too."""
        future = asyncio.run_coroutine_threadsafe(work(), self._begun())
        if isinstance(asyncio.get_running_loop(), VirtualTimeLoop):
            return future.result()
        return await asyncio.wrap_future(future)

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
