"""The reasoner: whoever does long work is asked by this interface; and Python functions as one."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from harness.calling import called
from harness.context.errors import ReasonerFailed, ReasonerTooSlow
from harness.errors import HarnessError
from harness.realtime.client.tools import output_text

Tell = Callable[[str], None]
"""Told how far the work is, in words."""

CANCELLED_WITHIN_S = 5.0
MAX_RESULT_CHARS = 48_000


class Thought(Protocol):
    """Work that was begun."""

    async def result(self) -> object:
        """What it came to: a text, or what can be JSON. It may take as long as it takes."""

    async def cancel(self) -> None:
        """Give up what it holds: nobody wants the result any more, or it has failed."""


@runtime_checkable
class Reasoner(Protocol):
    """Does long work."""

    async def start(self, arguments: Mapping[str, Any], tell: Tell) -> Thought:
        """Begin.

        Args:
            arguments: of the tool, as the model gave them.
            tell: to be told how far it is, as often as there is something to say.
        """


async def thought_through(
    reasoner: Reasoner, arguments: Mapping[str, Any], tell: Tell, within_s: float
) -> str:
    """What a reasoner comes to, as text for the model; else the thought is cancelled.

    Raises:
        ReasonerTooSlow: it takes too long.
        ReasonerFailed: it fails, or gives what no model can read.
    """
    thought: Thought | None = None
    try:
        async with asyncio.timeout(within_s) as limit:
            thought = await reasoner.start(arguments, tell)
            text = output_text(await thought.result())
    except TimeoutError as error:
        await _cancel(thought)
        if not limit.expired():
            raise _failed(error) from error
        expected = f"a result within {within_s:g} s"
        raise ReasonerTooSlow("It takes too long.", expected=expected) from error
    except asyncio.CancelledError:
        await _cancel(thought)
        raise
    except Exception as error:  # somebody else's code
        await _cancel(thought)
        raise _failed(error) from error
    if len(text) > MAX_RESULT_CHARS:
        found = f"{len(text)} letters; at most {MAX_RESULT_CHARS} are taken"
        raise ReasonerFailed("The result is too long.", found=found)
    return text


def _failed(error: Exception) -> ReasonerFailed:
    if isinstance(error, ReasonerFailed):
        return error
    told = error.message if isinstance(error, HarnessError) else f"{type(error).__name__}: {error}"
    return ReasonerFailed(told)


async def _cancel(thought: Thought | None) -> None:
    """Tell it; what does not listen, or fails at that, is left."""
    if thought is not None:
        telling = asyncio.ensure_future(thought.cancel())
        try:
            await asyncio.wait({telling}, timeout=CANCELLED_WITHIN_S)
        finally:
            telling.cancel()
        if telling.done() and not telling.cancelled():
            telling.exception()


class FunctionReasoner:
    """A Python function: async, plain, or an async generator, whose last text is the result.

    Args:
        in_thread: a plain function works in a thread; False for a loop whose time is virtual.
    """

    def __init__(self, function: Callable[..., Any], *, in_thread: bool = True) -> None:
        self._function = function
        self._in_thread = in_thread

    async def start(self, arguments: Mapping[str, Any], tell: Tell) -> Thought:
        """See `Reasoner`."""
        return _FunctionThought(self._work(dict(arguments), tell))

    async def _work(self, arguments: dict[str, Any], tell: Tell) -> object:
        if inspect.isasyncgenfunction(self._function):
            return await self._last(self._function(**arguments), tell)
        return await called(self._function, arguments, in_thread=self._in_thread)

    async def _last(self, texts: Any, tell: Tell) -> object:
        last: object = None
        async for text in texts:
            last = text
            tell(str(text))
        return last


class _FunctionThought:
    def __init__(self, work: Any) -> None:
        self._task: asyncio.Task[object] = asyncio.ensure_future(work)

    async def result(self) -> object:
        return await self._task

    async def cancel(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
