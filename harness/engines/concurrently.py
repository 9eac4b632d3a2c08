"""Things started at once, and ended at once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
U = TypeVar("U")


async def both(one: Coroutine[Any, Any, T], other: Coroutine[Any, Any, U]) -> tuple[T, U]:
    """Both results. Where one fails, the other is ended before the error goes on.

    Raises:
        Exception: the first error of either, as it is.
    """
    try:
        async with asyncio.TaskGroup() as group:
            first, second = group.create_task(one), group.create_task(other)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return first.result(), second.result()


async def all_ended(*endings: Coroutine[Any, Any, None]) -> None:
    """Wait for all of them; none is cut short because another one failed.

    Raises:
        BaseException: the first of their errors.
    """
    for outcome in await asyncio.gather(*endings, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
