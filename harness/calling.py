"""Functions of a user's, plain or async: called in the way that fits, and waited for.

A plain function works in a thread, because it may take long. It cannot be stopped from outside;
its thread is left alone then, and keeps no program from ending.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import threading
from collections.abc import Callable, Mapping
from typing import Any


async def called(
    function: Callable[..., Any], arguments: Mapping[str, Any], *, in_thread: bool = True
) -> object:
    """What the function gives.

    Args:
        function: plain or async, or an object that can be called.
        arguments: by keyword.
        in_thread: False: a plain function is called at once, for a loop whose time is virtual.

    Raises:
        RuntimeError: it wanted to end the program (`SystemExit`), which is not its to end.
    """
    try:
        if in_thread and not _is_async(function):
            output = await _in_thread(function, arguments)
        else:
            output = function(**arguments)
        return await output if inspect.isawaitable(output) else output
    except SystemExit as error:
        raise RuntimeError(f"SystemExit: {error}") from error


def _is_async(function: Callable[..., Any]) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(function, "__call__", None)  # noqa: B004 - an object with an async __call__
    )


async def _in_thread(function: Callable[..., Any], arguments: Mapping[str, Any]) -> object:
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
