"""Event loop in a thread of its own, for callers that have none, or one that is busy.

Playwright's synchronous objects occupy the main thread's loop; nothing of ours enters it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar

from harness.blocks import used_behind
from harness.errors import UsageError

T = TypeVar("T")

Meanwhile = Callable[[], None]
"""Called again and again while something is waited for; comes back within some milliseconds."""

SLICE_S = 0.02
"""How long is waited between two calls of `Meanwhile`."""


class Runner:
    """Runs coroutines on the loop of another thread and waits for them in this one.

    Args:
        loop: runs already.
        meanwhile: keeps the caller's own world going while it waits.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, meanwhile: Meanwhile | None = None) -> None:
        self._loop = loop
        self._meanwhile = meanwhile

    def run(self, work: Awaitable[T]) -> T:
        """What the work gives, or raises. Ctrl-C cancels it and waits for its end.

        Raises:
            UsageError: the block that this is of was left.
        """
        try:
            _check_thread(self._loop)
            _check_open(self._loop)
        except UsageError:
            _close(work)
            raise
        future = asyncio.run_coroutine_threadsafe(_awaited(work), self._loop)
        try:
            return self._result(future)
        except BaseException:
            if not future.done():
                future.cancel()
                with contextlib.suppress(CancelledError, Exception):
                    future.result()
                _close(work)
            raise

    def read(self, look: Callable[[], T]) -> T:
        """What a plain function gives on the loop's thread, between two of its steps."""

        async def work() -> T:
            return look()

        return self.run(work())

    @contextlib.contextmanager
    def within(self, manager: AbstractAsyncContextManager[T]) -> Iterator[T]:
        """An asynchronous block around a synchronous one. It is entered and left in one task."""
        block = _Block(manager)
        task = asyncio.run_coroutine_threadsafe(block.hold(), self._loop)
        value = self._result(block.entered)
        try:
            yield value
        except BaseException as error:
            self._loop.call_soon_threadsafe(block.leave, error)
            self._ended(task, error)
            raise
        self._loop.call_soon_threadsafe(block.leave, None)
        self._result(task)

    def _ended(self, task: Future[None], error: BaseException) -> None:
        """Wait for the block's end; another error than ours goes first, as in any block."""
        try:
            self._result(task)
        except CancelledError:
            if isinstance(error, Exception):
                raise
        except BaseException as other:
            if other is not error:
                raise

    def _result(self, future: Future[T]) -> T:
        while self._meanwhile is not None:
            with contextlib.suppress(TimeoutError):
                return future.result(SLICE_S)
            if future.done():
                break
            try:
                self._meanwhile()
            except Exception:  # the caller's world has ended, such as its page; ours has not
                self._meanwhile = None
        return future.result()


class _Block(Generic[T]):
    """One asynchronous block, held open by a task of its own."""

    def __init__(self, manager: AbstractAsyncContextManager[T]) -> None:
        self._manager = manager
        self._left = asyncio.Event()
        self._error: BaseException | None = None
        self.entered: Future[T] = Future()

    async def hold(self) -> None:
        try:
            async with self._manager as value:
                self.entered.set_result(value)
                await self._left.wait()
                if self._error is not None:
                    raise self._error
        except BaseException as error:
            if not self.entered.done():
                self.entered.set_exception(error)
                return
            raise

    def leave(self, error: BaseException | None) -> None:
        """Leave the block, with the caller's error.

        Ctrl-C and the like would end the loop: they leave it as a cancelled task does.
        """
        is_grave = error is not None and not isinstance(error, Exception)
        self._error = asyncio.CancelledError() if is_grave else error
        self._left.set()


@contextlib.contextmanager
def running(meanwhile: Meanwhile | None = None) -> Iterator[Runner]:
    """The process's loop thread, started by its first user and ended by its last.

    Args:
        meanwhile: keeps the caller's own world going while it waits.
    """
    loop = _take()
    try:
        yield Runner(loop, meanwhile)
    finally:
        _give_back()


_lock = threading.Lock()
_users = 0
_thread: tuple[threading.Thread, asyncio.AbstractEventLoop] | None = None


def _take() -> asyncio.AbstractEventLoop:
    global _users, _thread
    with _lock:
        if _thread is None:
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=_run, args=(loop,), name="harness", daemon=True)
            thread.start()
            _thread = thread, loop
        _users += 1
        return _thread[1]


def _give_back() -> None:
    global _users, _thread
    with _lock:
        _users -= 1
        if _users or _thread is None:
            return
        thread, loop = _thread
        _thread = None
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(_finish(loop))
    finally:
        loop.close()


async def _finish(loop: asyncio.AbstractEventLoop) -> None:
    left = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()


async def _awaited(work: Awaitable[T]) -> T:
    return await work


def _close(work: Awaitable[Any]) -> None:
    """It will not begin any more; or it would be told that nobody awaited it."""
    if isinstance(work, Coroutine):
        work.close()


def _check_open(loop: asyncio.AbstractEventLoop) -> None:
    if loop.is_closed():
        raise used_behind("Something")


def _check_thread(loop: asyncio.AbstractEventLoop) -> None:
    running_here: Any = None
    with contextlib.suppress(RuntimeError):
        running_here = asyncio.get_running_loop()
    if running_here is loop:
        raise UsageError(
            "A synchronous call was made on the harness's own loop.",
            expected="a call from a test or a program",
            found="one from a callback of the harness, which would wait for itself",
            hint="use the asynchronous API inside callbacks",
        )
