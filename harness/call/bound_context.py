"""A context bound to a running call: the thread goes in, what is said and done goes back.

One task follows the call's events; what it sends, and what `BoundContext.put` does, goes out
in one order. The file may fail meanwhile: the call goes on, what could not be kept is tried again
with the next item, and the error is raised at the end if it is still not kept.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from harness.call.events import CallEvent
from harness.client.tool_runs import ToolRuns
from harness.context.approval import Approve
from harness.context.attachments import AttachedFile, attachment_row
from harness.context.binding import Binding
from harness.context.context import Context, Row
from harness.context.definition import ContextDefinition
from harness.context.delivery import LateResult
from harness.context.threads.choice import ContextChoice
from harness.context.threads.contexts import Contexts
from harness.context.threads.held import HeldContext, held_context
from harness.context.threads.keeper import ThreadKeeper
from harness.context.threads.pictures import Pictures, bytes_in_message, not_shown
from harness.context.transcript import Keep
from harness.context.work.call_tools import CallTools
from harness.context.work.late_results import LateResults
from harness.errors import HarnessError
from harness.facts.catalogue import AnyFact
from harness.facts.contexts import (
    ContextBound,
    ContextReleased,
    NotPutIn,
    PictureNotShown,
)
from harness.realtime.client.outputs import CancelTool, Output, RunTool, SendEvent
from harness.realtime.items import Item
from harness.streams.event_stream import EventStream

Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class CallEnd:
    """What a context needs of the call that it is bound to."""

    events: EventStream[CallEvent]
    send: Send
    note: Callable[[AnyFact], None]
    now: Callable[[], float]
    """On the call's timeline."""

    is_real_time: bool
    most_message_bytes: int
    """Of one event that is sent."""


@asynccontextmanager
async def bound_context(
    choice: ContextChoice, call: CallEnd, within_s: float, *, from_start: bool
) -> AsyncIterator[BoundContext]:
    """A context in a call that is up; with the block's end the call has it no more.

    Args:
        within_s: how long another call is waited for, and then the server.
        from_start: what was said before counts; else it is none of the context's.

    Raises:
        ContextInUse: another call has it.
        ContextLocked, ContextEnded, ContextExpired: no call may begin with it.
        ContextError: the file cannot be used; or, at the end, something could not be kept.
        UsageError: it is a user's and none is named, or one of its tools cannot be had.
    """
    async with held_context(choice, within_s, in_thread=call.is_real_time) as held:
        rows = await held.contexts.items(held.context)
        pictures = await _shown(rows, held.contexts, call)
        bound = BoundContext(held, rows, choice.approve, call, pictures)
        try:
            await bound.open(within_s, from_start=from_start)
            yield bound
        finally:
            await bound.aclose()


async def _shown(rows: Sequence[Row], contexts: Contexts, call: CallEnd) -> Pictures:
    """The pictures in these items that the model is shown; the others are told."""
    most_bytes = bytes_in_message(call.most_message_bytes)
    found = await contexts.pictures(rows, most_bytes, in_thread=call.is_real_time)
    for one in not_shown(rows, found):
        call.note(PictureNotShown(one.attachment_id, one.name, one.why, one.error))
    return found.shown


