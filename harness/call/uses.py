"""Uses of a call that cannot be: a method that nobody awaits, and one behind the call's block."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from harness.blocks import used_behind
from harness.errors import UsageError

T = TypeVar("T")


class Uses:
    """What was asked of one call, as far as it was no use of it."""

    def __init__(self) -> None:
        self._is_over = False
        self._forgotten: list[tuple[str, str]] = []

    def check(self, what: str) -> None:
        """Refuse a use behind the block, or the first one after one that was not awaited.

        Raises:
            UsageError: it is one of these.
        """
        self.check_awaited()
        if self._is_over:
            raise used_behind(f"`{what}(…)`")

    def check_awaited(self) -> None:
        """Raise `UsageError` where something was not awaited; once."""
        if self._forgotten:
            raise self._take_forgotten()

    def forget(self, what: str, where: str) -> None:
        """It was asked for there, and nobody can await it any more."""
        self._forgotten.append((what, where))

    @contextmanager
    def of_block(self) -> Iterator[None]:
        """The block of the call; an error of the caller's stays, with a note about the other."""
        try:
            yield
            self.check_awaited()
        except BaseException as error:
            if self._forgotten:
                error.add_note(str(self._take_forgotten()))
            raise
        finally:
            self._is_over = True

    def _take_forgotten(self) -> UsageError:
        (what, where), self._forgotten = self._forgotten[0], []
        return UsageError(
            f"`{what}(…)` was called without `await`, so nothing of it happened.",
            expected=f"`await {what}(…)`",
            found=f"{where}, where nobody waits for it",
            hint="write `await` in front of it; without an event loop use `harness.sync_api`",
        )


class Asked(Coroutine[Any, Any, T]):
    """A coroutine that tells `Uses` when it is dropped before it began.

    Python says so, too, but as a warning, and the test fails elsewhere: nothing was answered.
    """

    def __init__(self, work: Coroutine[Any, Any, T], uses: Uses, what: str, where: str) -> None:
        self._work = work
        self._uses = uses
        self._what = what
        self._where = where
        self._is_awaited = False

    def __await__(self) -> Generator[Any, Any, T]:
        self._is_awaited = True  # by what holds the work from here on, and not this
        return self._work.__await__()

    def send(self, value: Any) -> Any:
        """As of any coroutine."""
        return self._work.send(value)

    def throw(self, *error: Any) -> Any:
        """As of any coroutine."""
        return self._work.throw(*error)

    def close(self) -> None:
        """As of any coroutine; what is closed on purpose was not forgotten."""
        self._work.close()

    def __del__(self) -> None:
        never_began = inspect.getcoroutinestate(self._work) == inspect.CORO_CREATED
        if never_began and not self._is_awaited:
            self._work.close()
            self._uses.forget(self._what, self._where)


class Awaited:
    """Public coroutine functions of a class like this are watched by its `uses`.

    Args:
        written_as: how users name what they ask, such as "call".
    """

    uses: Uses

    _written_as = ""

    def __init_subclass__(cls, written_as: str = "") -> None:
        super().__init_subclass__()
        cls._written_as = written_as or cls._written_as
        for name, function in list(vars(cls).items()):
            is_asked = not name.startswith("_") and name != "aclose"
            if is_asked and inspect.iscoroutinefunction(function):
                setattr(cls, name, _watched(function, name))


def _watched(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    @wraps(function)
    def asked(self: Awaited, *args: Any, **kwargs: Any) -> Asked[Any]:
        what = f"{self._written_as}.{name}"
        self.uses.check(what)
        caller = sys._getframe(1)
        where = f"{Path(caller.f_code.co_filename).name}:{caller.f_lineno}"
        return Asked(function(self, *args, **kwargs), self.uses, what, where)

    return _as_coroutine_function(asked)


def _as_coroutine_function(function: Callable[..., Any]) -> Callable[..., Any]:
    """Known as one to mocks, retries and the like, which ask before they call."""
    if sys.version_info >= (3, 12):
        return inspect.markcoroutinefunction(function)
    function._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]
    return function
