"""Runs of tools while the call goes on: async ones in the loop, plain ones in threads.

Whether a call took too long is the session's to say. A plain function cannot be stopped from
outside; its thread is left alone then, and keeps no program from ending.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

_log = logging.getLogger(__name__)


class Finished(Protocol):
    """Told how a call ended, once: with what the tool gave, or with what it raised."""

    def __call__(self, call_id: str, output: object, error: BaseException | None) -> None: ...


class ToolRuns:
    """The tool calls under way."""

    def __init__(self, finished: Finished) -> None:
        self._finished = finished
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def running(self) -> list[str]:
        """The ids of the calls under way."""
        return list(self._tasks)

    def start(self, call_id: str, function: Callable[..., Any], arguments: dict[str, Any]) -> None:
        """Call the function; a call that runs already is not started again."""
        if call_id in self._tasks:
            return
        work = self._run(call_id, function, arguments)
        self._tasks[call_id] = asyncio.get_running_loop().create_task(work, name=f"tool {call_id}")

    def cancel(self, call_id: str) -> None:
        """Nobody waits for this call any more; nothing is told of its end."""
        task = self._tasks.pop(call_id, None)
        if task is not None:
            task.cancel()

    async def aclose(self) -> None:
        """Cancel all, and wait until the async ones have ended."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(
        self, call_id: str, function: Callable[..., Any], arguments: dict[str, Any]
    ) -> None:
        output: object = None
        problem: BaseException | None = None
        try:
            output = await _called(function, arguments)
        except asyncio.CancelledError:
            if call_id not in self._tasks:
                raise
            # The tool's own: somebody inside it was cancelled, not this call.
            problem = RuntimeError("the tool was cancelled")
        except Exception as error:
            _log.info("the tool call %s failed", call_id, exc_info=error)
            problem = error
        if self._tasks.pop(call_id, None) is not None:
            self._finished(call_id, output, problem)


async def _called(function: Callable[..., Any], arguments: dict[str, Any]) -> object:
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(function, "__call__", None)  # noqa: B004 - an object with an async __call__
    ):
        return await function(**arguments)
    output = await _in_thread(function, arguments)
    return await output if inspect.isawaitable(output) else output


async def _in_thread(function: Callable[..., Any], arguments: dict[str, Any]) -> object:
    """As `asyncio.to_thread`, but a thread that hangs holds up neither others nor the end."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[object] = loop.create_future()
    context = contextvars.copy_context()

    def settle(output: object, error: BaseException | None) -> None:
        if result.done():
            return  # given up meanwhile
        if error is None:
            result.set_result(output)
        else:
            result.set_exception(error)

    def run() -> None:
        output: object = None
        problem: BaseException | None = None
        try:
            output = context.run(function, **arguments)
        except BaseException as error:
            # A future takes no StopIteration, and SystemExit is not this thread's to act on.
            unfit = isinstance(error, StopIteration) or not isinstance(error, Exception)
            problem = RuntimeError(f"{type(error).__name__}: {error}") if unfit else error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, output, problem)

    threading.Thread(target=run, name="tool", daemon=True).start()
    return await result
