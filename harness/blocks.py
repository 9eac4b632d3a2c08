"""Blocks of the public API: entered in one way each, and every other way is told which.

    @async_block(other="harness.sync_api.listen")
    async def listen(page): ...

Python's own words for `with` in place of `async with`, or `await` in front of one, name a class
that nobody has written down anywhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    _AsyncGeneratorContextManager,
    _GeneratorContextManager,
)
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

from harness.errors import UsageError

P = ParamSpec("P")
T = TypeVar("T")


class NotEntered(UsageError, AttributeError):
    """Something was asked of a block, and not of what it gives. `hasattr` says no, as ever."""


class AsyncOnly:
    """What is entered with `async with`. Type checkers see nothing of the other ways."""

    block_name = ""
    """As it is written, such as "listen(…)"; the class's name where empty."""

    other: str | None = None
    """What does the same without an event loop."""

    if not TYPE_CHECKING:

        def __enter__(self) -> NoReturn:
            raise _entered_wrongly(self, "with", "async with", "without an event loop")

        def __exit__(self, *_: object) -> None: ...

        def __await__(self) -> NoReturn:
            raise _entered_wrongly(self, "await", "async with", "without an event loop")


class SyncOnly:
    """What is entered with `with`."""

    block_name = ""
    other: str | None = None
    """What does the same on an event loop."""

    if not TYPE_CHECKING:

        async def __aenter__(self) -> NoReturn:
            raise _entered_wrongly(self, "async with", "with", "on an event loop")

        async def __aexit__(self, *_: object) -> None: ...

        def __await__(self) -> NoReturn:
            raise _entered_wrongly(self, "await", "with", "on an event loop")


class _AsyncBlock(_AsyncGeneratorContextManager[T], AsyncOnly):
    def __getattr__(self, name: str) -> NoReturn:
        raise _not_entered(self, name, "async with")


class _SyncBlock(_GeneratorContextManager[T], SyncOnly):
    def __getattr__(self, name: str) -> NoReturn:
        raise _not_entered(self, name, "with")


def async_block(
    other: str | None = None,
) -> Callable[[Callable[P, AsyncIterator[T]]], Callable[P, AbstractAsyncContextManager[T]]]:
    """As `contextlib.asynccontextmanager`, for the public API.

    Args:
        other: what does the same without an event loop.
    """

    def decorated(
        function: Callable[P, AsyncIterator[T]],
    ) -> Callable[P, AbstractAsyncContextManager[T]]:
        @wraps(function)
        def made(*args: P.args, **kwargs: P.kwargs) -> AbstractAsyncContextManager[T]:
            block: Any = _AsyncBlock(function, args, kwargs)  # type: ignore[arg-type]
            block.block_name, block.other = f"{function.__name__}(…)", other
            return block  # type: ignore[no-any-return]

        return made

    return decorated


def sync_block(
    other: str | None = None,
) -> Callable[[Callable[P, Iterator[T]]], Callable[P, AbstractContextManager[T]]]:
    """As `contextlib.contextmanager`, for the public API.

    Args:
        other: what does the same on an event loop.
    """

    def decorated(function: Callable[P, Iterator[T]]) -> Callable[P, AbstractContextManager[T]]:
        @wraps(function)
        def made(*args: P.args, **kwargs: P.kwargs) -> AbstractContextManager[T]:
            block: Any = _SyncBlock(function, args, kwargs)  # type: ignore[arg-type]
            block.block_name, block.other = f"{function.__name__}(…)", other
            return block  # type: ignore[no-any-return]

        return made

    return decorated


def used_behind(what: str) -> UsageError:
    """The error for what is used when its block was left."""
    return UsageError(
        f"{what} was used behind the block that opened it.",
        expected="its use inside of the block, as of `with …listen(page) as call:`",
        found="the block was left, and what it had opened has ended",
        hint="indent what uses it, so that it stands below that `with`",
    )


def _name(block: AsyncOnly | SyncOnly) -> str:
    return block.block_name or f"{type(block).__name__}(…)"


def _entered_wrongly(
    block: AsyncOnly | SyncOnly, found: str, right: str, elsewhere: str
) -> UsageError:
    other = f"; {elsewhere} use `{block.other}`" if block.other else ""
    return UsageError(
        f"`{_name(block)}` is a block of another kind.",
        expected=f"`{right} …{_name(block)} as …:`",
        found=f"`{found} …{_name(block)}`",
        hint=f"write `{right}` in place of `{found}`{other}",
    )


def _not_entered(block: AsyncOnly | SyncOnly, name: str, right: str) -> AttributeError:
    if name.startswith("_"):
        return AttributeError(f"`{_name(block)}` has no attribute “{name}”", name=name)
    return NotEntered(
        f"`{_name(block)}` was not entered, and has nothing before that.",
        expected=f"`{right} …{_name(block)} as …:`, and “{name}” of what that gives",
        found=f"“{name}” of the block itself",
        hint=f"open it with `{right}`, and use what it gives below",
    )
