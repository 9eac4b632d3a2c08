"""Time that passes only when everybody waits."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import pytest

from harness.errors import HarnessError
from harness.virtual_time import Agenda, LoopClock, in_virtual_time, run_in_virtual_time


def test_an_hour_of_waiting_takes_no_time() -> None:
    async def main() -> float:
        clock = LoopClock()
        await asyncio.sleep(3_600)
        return clock.now_s()

    started_s = time.monotonic()
    assert run_in_virtual_time(main) == pytest.approx(3_600)
    assert time.monotonic() - started_s < 5


def test_what_is_due_first_comes_first() -> None:
    async def main() -> list[str]:
        done: list[str] = []

        async def worker(name: str, delay_s: float) -> None:
            await asyncio.sleep(delay_s)
            done.append(name)

        async with asyncio.TaskGroup() as group:
            for name, delay_s in (("late", 20.0), ("early", 0.001), ("middle", 5.0)):
                group.create_task(worker(name, delay_s))
        return done

    assert run_in_virtual_time(main) == ["early", "middle", "late"]


def test_a_deadline_is_virtual_too() -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(100):
                await asyncio.sleep(1_000)
        return asyncio.get_running_loop().time()

    assert run_in_virtual_time(main) == pytest.approx(100)


def test_waiting_for_what_never_comes_is_said_at_once() -> None:
    async def main() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(HarnessError, match="stands still"):
        run_in_virtual_time(main)


def test_things_of_one_moment_happen_in_the_order_they_were_put_down() -> None:
    async def main() -> list[tuple[str, float]]:
        done: list[tuple[str, float]] = []

        def note(name: str, now_s: float) -> None:
            done.append((name, now_s))

        agenda = Agenda(broken=lambda error: pytest.fail(str(error)))
        for name in "abcdef":
            agenda.at(0.3, partial(note, name))
        agenda.at(0.1, lambda now_s: agenda.at(0.3, lambda then_s: done.append(("last", then_s))))
        agenda.at(0.1 + 0.2, lambda now_s: done.append(("same", now_s)))
        await asyncio.sleep(1)
        return done

    names = [name for name, _ in run_in_virtual_time(main)]
    assert names == [*"abcdef", "last", "same"]


def test_an_agenda_tells_each_action_the_time_it_was_put_down_for() -> None:
    async def main() -> list[float]:
        times: list[float] = []
        agenda = Agenda(broken=lambda error: pytest.fail(str(error)))
        for number in range(1, 50):
            agenda.at(number * 0.02, times.append)
        await asyncio.sleep(2)
        return times

    assert run_in_virtual_time(main) == [number * 0.02 for number in range(1, 50)]


def test_an_action_that_raises_ends_its_agenda() -> None:
    async def main() -> tuple[list[str], list[str]]:
        errors: list[str] = []
        done: list[str] = []
        agenda = Agenda(broken=lambda error: errors.append(str(error)))

        def fail(now_s: float) -> None:
            raise ValueError("no")

        agenda.at(0.1, fail)
        agenda.at(0.2, lambda now_s: done.append("never"))
        await asyncio.sleep(1)
        return errors, done

    assert run_in_virtual_time(main) == (["no"], [])


async def test_beside_a_running_loop_it_runs_in_a_thread() -> None:
    async def main() -> str:
        await asyncio.sleep(500)
        return "done"

    assert await in_virtual_time(main) == "done"


async def test_cancelling_it_cancels_what_runs_there() -> None:
    began, ended = asyncio.Event(), []
    here = asyncio.get_running_loop()

    async def main() -> None:
        here.call_soon_threadsafe(began.set)
        try:
            while True:  # noqa: ASYNC110 - a loop that never ends by itself is the point
                await asyncio.sleep(1)
        finally:
            ended.append("cleaned up")

    work = asyncio.create_task(in_virtual_time(main))
    await began.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert ended == ["cleaned up"]


async def test_an_error_in_it_comes_out() -> None:
    async def main() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await in_virtual_time(main)
