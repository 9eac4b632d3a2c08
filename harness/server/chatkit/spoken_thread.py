"""A thread in a call of its own page.

It goes in, what is written reaches the call, what is said comes back as the events of ChatKit.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from harness.clock import Clock
from harness.context.binding import Binding
from harness.context.context import KEY, Context, Row, from_row
from harness.context.definition import ContextDefinition, without_tools
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.context.threads.pictures import Pictures, not_shown
from harness.context.transcript import Keep, Kept
from harness.errors import ContextError
from harness.realtime.client.outputs import SendEvent
from harness.realtime.wire import Event
from harness.server.calls.call_runner import CallRunner
from harness.server.chatkit.thread_tools import Act, ThreadTools

NOT_KEPT = "What is said cannot be kept in the thread at the moment; it is tried again."
NO_THREAD = "The thread was deleted: what is said from here on is not kept."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Written:
    row: Row


class SpokenThread:
    """One thread in one call, until the call is over.

    Args:
        thread: as it is kept.
        user: whose it is.
        rows: its items, the oldest first.
        call: one that has not begun.
        clock: for what is waited for.
        unix_time_s: gives the time since 1970.
        pictures: of the thread, those that the model is shown.
        most_picture_bytes: of one that comes later.
        context: what the call has of the thread, where it is a context that the call holds.
        has_tools: the context's tools are at work.

    Raises:
        UsageError: one of them cannot be had.
    """

    def __init__(
        self,
        thread: Row,
        user: str,
        rows: list[Row],
        call: CallRunner,
        threads: KeptThreads,
        clock: Clock,
        unix_time_s: Callable[[], float] = time.time,
        *,
        pictures: Pictures = MappingProxyType({}),
        most_picture_bytes: int = 0,
        context: Context | None = None,
        has_tools: bool = False,
    ) -> None:
        self.thread_id = str(thread["id"])
        self.user = user
        self.call_id = call.call_id
        self._call, self._threads = call, threads
        self._clock, self._unix_time_s = clock, unix_time_s
        context = context or _context_of(thread, user, unix_time_s())
        self._most_picture_bytes = most_picture_bytes
        self._queue: asyncio.Queue[Event | _Written | Act | None] = asyncio.Queue()
        self._tools = (
            ThreadTools(context, self._queue.put_nowait, clock.now_s, self._tool_failed)
            if has_tools
            else None
        )
        searches = self._tools is not None and self._tools.is_before_answers
        now_s = clock.now_s()
        self._binding = Binding(context, rows, (), now_s, searches=searches, pictures=pictures)
        self._changed = asyncio.Condition()
        shown = {key: value for key, value in thread.items() if key != "metadata"}
        page = {"data": [], "has_more": False}
        self._told: list[Row] = [{"type": "thread.updated", "thread": {**shown, "items": page}}]
        self._announced = len(self._told)
        self._waiting: list[Kept] = []
        self._known: set[str] = set()
        self._is_open = self._is_over = self._has_trouble = False
        call.watchers.append(self._queue.put_nowait)

    def write(self, row: Row) -> None:
        """Say to the call what the user wrote; it is in the thread already."""
        self._queue.put_nowait(_Written(row))

    async def events(self) -> AsyncIterator[Row]:
        """The thread, then what came of the call so far, then what comes until it is over."""
        position = 0
        while True:
            async with self._changed:
                while position == self._count and not self._is_over:
                    await self._changed.wait()
            if position == self._count:
                return
            yield self._told[position]
            position += 1

    async def run(self) -> None:
        """Follow the call until it is over."""
        over = asyncio.create_task(self._tell_over(), name="spoken thread's end")
        try:
            if self._tools is not None:
                await self._tools.open(self._binding)
            while (what := await self._queue.get()) is not None:
                if isinstance(what, _Written):
                    await self._look_at(what.row)
                self._take(what)
                self._send_all()
                await self._keep()
        finally:
            over.cancel()
            self._call.watchers.remove(self._queue.put_nowait)
            if self._tools is not None:
                await self._tools.stop()
            self._waiting += self._binding.end(*self._now())
            await self._keep()
            if self._tools is not None:
                self._waiting += map(Keep, await self._tools.finish(self._unix_time_s()))
                await self._keep()
            async with self._changed:
                self._is_over = True
                self._changed.notify_all()
            if self._waiting:
                _log.error("call %s: %d items were not kept", self.call_id, len(self._waiting))

    @property
    def _count(self) -> int:
        return len(self._told)

    def _now(self) -> tuple[float, float]:
        return self._clock.now_s(), self._unix_time_s()

    async def _tell_over(self) -> None:
        await self._call.over.wait()
        self._queue.put_nowait(None)

    async def _look_at(self, row: Row) -> None:
        """Get what the model is shown of a message."""
        with suppress(ContextError):  # then it is told that there is a picture, and no more
            found = await self._threads.pictures([row], self._most_picture_bytes)
            self._binding.pictures.update(found.shown)
            for one in not_shown([row], found):
                self._told.append(_notice(one.in_words))

    def _take(self, what: Event | _Written | Act) -> None:
        now_s, unix_s = self._now()
        if isinstance(what, _Written):
            self._binding.put_written(what.row, now_s)
            return
        if callable(what):
            what()
            return
        # A copy, as a client would have: the session goes on with its own.
        event = json.loads(json.dumps(what))
        self._waiting += self._binding.on_server_event(event, now_s, unix_s)
        if not self._is_open:
            self._is_open = True
            self._binding.open(now_s)

    def _send_all(self) -> None:
        outputs = self._binding.take_outputs()
        for output in outputs:
            if isinstance(output, SendEvent):
                self._call.receive_beside(json.dumps(output.event))
        if self._tools is not None:
            self._tools.carry_out(outputs)

    def _tool_failed(self, message: str) -> None:
        _log.warning("call %s: %s", self.call_id, message)
        self._told.append(_notice(message))
        self._queue.put_nowait(lambda: None)  # so that it is told now

    async def _keep(self) -> None:
        while self._waiting:
            try:
                event = await self._kept(self._waiting[0])
            except ContextError as error:
                if not self._has_trouble:
                    _log.error("call %s: %s", self.call_id, error)
                    self._told.append(_notice(NOT_KEPT))
                self._has_trouble = True
                break
            except KeyError:
                self._waiting.clear()
                self._told.append(_notice(NO_THREAD))
                break
            self._has_trouble = False
            self._told.append(event)
            self._waiting.pop(0)
        if self._count > self._announced:
            self._announced = self._count
            async with self._changed:
                self._changed.notify_all()

    async def _kept(self, kept: Kept) -> Row:
        if not isinstance(kept, Keep):
            await self._threads.ask(ThreadDatabase.delete_item, self.thread_id, kept.item_id)
            self._known.discard(kept.item_id)
            return {"type": "thread.item.removed", "item_id": kept.item_id}
        await self._threads.ask(ThreadDatabase.save_item, self.thread_id, kept.row)
        is_new = kept.row["id"] not in self._known
        self._known.add(kept.row["id"])
        return {
            "type": "thread.item.done" if is_new else "thread.item.replaced",
            "item": kept.row,
        }


def _context_of(thread: Row, user: str, unix_s: float) -> Context:
    """The thread as a context: its instructions and state, if it is one, and no tools.

    Ids of what is said are made of the call's number: the time makes one that no other call has.
    """
    number = int(unix_s * 1000)
    if KEY in (thread.get("metadata") or {}):
        kept = from_row(thread)
        return replace(kept, definition=without_tools(kept.definition), calls=number)
    definition = ContextDefinition(name="chat")
    return Context(str(thread["id"]), definition, user, unix_s, unix_s, calls=number)


def _notice(message: str) -> dict[str, Any]:
    return {"type": "notice", "level": "warning", "message": message}
