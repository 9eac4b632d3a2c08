"""The context of a client's calls: its thread is their history, what they say goes back into it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import Any

from harness.client.core import ClientCore
from harness.client.late_delivery import LateDelivery
from harness.context.approval import Approve
from harness.context.attachments import AttachedFile, attachment_row, read_attachment
from harness.context.context import Context, Row
from harness.context.errors import (
    AttachmentError,
    KnowledgeError,
    ReasonerError,
    ToolServerError,
)
from harness.context.own_shapes import conversation_items
from harness.context.searches import as_system, words_to_search_for
from harness.context.settings import definitions_of, instructions_with
from harness.context.thread_items import history_of_thread, kept_id, noted_row, written_row
from harness.context.threads.choice import AnyContext, chosen
from harness.context.threads.held import HeldContext, held_context
from harness.context.threads.keeper import ThreadKeeper
from harness.context.threads.pictures import bytes_in_message, not_shown
from harness.context.transcript import CallTranscript, Keep
from harness.context.widgets import WidgetAction, find_pressable, to_press
from harness.context.work.call_tools import CallTools
from harness.context.work.late_results import LateResults
from harness.errors import ContextError, UsageError
from harness.facts.contexts import (
    ContextFact,
    ContextTrouble,
    KnowledgeFailed,
    McpFailed,
    ThinkingEnded,
)
from harness.paths import StrPath
from harness.peer.backends import most_message_bytes
from harness.realtime.client.events import ConnectionLost, RealtimeEvent
from harness.realtime.client.outputs import SessionEvent
from harness.realtime.client.settings import SessionSettings, Transcription
from harness.realtime.client.tools import Tool, tool_from
from harness.realtime.items import Item, is_user_message, text_of
from harness.realtime.widgets import action_note


class ClientContext:
    """Of one client, from call to call.

    Args:
        wanted: the context; None for none.
        within_s: how long another call is waited for, where the context says that calls wait.
    """

    def __init__(self, core: ClientCore, wanted: AnyContext | None, within_s: float) -> None:
        self._core = core
        self._choice = None if wanted is None else chosen(wanted)
        self._within_s = within_s
        self._own = (core.session.settings, core.parts.tools)
        self._stack = AsyncExitStack()
        self._call: _ContextCall | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether calls have a context."""
        return self._choice is not None

    @property
    def value(self) -> Context | None:
        """As it stands in the call that is open, or was last."""
        return None if self._call is None else self._call.context

    @asynccontextmanager
    async def beginning(self) -> AsyncIterator[None]:
        """The block connects; before it the context is taken, and given free where that fails.

        Raises:
            ContextError: it cannot be had.
            UsageError: it is a user's and none is named, or one of its tools cannot be had.
        """
        if self._choice is None or self._core.is_live:
            yield
            return
        await self.end()
        block = held_context(self._choice, self._within_s)
        held = await self._stack.enter_async_context(block)
        try:
            await self._begin(held)
            yield
        except BaseException:
            await self.end()
            raise

    async def end(self) -> None:
        """The call is over: what is left is kept.

        Raises:
            ContextError: something could not be kept.
        """
        call, self._call = self._call, None
        stack, self._stack = self._stack, AsyncExitStack()
        try:
            if call is not None:
                await call.aclose()
        finally:
            await stack.aclose()

    async def type_text(self, text: str) -> None:
        """See `RealtimeClient.type_text`."""
        self._core.live_shell()
        if self._call is None:
            part = {"type": "input_text", "text": text}
            self._put_in({"type": "message", "role": "user", "content": [part]})
        else:
            self._put_in(await self._call.keep_typed(text))

    async def attach(self, file: StrPath, mime_type: str | None, alone: bool) -> None:
        """See `RealtimeClient.attach`."""
        await self._required().keep_attachment(read_attachment(file, mime_type))
        if alone:
            await self.type_text("")

    async def press(self, name: str, values: Mapping[str, Any] | None, within_s: float) -> None:
        """See `RealtimeClient.press`."""
        call = self._required()
        rows = await call.wait_items(lambda rows: find_pressable(rows, name) is not None, within_s)
        widget_id, pressed = to_press(rows, name, values)
        self._put_in(await call.keep_pressed(pressed.action, widget_id))

    async def items(self) -> Sequence[Row]:
        """See `RealtimeClient.thread_items`."""
        return await self._required().wait_items(lambda rows: True, 0.0)

    def _put_in(self, item: Item) -> None:
        """Into the conversation, with an answer to it; after a search, where one comes before."""
        runner = self._core.live_shell()
        runner.ask(lambda session: session.create_item(item))
        if self._call is not None and self._call.is_before_answers and is_user_message(item):
            self._call.answer(text_of(item))
        else:
            runner.ask(lambda session: session.respond())

    def _required(self) -> _ContextCall:
        """The call with its context.

        Raises:
            NotConnected: there is no call.
            UsageError: it has no context.
        """
        self._core.live_shell()
        if self._call is None:
            raise UsageError(
                "This call has no context.",
                expected="a client that was made with one",
                hint='RealtimeClient(…, context="restaurant.yaml")',
            )
        return self._call

    async def _begin(self, held: HeldContext) -> None:
        context, (settings, tools) = held.context, self._own
        assert self._choice is not None
        call = _ContextCall(self._core, held, self._choice.approve)
        self._call = call  # so that it is ended, whatever fails from here on
        await call.open()
        done = [*map(tool_from, tools), *call.tools]
        self._core.begin_anew(_with_context(settings, context, done, call.instructions), done)
        rows = await held.contexts.items(context)
        found = await held.contexts.pictures(rows, call.most_picture_bytes)
        call.pictures.update(found.shown)
        history = history_of_thread(rows, context.definition.history_tokens, call.pictures)
        self._core.restore(history)
        call.start([item["id"] for item in history.items])


