"""Runs of tools while the call goes on: async ones in the loop, plain ones in threads.

Whether a call took too long is the session's to say; see `harness.calling` for what becomes of a
plain function then.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

from harness.calling import called

_log = logging.getLogger(__name__)


class Finished(Protocol):
    """Told how a call ended, once: with what the tool gave, or with what it raised."""

    def __call__(self, call_id: str, output: object, error: BaseException | None) -> None: ...


class ToolRuns:
    """The tool calls under way.

    Args:
        finished: told how each ended.
        in_thread: False for a loop whose time is virtual: plain functions are called at once.
    """

    def __init__(self, finished: Finished, *, in_thread: bool = True) -> None:
        self._in_thread = in_thread
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
            output = await called(function, arguments, in_thread=self._in_thread)
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
