"""A loop of real time beside another: work in it, from loops of either kind of time."""

from __future__ import annotations

import asyncio
import threading

import pytest

from harness.real_loop import RealLoop
from harness.virtual_time import run_in_virtual_time


async def where() -> str:
    await asyncio.sleep(0.001)
    return threading.current_thread().name


async def broken() -> None:
    raise ValueError("no")


async def test_work_is_done_in_its_own_thread_and_its_errors_are_told() -> None:
    loop = RealLoop("the other one")
    assert await loop.run(where) == await loop.run(where) == "the other one"
    with pytest.raises(ValueError, match="no"):
        await loop.run(broken)
    loop.close()
    assert "the other one" not in [thread.name for thread in threading.enumerate()]


def test_who_has_no_loop_waits_for_the_work() -> None:
    loop = RealLoop("the other one")
    assert loop.wait(where) == "the other one"
    with pytest.raises(ValueError, match="no"):
        loop.wait(broken)
    loop.close()


def test_virtual_time_stands_still_meanwhile() -> None:
    async def main() -> None:
        loop = RealLoop("the other one")
        began_s = asyncio.get_running_loop().time()
        assert await loop.run(where) == "the other one"
        assert asyncio.get_running_loop().time() == began_s
        loop.close()

    run_in_virtual_time(main)


async def test_who_is_cancelled_cancels_the_work() -> None:
    loop = RealLoop("the other one")
    began, ended = asyncio.Event(), threading.Event()
    here = asyncio.get_running_loop()

    async def endless() -> None:
        here.call_soon_threadsafe(began.set)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(loop.run(endless))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(ended.wait, 30)
    loop.close()


async def test_who_is_cancelled_waits_until_the_work_has_ended() -> None:
    loop = RealLoop("the other one")
    began, ended = asyncio.Event(), threading.Event()
    here = asyncio.get_running_loop()

    async def endless() -> None:
        here.call_soon_threadsafe(began.set)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            ended.set()

    task = asyncio.create_task(loop.run(endless))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
    loop.close()


async def test_work_that_does_not_listen_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("harness.real_loop.ENDS_WITHIN_S", 0.05)
    loop = RealLoop("the other one")
    began, is_over = asyncio.Event(), threading.Event()
    here = asyncio.get_running_loop()

    async def deaf() -> None:
        here.call_soon_threadsafe(began.set)
        is_over.wait(20)

    task = asyncio.create_task(loop.run(deaf))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_over.is_set()
    is_over.set()
    loop.close()


async def test_who_is_cancelled_at_once_has_nothing_to_wait_for() -> None:
    loop = RealLoop("the other one")
    busy, is_over = threading.Event(), threading.Event()
    has_begun = False

    async def hold_up() -> None:
        busy.set()
        is_over.wait(20)

    async def never() -> None:
        nonlocal has_begun
        has_begun = True

    first = asyncio.create_task(loop.run(hold_up))
    await asyncio.to_thread(busy.wait, 20)
    task = asyncio.create_task(loop.run(never))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    is_over.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await first
    assert not has_begun
    loop.close()


async def test_the_end_ends_what_is_under_way() -> None:
    loop = RealLoop("the other one")
    ended = threading.Event()

    async def leave_behind() -> None:
        async def endless() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        loop.left = asyncio.create_task(endless())  # type: ignore[attr-defined]
        await asyncio.sleep(0)

    await loop.run(leave_behind)
    loop.close()
    assert ended.is_set()


def test_one_that_was_never_used_has_nothing_to_end() -> None:
    RealLoop("the other one").close()