class BoundContext:
    """One context in one call. Made by `bound_context`."""

    def __init__(
        self,
        held: HeldContext,
        rows: Sequence[Row],
        approve: Approve | None,
        call: CallEnd,
        pictures: Pictures,
    ) -> None:
        self._contexts = held.contexts
        self._call = call
        self._approve = approve
        self._numbers = count(1)
        self._all_tools: list[CallTools] = []
        """Also those of earlier definitions: what they think about is still wanted."""

        self._tools = tools = self._tools_of(held.context)
        self._binding = Binding(
            held.context,
            rows,
            tools.tools,
            call.now(),
            searches=tools.is_before_answers,
            pictures=pictures,
        )
        self._keeper = ThreadKeeper(held.contexts, held.context, call.note)
        self._late = LateResults(call.note, call.now)
        self._runs = ToolRuns(self._tool_finished, in_thread=call.is_real_time)
        self._order = asyncio.Lock()
        self._changed = asyncio.Condition()
        self._events = call.events.reader(holds=True)
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._later: set[asyncio.Task[None]] = set()
        self._is_over = False

    @property
    def context(self) -> Context:
        """As it stands in this call."""
        return self._binding.context

    async def open(self, within_s: float, *, from_start: bool) -> None:
        """Put the thread in, and follow the call from now on."""
        began_s = self._call.now()
        await self._tools.open()
        self._binding.offer(self._tools.tools, self._tools.instructions)
        for event in self._events.take_available():
            self._take(event)
        if not from_start:
            self._binding.skip_so_far()
            self._keeper.clear()
        async with self._order:
            self._binding.open(self._call.now())
            await self._carry_out()
        self._task = asyncio.create_task(self._follow(), name="call-context")
        async with self._changed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self._changed.wait_for(lambda: self._is_over or self._binding.is_ready)
        self._note_bound(began_s)

    async def put(self, made: Callable[[Binding, float, float], tuple[Row, Item]]) -> None:
        """Put something of the user's into the thread, then into the session, which answers.

        Args:
            made: of the binding, now on the call's clock, and now since 1970.

        Raises:
            ContextError: it cannot be kept; nothing was sent.
            HarnessError: the call's channel is closed.
        """
        async with self._order:
            row, item = made(self._binding, self._call.now(), self._unix_s)
            await self._keeper.save(row)
            self._binding.send_typed(item, self._call.now())
            await self._carry_out()

    async def keep_attachment(self, number: int, file: AttachedFile) -> Row:
        """Keep a file for a message that is still to come; raises `ContextError`."""
        row = attachment_row(self.context, number, file, self._unix_s)
        await self._contexts.save_attachment(self.context, row, file.content)
        shown = await _shown([{"attachments": [row]}], self._contexts, self._call)
        self._binding.pictures.update(shown)
        return {key: value for key, value in row.items() if key != "metadata"}

    async def set_state(self, state: Mapping[str, Any]) -> None:
        """Keep values for later, and tell the model; raises `ContextError`."""
        await self._change(await self._contexts.set_state(self.context, state))

    async def redefine(self, definition: ContextDefinition) -> None:
        """Another definition from here on; raises `ContextError` and, of a tool, `UsageError`."""
        if definition == self.context.definition:
            await self._change(await self._contexts.redefine(self.context, definition))
            return
        # Before it is kept: another call could not be had with tools that are not there.
        tools = await self._opened(replace(self.context, definition=definition))
        try:
            context = await self._contexts.redefine(self.context, definition)
        except BaseException:
            await self._close(tools)
            raise
        await self._change(context, tools)

    async def release(self) -> None:
        """Let the call go on without it; what was said so far is kept."""
        async with self._order:
            self._keeper.add(self._binding.release(self._call.now(), self._unix_s))
            await self._carry_out()
        self._is_over = True
        self._call.note(ContextReleased(self.context.name, self.context.id))

    async def wait_items(
        self, fits: Callable[[Sequence[Row]], bool], within_s: float
    ) -> Sequence[Row]:
        """The thread's items, once they fit, or as they are after so long."""
        rows = await self._contexts.items(self.context)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s), self._changed:
                while not fits(rows):
                    await self._changed.wait()
                    rows = await self._contexts.items(self.context)
        return rows

    async def aclose(self) -> None:
        """Keep what is left to keep, and end all that was begun.

        Raises:
            ContextError: something could not be kept.
        """
        if self._timer is not None:
            self._timer.cancel()
        for task in [self._task, *self._later]:
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await self._runs.aclose()
        if not self._is_over:
            for event in self._events.take_available():
                self._take(event)
            self._keeper.add(self._binding.end(self._call.now(), self._unix_s))
            self._is_over = True
        self._events.close()
        await self._keeper.keep()  # before long work is waited for
        try:
            await self._close(*self._all_tools)
        finally:
            rows = self._late.rows(self.context, self._binding.is_kept, self._unix_s)
            self._keeper.add(map(Keep, rows))
            await self._keeper.finish()

    # --- inside ---

    async def _change(self, context: Context, opened: CallTools | None = None) -> None:
        after = opened or self._tools
        if opened is None and context.definition != self.context.definition:
            after = await self._opened(context)  # another program has changed it
        async with self._order:
            self._tools = after
            self._binding.redefine(
                context,
                after.tools,
                self._call.now(),
                searches=after.is_before_answers,
                prompts=after.instructions,
            )
            await self._carry_out()

    async def _opened(self, context: Context) -> CallTools:
        tools = self._tools_of(context)
        try:
            await tools.open()
        except BaseException:
            await self._close(tools)
            raise
        return tools

    async def _close(self, *closed: CallTools) -> None:
        """All of them, also where one fails at that."""
        ends = await asyncio.gather(*(tools.aclose() for tools in closed), return_exceptions=True)
        self._all_tools = [tools for tools in self._all_tools if tools not in closed]
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    def _tools_of(self, context: Context) -> CallTools:
        is_real = self._call.is_real_time
        tools = CallTools(
            context, self._call.note, self._approve, numbers=self._numbers, in_thread=is_real
        )
        tools.thoughts.on_result = self._result_is_there
        tools.thoughts.on_replaced = self._drop_results
        self._all_tools.append(tools)
        return tools

    def _result_is_there(self, result: LateResult) -> None:
        self._late.came(result)
        if not self._is_over:
            self._do(lambda: self._binding.result_is_there(result, self._call.now()))

    def _drop_results(self, tool: str) -> None:
        self._binding.drop_results(tool)
        self._late.drop(tool)

    async def _follow(self) -> None:
        with contextlib.suppress(HarnessError):  # the call broke, and says so itself
            async for event in self._events:
                async with self._order:
                    self._take(event)
                    await self._carry_out()

    def _take(self, event: CallEvent) -> None:
        if event.source == "wire" and event.direction == "received" and not self._is_over:
            self._keeper.add(self._binding.on_server_event(event.data, event.t_s, self._unix_s))

    @property
    def _unix_s(self) -> float:
        return self._contexts.unix_time_s()

    async def _carry_out(self) -> None:
        """Do what the session wants, keep what came, and set the next wake-up."""
        while outputs := self._binding.take_outputs():
            # Together, in their order: a page takes a while over each.
            await asyncio.gather(
                *(self._send(output.event) for output in outputs if isinstance(output, SendEvent))
            )
            for output in outputs:
                self._run(output)
        self._late.put_in(self._binding.take_delivered())
        for query in self._binding.take_searches():
            self._begin(self._answer(query))
        await self._keeper.keep()
        async with self._changed:
            self._changed.notify_all()
        self._set_timer()

    async def _send(self, event: dict[str, Any]) -> None:
        with contextlib.suppress(HarnessError):  # the call is over, and says so itself
            await self._call.send(event)

    def _run(self, output: Output) -> None:
        match output:
            case RunTool(call_id, _, arguments, tool):
                self._runs.start(call_id, tool.function, arguments)
            case CancelTool(call_id):
                self._runs.cancel(call_id)

    def _tool_finished(self, call_id: str, output: object, error: BaseException | None) -> None:
        self._do(lambda: self._binding.session.tool_finished(
            call_id, output, error, self._call.now()))  # fmt: skip

    def _do(self, act: Callable[[], None]) -> None:
        """Let the session do something, in its turn."""

        async def work() -> None:
            async with self._order:
                act()
                await self._carry_out()

        self._begin(work())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="call-context-later")
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _answer(self, query: str) -> None:
        """Find what fits the user's words, then ask for the answer."""
        search = self._tools.search
        found = "" if search is None else await search.find(query)
        self._do(lambda: self._binding.answer_with(found, self._call.now()))

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wake_at_s = self._binding.wake_at_s()
        if wake_at_s is not None and not self._is_over:
            delay_s = max(0.001, wake_at_s - self._call.now())
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(
                delay_s, self._do, lambda: self._binding.advance(self._call.now())
            )

    def _note_bound(self, began_s: float) -> None:
        session = self._binding.session
        left_out = [NotPutIn(item_id=one.item_id, why=one.why) for one in session.left_out]
        context, took_s = self.context, self._call.now() - began_s
        self._call.note(
            ContextBound(
                context.name,
                context.id,
                context.calls,
                session.put_in_count,
                left_out,
                round(took_s, 6),
            )
        )
