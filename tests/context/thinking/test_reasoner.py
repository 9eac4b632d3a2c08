"""Whoever thinks long: asked, told of, given up; Python functions of each kind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from harness.context.errors import ReasonerFailed, ReasonerTooSlow
from harness.context.thinking.reasoner import (
    MAX_RESULT_CHARS,
    FunctionReasoner,
    Reasoner,
    Tell,
    Thought,
    thought_through,
)
from harness.errors import UsageError


async def later(day: str) -> dict[str, str]:
    await asyncio.sleep(0)
    return {"day": day}


def plain(day: str) -> str:
    return f"On {day}."


async def step_by_step(day: str) -> AsyncIterator[str]:
    yield "reading"
    yield f"On {day}, it rains."


async def nothing(day: str) -> AsyncIterator[str]:
    for text in list[str]():
        yield text


@pytest.mark.parametrize(
    ("function", "result", "progress"),
    [
        (later, '{"day":"Sunday"}', []),
        (plain, "On Sunday.", []),
        (step_by_step, "On Sunday, it rains.", ["reading", "On Sunday, it rains."]),
        (nothing, "null", []),
    ],
)
async def test_a_function_is_one(function: Any, result: str, progress: list[str]) -> None:
    told: list[str] = []
    reasoner = FunctionReasoner(function)
    assert isinstance(reasoner, Reasoner)
    assert await thought_through(reasoner, {"day": "Sunday"}, told.append, 5) == result
    assert told == progress


async def test_a_plain_function_that_hangs_keeps_no_program_from_ending() -> None:
    def where() -> str:
        return f"daemon: {threading.current_thread().daemon}"

    assert await thought_through(FunctionReasoner(where), {}, print, 5) == "daemon: True"


class Slow:
    """Ends when it is cancelled, or not even then; or fails."""

    def __init__(self, *, listens: bool = True, fails: bool = False) -> None:
        self._fails = fails
        self.was_cancelled = False
        self._listens = listens

    async def start(self, arguments: Mapping[str, Any], tell: Tell) -> Thought:
        return self

    async def result(self) -> object:
        if self._fails:
            raise OSError("ran out of paper")
        return await asyncio.Event().wait()

    async def cancel(self) -> None:
        self.was_cancelled = True
        if not self._listens:
            raise RuntimeError("no")


@pytest.mark.parametrize("listens", [True, False])
async def test_one_that_never_ends_is_cancelled(listens: bool) -> None:
    slow = Slow(listens=listens)
    with pytest.raises(ReasonerTooSlow, match=r"0\.05 s"):
        await thought_through(slow, {}, print, 0.05)
    assert slow.was_cancelled


async def test_one_that_fails_is_cancelled_too() -> None:
    """What it holds is given back."""
    slow = Slow(fails=True)
    with pytest.raises(ReasonerFailed, match="ran out of paper"):
        await thought_through(slow, {}, print, 5)
    assert slow.was_cancelled


async def test_who_gives_up_cancels_it() -> None:
    slow = Slow()
    task = asyncio.create_task(thought_through(slow, {}, print, 60))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert slow.was_cancelled


async def test_a_function_that_is_given_up_does_not_go_on() -> None:
    ended = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(ReasonerTooSlow):
        await thought_through(FunctionReasoner(endless), {}, print, 0.05)
    assert ended.is_set()


@pytest.mark.parametrize(
    ("gives", "told"),
    [
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero"),
        (UsageError("No such day."), r"^No such day\.$"),
        (TimeoutError("the library was closed"), "the library was closed"),
        ("x" * (MAX_RESULT_CHARS + 1), "too long"),
    ],
)
async def test_what_went_wrong_is_told(gives: Any, told: str) -> None:
    async def work() -> str:
        if isinstance(gives, Exception):
            raise gives
        return str(gives)

    with pytest.raises(ReasonerFailed, match=told):
        await thought_through(FunctionReasoner(work), {}, print, 5)