class _ContextCall:
    """One call with its context."""

    def __init__(self, core: ClientCore, held: HeldContext, approve: Approve | None) -> None:
        self.context = held.context
        self._core = core
        self._held = held
        self._tools = CallTools(held.context, self._note, approve)
        self._transcript = CallTranscript(held.context)
        self._keeper = ThreadKeeper(held.contexts, held.context, self._note)
        self._late = LateResults(self._note, core.now_s)
        self._delivery = LateDelivery(core, self._late)
        self._tools.thoughts.on_result = self._delivery.came
        self._tools.thoughts.on_replaced = self._delivery.drop
        self._events = core.events.reader(from_start=False)
        self._task: asyncio.Task[None] | None = None
        self._later: set[asyncio.Task[None]] = set()
        self._typed = self._pressed = 0
        self._files = count(1)
        self._attached: list[Row] = []
        """Files for the next message."""

        self._changed = asyncio.Condition()
        self.pictures: dict[str, str] = {}
        """Those that the model is shown, by the ids of their attachments."""

    async def open(self) -> None:
        """Ask the context's tool servers for their tools."""
        await self._tools.open()

    @property
    def tools(self) -> list[Tool]:
        """What the program does for the context."""
        return self._tools.tools

    @property
    def instructions(self) -> str:
        """What its tool servers' prompts say."""
        return self._tools.instructions

    def start(self, put_in: Iterable[str]) -> None:
        """Follow the client's events from now on; these items come from the thread."""
        for item_id in put_in:
            self._transcript.is_there(item_id)
        self._task = asyncio.create_task(self._follow(), name="client-context")

    @property
    def most_picture_bytes(self) -> int:
        """Of a picture that the model is shown."""
        return bytes_in_message(most_message_bytes(self._core.parts.make_peer))

    async def keep_typed(self, text: str) -> Item:
        """Keep what the user writes, with what is attached; gives its item of the conversation."""
        self._typed += 1
        item_id = kept_id(self.context, f"typed {self._typed}")
        attached, self._attached = self._attached, []
        row = written_row(self.context, item_id, text, self._unix_s, attached)
        try:
            return await self._kept(row)
        except ContextError:
            self._attached = attached + self._attached
            raise

    async def keep_pressed(self, action: WidgetAction, widget_id: str) -> Item:
        """Keep an action of a widget; gives the note of it in the conversation."""
        self._pressed += 1
        item_id = kept_id(self.context, f"action {self._pressed}")
        note = action_note(action.type, action.payload, widget_id)
        return await self._kept(noted_row(self.context, item_id, note, self._unix_s))

    async def keep_attachment(self, file: AttachedFile) -> None:
        """Keep a file for the next message."""
        row = attachment_row(self.context, next(self._files), file, self._unix_s)
        await self._held.contexts.save_attachment(self.context, row, file.content)
        rows = [{"attachments": [row]}]
        found = await self._held.contexts.pictures(rows, self.most_picture_bytes)
        self.pictures.update(found.shown)
        for one in not_shown(rows, found):
            error = found.failed.get(one.attachment_id)
            kind = type(error) if isinstance(error, AttachmentError) else AttachmentError
            self._core.tell_error(kind(one.in_words))
        self._attached.append({key: value for key, value in row.items() if key != "metadata"})

    async def wait_items(
        self, fits: Callable[[Sequence[Row]], bool], within_s: float
    ) -> Sequence[Row]:
        """The thread's items, once they fit, or as they are after so long."""
        rows = await self._held.contexts.items(self.context)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s), self._changed:
                while not fits(rows):
                    await self._changed.wait()
                    rows = await self._held.contexts.items(self.context)
        return rows

    async def _kept(self, row: Row) -> Item:
        self._transcript.is_there(row["id"])
        await self._keeper.save(row)
        return conversation_items([row], self.pictures)[0]

    @property
    def is_before_answers(self) -> bool:
        """Whether each answer waits for a search."""
        return self._tools.is_before_answers

    def answer(self, words: str) -> None:
        """Find what fits the user's words, then ask for the answer."""
        task = asyncio.create_task(self._answer(words), name="client-context-search")
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _answer(self, words: str) -> None:
        assert self._tools.search is not None
        item = as_system(await self._tools.search.find(words))
        if self._core.is_live:
            self._core.runner.ask(lambda session: session.create_item(item))
            self._core.runner.ask(lambda session: session.respond())

    async def aclose(self) -> None:
        """Keep what is left."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for task in list(self._later):
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)
        for event in self._events.take_available():
            self._take(event)
        self._events.close()
        self._delivery.close()
        self._tools.thoughts.on_result = self._late.came
        self._keeper.add(self._transcript.end(self._core.now_s(), self._unix_s))
        await self._keeper.keep()  # before long work is waited for
        try:
            await self._tools.aclose()
        finally:
            rows = self._late.rows(self.context, self._transcript.is_kept, self._unix_s)
            self._keeper.add(map(Keep, rows))
            await self._keeper.finish()

    @property
    def _unix_s(self) -> float:
        return self._held.contexts.unix_time_s()

    async def _follow(self) -> None:
        async for event in self._events:
            self._take(event)
            await self._keeper.keep()
            async with self._changed:
                self._changed.notify_all()

    def _take(self, event: SessionEvent) -> None:
        fact = event.fact
        if isinstance(fact, RealtimeEvent) and fact.direction == "received":
            kept = self._transcript.on_server_event(dict(fact.event), event.t_s, self._unix_s)
            self._keeper.add(kept)
            self._delivery.on_server_event(dict(fact.event), event.t_s)
            if self.is_before_answers:
                for words in words_to_search_for(dict(fact.event)):
                    self.answer(words)
        elif isinstance(fact, ConnectionLost):
            self._keeper.add(self._transcript.lost(event.t_s, self._unix_s))
            self._delivery.lost(event.t_s)

    def _note(self, fact: ContextFact) -> None:
        if isinstance(fact, KnowledgeFailed):
            self._core.tell_error(KnowledgeError(fact.message))
        if isinstance(fact, McpFailed):
            self._core.tell_error(ToolServerError(fact.message))
        if isinstance(fact, ThinkingEnded) and fact.status == "failed":
            self._core.tell_error(ReasonerError(fact.text))
        if isinstance(fact, ContextTrouble) and self._keeper.trouble is not None:
            self._core.tell_error(self._keeper.trouble)


def _with_context(
    settings: SessionSettings, context: Context, done: Iterable[Tool], prompts: str
) -> SessionSettings:
    """The settings with the context's part; what a program does itself is not given by hand."""
    names = {tool.name for tool in done} | {raw.get("name") for raw in settings.functions}
    knowledge, turns = context.definition.knowledge, settings.turn_detection
    if knowledge is not None and knowledge.use == "before" and turns is not None:
        turns = turns.model_copy(update={"create_response": False})
    by_hand = [one for one in definitions_of(context, ()) if one["name"] not in names]
    return settings.model_copy(
        update={
            "instructions": instructions_with(settings.instructions or "", context, prompts)
            or None,
            "functions": [*settings.functions, *by_hand],
            "transcription": settings.transcription or Transcription(),
            "turn_detection": turns,
        }
    )
