"""Functions of a user's, called in the way that fits."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable
from typing import Any

import pytest

from harness.calling import called

HERE = threading.current_thread().name


def plain(day: str) -> str:
    return f"{day}, in {threading.current_thread().name}"


async def later(day: str) -> str:
    await asyncio.sleep(0)
    return plain(day)


def promised(day: str) -> Awaitable[str]:
    return later(day)


class Called:
    async def __call__(self, day: str) -> str:
        return await later(day)


@pytest.mark.parametrize(
    ("function", "where"), [(plain, "tool"), (later, HERE), (promised, HERE), (Called(), HERE)]
)
async def test_async_ones_work_here_and_plain_ones_in_a_thread(function: Any, where: str) -> None:
    assert await called(function, {"day": "Sunday"}) == f"Sunday, in {where}"
    assert await called(function, {"day": "Sunday"}, in_thread=False) == f"Sunday, in {HERE}"


@pytest.mark.parametrize("in_thread", [True, False])
async def test_what_it_raises_is_raised(in_thread: bool) -> None:
    def broken() -> None:
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await called(broken, {}, in_thread=in_thread)


@pytest.mark.parametrize("in_thread", [True, False])
async def test_a_function_does_not_end_the_program(in_thread: bool) -> None:
    def ends() -> None:
        sys.exit("no key")

    async def ends_later() -> None:
        ends()

    for function in (ends, ends_later):
        with pytest.raises(RuntimeError, match="SystemExit: no key"):
            await called(function, {}, in_thread=in_thread)


async def test_what_no_future_takes_is_told_in_words() -> None:
    def ends() -> None:
        raise StopIteration

    with pytest.raises(RuntimeError, match="StopIteration"):
        await called(ends, {})
