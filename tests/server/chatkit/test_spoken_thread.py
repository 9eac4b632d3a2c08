"""A thread in a call: what goes in, what is told of it, and what happens when it cannot be kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from harness.clock import MonotonicClock
from harness.context.context import to_row
from harness.context.errors import ContextDamaged
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.server.calls.call_runner import CallRunner
from harness.server.chatkit.spoken_thread import NO_THREAD, NOT_KEPT, SpokenThread
from tests.support.contexts import (
    NOW,
    added,
    answered,
    context,
    done,
    session,
    truncated,
)
from tests.support.thread_rows import asked_row
from tests.support.waiting import until

THREAD = {"id": "thr_1", "created_at": "2026-01-01T00:00:00+00:00", "metadata": {"own": 1}}


class FakeCall:
    """As much of a call as a thread sees."""

    call_id = "rtc_u0_x"

    def __init__(self) -> None:
        self.watchers: list[Callable[[dict[str, Any]], None]] = []
        self.over = asyncio.Event()
        self.sent: list[dict[str, Any]] = []

    def receive_beside(self, text: str) -> bool:
        self.sent.append(json.loads(text))
        return True

    def tell(self, *events: dict[str, Any]) -> None:
        for event in events:
            for watcher in self.watchers:
                watcher(event)


class FailingThreads(KeptThreads):
    """Threads whose file can be made to fail."""

    is_failing = False

    async def ask(self, method: Any, *args: Any, **named: Any) -> Any:
        if self.is_failing and method is ThreadDatabase.save_item:
            raise ContextDamaged("The disk is full.")
        return await super().ask(method, *args, **named)


@asynccontextmanager
async def in_call(
    thread: dict[str, Any] | None = None, rows: list[dict[str, Any]] | None = None
) -> AsyncIterator[tuple[SpokenThread, FakeCall, FailingThreads]]:
    """A thread that a call has; the call ends with the block."""
    thread = THREAD if thread is None else thread
    call, threads = FakeCall(), FailingThreads()
    await threads.ask(ThreadDatabase.save_thread, "kim", thread)
    spoken = SpokenThread(
        thread, "kim", rows or [], cast("CallRunner", call), threads, MonotonicClock(), lambda: NOW
    )
    task = asyncio.create_task(spoken.run())
    try:
        yield spoken, call, threads
    finally:
        call.over.set()
        await task
        await threads.aclose()


async def told(spoken: SpokenThread) -> list[dict[str, Any]]:
    """All events up to the end."""
    return [event async for event in spoken.events()]


async def test_the_thread_goes_in_and_what_is_written_after_it() -> None:
    async with in_call(rows=[asked_row()]) as (spoken, call, _):
        call.tell(session(instructions="Be brief."))
        spoken.write({**asked_row(), "id": "msg_9"})
        await until(lambda: len(call.sent) == 3)
    kinds = [(one["type"], one.get("item", {}).get("id")) for one in call.sent]
    assert kinds == [
        ("conversation.item.create", "msg_1"),
        ("conversation.item.create", "msg_9"),
        ("response.create", None),
    ]
    assert call.watchers == []


async def test_a_picture_that_the_model_does_not_see_is_told_on_the_page() -> None:
    photo = {"id": "atc_1", "type": "image", "name": "menu.webp", "mime_type": "image/webp"}
    async with in_call() as (spoken, call, _):
        call.tell(session())
        spoken.write(asked_row(attachments=[photo]))
        await until(lambda: "response.create" in [one["type"] for one in call.sent])
        call.over.set()
        events = await told(spoken)
    (notice,) = [event for event in events if event["type"] == "notice"]
    assert notice["message"].startswith("The model does not see “menu.webp”: it was announced")


async def test_what_is_said_is_told_as_it_is_kept() -> None:
    """An answer that is cut afterwards takes its own place; nothing of it heard, it goes."""
    async with in_call() as (spoken, call, threads):
        call.tell(session(), added(answered("a1", "", "in_progress")))
        call.tell(done(answered("a1", "We are open from nine to five.")))
        call.tell(truncated("a1", 1000), truncated("a1", 0))
        call.over.set()
        events = await told(spoken)
        assert await threads.all_items("thr_1") == []
    assert [one["type"] for one in events] == [
        "thread.updated",
        "thread.item.done",
        "thread.item.replaced",
        "thread.item.removed",
    ]
    assert "metadata" not in events[0]["thread"]
    assert events[2]["item"]["content"][0]["text"] == "We are open"


async def test_what_cannot_be_kept_is_told_once_and_kept_later() -> None:
    async with in_call() as (spoken, call, threads):
        threads.is_failing = True
        call.tell(session(), added(answered("a1", "", "in_progress")))
        call.tell(done(answered("a1", "One.")))
        call.tell(added(answered("a2", "", "in_progress"), "a1"))
        call.tell(done(answered("a2", "Two."), "a1"))
        events = spoken.events()
        assert (await anext(events))["type"] == "thread.updated"
        assert await anext(events) == {"type": "notice", "level": "warning", "message": NOT_KEPT}
        threads.is_failing = False
        call.over.set()
        said = [event["item"]["content"][0]["text"] async for event in events]
        assert said == ["One.", "Two."]


async def test_a_thread_that_is_deleted_in_its_call_is_told() -> None:
    async with in_call() as (spoken, call, threads):
        await threads.ask(ThreadDatabase.delete_thread, "thr_1")
        call.tell(session(), added(answered("a1", "", "in_progress")))
        call.tell(done(answered("a1", "One.")))
        call.over.set()
        assert (await told(spoken))[-1]["message"] == NO_THREAD


async def test_a_thread_that_is_a_context_brings_its_instructions() -> None:
    row = to_row(context(instructions="Sell shoes."))
    async with in_call(row) as (_, call, _threads):
        call.tell(session(instructions="Be brief."))
        await until(lambda: bool(call.sent))
        assert call.sent[0]["session"]["instructions"] == "Be brief.\n\nSell shoes."
