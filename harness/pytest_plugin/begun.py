"""Calls and scenarios that a test began: none of them ends unnoticed, none goes unmade.

A coroutine that nobody awaits does nothing, and a test that does nothing is green. So the fixtures
give out `Begun` objects, kept in the test's `Ledger`, which says at the test's end what is missing.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Coroutine, Generator
from types import TracebackType
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

MAKERS = {
    "voice_call": "call = await voice_call()",
    "run_scenario": 'await run_scenario("greeting")',
    "voice": "with voice.listen(page) as call: …",
    "async_voice": "async with async_voice.listen(page) as call: …",
}
"""The fixtures that begin something, each with the way to write it."""


class Begun(Coroutine[Any, Any, T]):
    """A call or scenario that a test asked for; like the coroutine inside, and it remembers.

    It can be awaited, gathered, or made a task, as any coroutine.

    Args:
        inside: what does the work, not started yet.
        text: as the test wrote it, for messages: ``run_scenario('greeting')``.
    """

    def __init__(self, inside: Coroutine[Any, Any, T], text: str) -> None:
        self.text = text
        self.started = False
        self.ended = False
        self._inside = inside

    def __await__(self) -> Generator[Any, Any, T]:
        try:
            value = None
            while True:
                try:
                    yielded = self.send(value)
                except StopIteration as end:
                    result: T = end.value
                    return result
                try:
                    value = yield yielded
                except GeneratorExit:
                    self.close()
                    raise
                except BaseException as error:
                    value = yield self.throw(error)
        finally:
            self.ended = True

    def send(self, value: Any) -> Any:
        self.started = True
        try:
            return self._inside.send(value)
        except BaseException:
            self.ended = True
            raise

    def throw(
        self,
        typ: Any,
        val: BaseException | object = None,
        tb: TracebackType | None = None,
    ) -> Any:
        """Raise an error inside, as `Coroutine.throw`."""
        self.started = True
        error = typ if isinstance(typ, BaseException) else (val or typ())
        try:
            return self._inside.throw(error)  # type: ignore[arg-type]
        except BaseException:
            self.ended = True
            raise

    def close(self) -> None:
        """End the inner coroutine."""
        self._inside.close()


class Ledger:
    """What one test began."""

    def __init__(self) -> None:
        self.begun: list[Begun[Any]] = []
        self.listened = False
        """Whether the test listened to a page."""

    def begin(self, inside: Coroutine[Any, Any, T], text: str) -> Begun[T]:
        one = Begun(inside, text)
        self.begun.append(one)
        return one

    def complaint(self, asked_for: list[str]) -> str | None:
        """What a test that is over without a failure has left undone; None: nothing.

        Args:
            asked_for: the fixtures among the test's own arguments that begin something.
        """
        for one in self.begun:
            if not one.started:
                return _never_awaited(one)
            if not one.ended:
                return (
                    f"{one.text} was begun, and the test was over before it ended: nothing that "
                    "it found counted.\nAwait the task before the test's last line."
                )
        if asked_for and not self.begun and not self.listened:
            return _never_made(asked_for[0])
        return None

    def close(self) -> None:
        """Close what never started; Python would warn of it a second time, without the test."""
        for one in self.begun:
            if not one.started:
                one.close()


def call_text(fixture: str, *arguments: Any) -> str:
    """The call as a test would write it: ``run_scenario('greeting')``."""
    shown = (str(a) if not isinstance(a, str) else repr(a) for a in arguments if a is not None)
    return f"{fixture}({', '.join(shown)})"


def is_coroutine_test(item: pytest.Item) -> bool:
    """The test is run in an event loop, so that it can ``await``."""
    function = getattr(item, "function", None)
    if inspect.iscoroutinefunction(function):
        return True
    return any(item.get_closest_marker(name) is not None for name in ("asyncio", "anyio"))


def loop_is_the_tests_own(item: pytest.Item) -> bool:
    """A plain test runs an event loop by itself; Playwright's synchronous API is another's loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return "playwright" not in getattr(item, "fixturenames", ())


def run_to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` from a plain function and give its result.

    In a thread with a loop of its own: the main thread's may be held by Playwright's synchronous
    API, and belongs to pytest-asyncio else. Ctrl-C cancels the work and waits until it is gone.

    Raises:
        BaseException: what ``work`` raised, as it is.
    """
    results: list[T] = []
    errors: list[BaseException] = []
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[T]]] = []

    async def main() -> T:
        task = asyncio.ensure_future(work)
        running.append((asyncio.get_running_loop(), task))
        return await task

    def in_thread() -> None:
        try:
            results.append(asyncio.run(main()))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=in_thread, name="run_scenario")
    thread.start()
    try:
        thread.join()
    except BaseException:
        for loop, task in running:
            loop.call_soon_threadsafe(task.cancel)
        thread.join()
        raise
    if errors:
        raise errors[0]
    return results[0]


def _never_awaited(one: Begun[Any]) -> str:
    fixture = one.text.split("(")[0]
    given = "call = await" if fixture == "voice_call" else "await"
    return (
        f"{one.text} was begun and never awaited: nothing was run, so nothing was tested.\n"
        f"Write: {given} {one.text}"
    )


def _never_made(fixture: str) -> str:
    what = "a scenario" if fixture == "run_scenario" else "a call"
    did = "ran one" if fixture == "run_scenario" else "made one"
    return (
        f"The test asked for {what} and never {did}: it has the fixture {fixture}, and nothing "
        f"was run.\nWrite: {MAKERS[fixture]}, or take {fixture} out of the test's arguments."
    )
