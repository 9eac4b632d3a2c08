"""Tools run beside the call; how each ended is told once."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import Any

import pytest

from harness.client.tool_runs import ToolRuns


class Told:
    def __init__(self) -> None:
        self.ends: list[tuple[str, object, BaseException | None]] = []
        self._changed = asyncio.Event()

    def __call__(self, call_id: str, output: object, error: BaseException | None) -> None:
        self.ends.append((call_id, output, error))
        self._changed.set()

    async def one(self) -> tuple[str, object, BaseException | None]:
        async with asyncio.timeout(10):
            await self._changed.wait()
        return self.ends[0]


def plain(a: int) -> int:
    return a + 1


async def coroutine(a: int) -> int:
    await asyncio.sleep(0)
    return a + 1


class Callable:
    async def __call__(self, a: int) -> int:
        return a + 1


@pytest.mark.parametrize("function", [plain, coroutine, Callable(), lambda a: coroutine(a)])
async def test_any_kind_of_callable_gives_its_result(function: Any) -> None:
    told = Told()
    ToolRuns(told).start("call_1", function, {"a": 1})
    assert await told.one() == ("call_1", 2, None)


def stops(a: int) -> int:
    raise StopIteration("done")


def leaves(a: int) -> int:
    raise SystemExit(3)


def divides(a: int) -> float:
    return a / 0


async def cancels_itself(a: int) -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("function", [stops, leaves, divides, cancels_itself])
async def test_whatever_it_raises_is_told(function: Any) -> None:
    told, runs = Told(), None
    runs = ToolRuns(told)
    runs.start("call_1", function, {"a": 1})
    _, output, error = await told.one()
    assert output is None
    assert isinstance(error, Exception)
    assert runs.running == []


async def test_a_call_is_started_once() -> None:
    told, calls = Told(), []
    runs = ToolRuns(told)
    for _ in range(2):
        runs.start("call_1", lambda a: calls.append(a), {"a": 1})
    await told.one()
    assert calls == [1]


async def test_a_plain_function_that_hangs_holds_up_nothing() -> None:
    """Neither the loop, nor other tools, nor the end."""
    told, gate = Told(), threading.Event()
    runs = ToolRuns(told)
    for n in range(50):
        runs.start(f"hangs_{n}", lambda: gate.wait(20), {})
    runs.start("call_1", plain, {"a": 1})
    assert (await told.one())[0] == "call_1"
    runs.cancel("hangs_0")
    await runs.aclose()
    gate.set()
    assert [call_id for call_id, _, _ in told.ends] == ["call_1"]


async def test_closing_cancels_async_tools_and_waits_for_them() -> None:
    told, tidied = Told(), []

    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            tidied.append(True)

    runs = ToolRuns(told)
    runs.start("call_1", slow, {})
    await asyncio.sleep(0)
    await runs.aclose()
    assert tidied == [True]
    assert told.ends == []


async def test_context_variables_reach_plain_functions() -> None:
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name")
    name.set("Ada")
    told = Told()
    ToolRuns(told).start("call_1", lambda: name.get(), {})
    assert (await told.one())[1] == "Ada"
