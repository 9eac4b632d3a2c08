"""What is asked of a call and never awaited, and what is asked behind its block."""

from __future__ import annotations

import asyncio
import inspect
import sys
from pathlib import Path

import pytest

from harness.call.uses import Awaited, Uses
from harness.errors import ExpectationFailed, UsageError

HERE = Path(__file__).name

pytestmark = pytest.mark.filterwarnings("error")


class Phone(Awaited, written_as="call"):
    def __init__(self) -> None:
        self.uses = Uses()

    async def say(self, what: str) -> str:
        """Say."""
        await asyncio.sleep(0)
        return what

    async def aclose(self) -> None: ...


class WallPhone(Phone):
    async def ring(self) -> str:
        return await self.say("ring")


async def test_what_is_awaited_in_any_way_is_given() -> None:
    call = WallPhone()
    assert await call.say("a") == "a"
    assert await call.ring() == "ring"
    assert list(await asyncio.gather(call.say("a"), call.ring())) == ["a", "ring"]
    assert await asyncio.wait_for(call.say("a"), 5) == "a"
    async with asyncio.TaskGroup() as tasks:
        told = tasks.create_task(call.say("a"))
    assert told.result() == "a"
    call.uses.check_awaited()
    assert Phone.say.__doc__ == "Say."
    asks = inspect if sys.version_info >= (3, 12) else asyncio
    assert asks.iscoroutinefunction(call.say), "to whoever wraps it, such as a retry"


async def test_what_is_cancelled_before_it_began_was_not_forgotten() -> None:
    call = Phone()
    task = asyncio.ensure_future(call.say("a"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    call.say("b").close()
    call.uses.check_awaited()


async def test_the_next_use_says_that_the_last_one_was_not_awaited() -> None:
    """Once: then the call is as it was."""
    call = WallPhone()
    call.ring()  # type: ignore[unused-coroutine]
    with pytest.raises(UsageError, match=r"`call\.ring\(…\)` was called without `await`") as raised:
        await call.say("a")
    assert HERE in (raised.value.found or "")
    assert await call.say("a") == "a"


async def test_the_last_one_that_was_not_awaited_is_told_at_the_blocks_end() -> None:
    call = Phone()
    with pytest.raises(UsageError, match="without `await`"), call.uses.of_block():
        call.say("a")  # type: ignore[unused-coroutine]


async def test_an_error_of_the_tests_own_stays_with_a_note() -> None:
    call = Phone()

    def fail() -> None:
        with call.uses.of_block():
            call.say("a")  # type: ignore[unused-coroutine]
            raise ExpectationFailed("no answer")

    with pytest.raises(ExpectationFailed, match="no answer") as raised:
        fail()
    assert "without `await`" in raised.value.__notes__[0]


async def test_a_use_behind_the_block_is_refused_but_for_the_end() -> None:
    call = Phone()
    with call.uses.of_block():
        await call.say("a")
    with pytest.raises(UsageError, match=r"`call\.say\(…\)` was used behind the block"):
        await call.say("b")
    await call.aclose()
