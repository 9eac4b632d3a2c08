"""The loop thread: what runs on it, what comes back, and that nothing of it stays."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from harness.errors import UsageError
from harness.sync_api.loop import running


class Failed(BaseException):
    """As pytest's own outcomes: no `Exception`."""


def loop_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "harness"]


@asynccontextmanager
async def block(seen: list[str]) -> AsyncIterator[str]:
    """Notes how it was left; its timeout must be left by the task that entered it."""
    try:
        async with asyncio.timeout(60):
            yield "value"
    except BaseException as error:
        seen.append(type(error).__name__)
        raise
    else:
        seen.append("in order")


def test_a_coroutine_gives_its_result_from_another_thread() -> None:
    async def where() -> str:
        return threading.current_thread().name

    with running() as runner:
        assert runner.run(where()) == "harness"
        assert runner.read(lambda: threading.current_thread().name) == "harness"
    assert threading.current_thread().name != "harness"


@pytest.mark.filterwarnings("error")
def test_what_is_used_behind_its_block_is_told_so() -> None:
    async def work() -> None:
        raise AssertionError("it never runs")

    with running() as runner:
        pass
    with pytest.raises(UsageError, match="behind the block"):
        runner.run(work())
    with pytest.raises(UsageError, match="behind the block"):
        runner.read(lambda: 1)


def test_what_it_raises_is_raised_here() -> None:
    async def fails() -> None:
        raise ValueError("as it was")

    with running() as runner, pytest.raises(ValueError, match="as it was"):
        runner.run(fails())


def test_the_thread_ends_with_its_last_user() -> None:
    with running() as outer:
        with running() as inner:
            assert inner.run(asyncio.sleep(0, "both")) == "both"
            assert len(loop_threads()) == 1
        assert outer.run(asyncio.sleep(0, "one")) == "one"
        assert len(loop_threads()) == 1
    assert not loop_threads()


def test_tasks_that_were_left_behind_are_cancelled() -> None:
    seen: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def starts() -> asyncio.Task[None]:
        task = asyncio.create_task(waits())
        await asyncio.sleep(0)
        return task

    with running() as runner:
        runner.run(starts())
    assert seen == ["cancelled"]


def test_a_block_is_entered_and_left_around_ours() -> None:
    seen: list[str] = []
    with running() as runner, runner.within(block(seen)) as value:
        assert value == "value"
        assert seen == []
    assert seen == ["in order"]


def test_an_error_of_ours_is_the_blocks_error_too() -> None:
    seen: list[str] = []
    with running() as runner, pytest.raises(ZeroDivisionError), runner.within(block(seen)):
        _ = 1 / 0
    assert seen == ["ZeroDivisionError"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, Failed])
def test_what_is_no_exception_ends_the_block_and_not_the_loop(error: type[BaseException]) -> None:
    seen: list[str] = []
    with running() as runner:
        with pytest.raises(error), runner.within(block(seen)):
            raise error
        assert seen == ["CancelledError"]
        assert runner.run(asyncio.sleep(0, "goes on")) == "goes on"


def test_a_block_that_cannot_be_entered_says_why() -> None:
    @asynccontextmanager
    async def closed() -> AsyncIterator[None]:
        raise LookupError("closed")
        yield

    with running() as runner, pytest.raises(LookupError, match="closed"), runner.within(closed()):
        pass


def test_an_error_at_the_blocks_end_goes_first() -> None:
    @asynccontextmanager
    async def breaks() -> AsyncIterator[None]:
        try:
            yield
        finally:
            raise LookupError("at its end")

    with running() as runner:
        with pytest.raises(LookupError, match="at its end"), runner.within(breaks()):
            pass
        with pytest.raises(LookupError, match="at its end"), runner.within(breaks()):
            raise ValueError


def test_ctrl_c_cancels_what_is_waited_for_and_waits_for_its_end() -> None:
    seen: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("cleaned up")

    def interrupt() -> None:
        raise KeyboardInterrupt

    with running(interrupt) as runner, pytest.raises(KeyboardInterrupt):
        runner.run(waits())
    assert seen == ["cleaned up"]


def test_the_callers_world_goes_on_while_it_waits() -> None:
    """What is waited for comes from there."""
    wanted = asyncio.Event()
    calls: list[Any] = []

    def meanwhile() -> None:
        calls.append(None)
        if len(calls) == 3:
            runner_loop.call_soon_threadsafe(wanted.set)

    with running(meanwhile) as runner:
        runner_loop = runner.run(_loop())
        runner.run(wanted.wait())
    assert len(calls) >= 3


def test_a_world_that_has_ended_is_left_alone() -> None:
    calls: list[None] = []

    def meanwhile() -> None:
        calls.append(None)
        raise RuntimeError("the page is closed")

    with running(meanwhile) as runner:
        assert runner.run(asyncio.sleep(0.1, "done")) == "done"
        assert runner.run(asyncio.sleep(0.1, "again")) == "again"
    assert len(calls) == 1


def test_a_timeout_inside_is_the_works_own() -> None:
    async def late() -> None:
        async with asyncio.timeout(0.05):
            await asyncio.Event().wait()

    with running(lambda: None) as runner, pytest.raises(TimeoutError):
        runner.run(late())


def test_waiting_on_the_loops_own_thread_is_refused() -> None:
    """It would wait for itself for ever."""
    with running() as runner:

        async def calls_back() -> None:
            with contextlib.closing(asyncio.sleep(0)) as work:
                runner.run(work)

        with pytest.raises(UsageError, match="own loop"):
            runner.run(calls_back())


async def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()
