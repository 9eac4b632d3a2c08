"""ChatKit's server on the official package, answered by the assistants of the voice side."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from chatkit.actions import Action
from chatkit.errors import CustomStreamError
from chatkit.server import ChatKitServer
from chatkit.store import NotFoundError
from chatkit.types import (
    AudioInput,
    ErrorEvent,
    FeedbackKind,
    HiddenContextItem,
    NoticeEvent,
    StreamingReq,
    SyncCustomActionResponse,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadsRetryAfterItemReq,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageItem,
    WidgetItem,
)

from harness.context.context import KEY, Context, from_row
from harness.context.definition import ContextDefinition, without_hands
from harness.context.own_shapes import conversation_items
from harness.context.settings import instructions_with
from harness.context.text_prompt import prompt_of
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.context.threads.pictures import IN_WRITING_BYTES, not_shown
from harness.errors import AssistantError, ContextError, UsageError
from harness.realtime.items import Item
from harness.realtime.server.assistants.assistant import Assistant, Prompt
from harness.realtime.widgets import action_note
from harness.server.chatkit.attachments import KeptAttachments, NotAllowed
from harness.server.chatkit.context_tools import in_words
from harness.server.chatkit.dictation import decoded
from harness.server.chatkit.spoken_thread import SpokenThread
from harness.server.chatkit.store import KeptStore
from harness.server.chatkit.thread_writer import ThreadWriter
from harness.server.chatkit.visitor import Visitor
from harness.server.chatkit.written_turn import WrittenTools, WrittenTurn, with_found

MOST_TITLE_CHARS = 60

_log = logging.getLogger(__name__)

Recognise = Callable[[Any, int], Awaitable[str]]
"""The words in samples (float32, mono) of a rate in hertz."""


class ChatService(ChatKitServer[Visitor]):
    """All request types of the protocol.

    Args:
        threads: where they are kept.
        assistant: gives whoever answers now.
        recognise: hears dictation.
        spoken: threads that a call has now: what is written there is answered in the call.
        contexts: gives those whose tools are at work, by their names.
    """

    def __init__(
        self,
        threads: KeptThreads,
        assistant: Callable[[], Assistant],
        recognise: Recognise,
        spoken: Mapping[str, SpokenThread] = MappingProxyType({}),
        contexts: Callable[[], Mapping[str, ContextDefinition]] = dict,
    ) -> None:
        super().__init__(KeptStore(threads), KeptAttachments(threads))
        self._threads = threads
        self._assistant = assistant
        self._recognise = recognise
        self._spoken = spoken
        self._contexts = contexts
        self._open: set[WrittenTools] = set()
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def is_busy(self) -> bool:
        """Whether the tools of an answer are at work, or end."""
        return bool(self._open)

    async def aclose(self) -> None:
        """Let no answer wait for long work any more; what that comes to is kept."""
        waiting = [tools for tools in self._open if tools.is_waiting]
        for tools in self._open:
            tools.give_up()
        await asyncio.gather(*(tools.over.wait() for tools in waiting))

    async def respond(
        self,
        thread: ThreadMetadata,
        input_user_message: UserMessageItem | None,
        context: Visitor,
    ) -> AsyncGenerator[ThreadStreamEvent, None]:
        """The assistant's answer to what the thread ends with."""
        _refuse_closed(thread)
        if (call := self._spoken.get(thread.id)) is not None and input_user_message is not None:
            call.write(input_user_message.model_dump(mode="json"))
            _name(thread, input_user_message, context)
            return
        words = "" if input_user_message is None else _words(input_user_message)
        for message in await self._not_shown(input_user_message):
            yield NoticeEvent(level="warning", message=message)
        writer = self._writer(thread, context)
        async with aclosing(self._answer(thread, writer, words=words)) as events:
            async for event in events:
                yield event
        if input_user_message is not None:
            _name(thread, input_user_message, context)

    async def action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Visitor,
    ) -> AsyncGenerator[ThreadStreamEvent, None]:
        """The assistant's answer to a widget's action; a hidden note of it stays in the thread."""
        _refuse_closed(thread)
        note = self._note(thread, action, sender, context)
        yield ThreadItemDoneEvent(item=note)
        if (call := self._spoken.get(thread.id)) is not None:
            call.write(note.model_dump(mode="json"))
            return
        writer = self._writer(thread, context)
        async with aclosing(self._answer(thread, writer, action=action)) as events:
            async for event in events:
                yield event

    async def sync_action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Visitor,
    ) -> SyncCustomActionResponse:
        """A widget of the answer takes the place of the one that was used; words become items."""
        _refuse_closed(thread)
        note = self._note(thread, action, sender, context)
        await self.store.add_thread_item(thread.id, note, context)
        writer = self._writer(thread, context)
        updated: WidgetItem | None = None
        try:
            async with aclosing(self._answer(thread, writer, action=action)) as events:
                async for event in events:
                    shown = event.item if isinstance(event, ThreadItemDoneEvent) else None
                    if isinstance(shown, WidgetItem) and sender is not None and updated is None:
                        updated = shown.model_copy(update={"id": sender.id})
                        await self.store.save_item(thread.id, updated, context)
                        continue
                    await self._keep(thread, [event], context)
        finally:
            await self._keep(thread, writer.finish(), context)
        return SyncCustomActionResponse(updated_item=updated)

    async def add_feedback(
        self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: Visitor
    ) -> None:
        """Keep what the user thinks of items, each of which has to be there."""
        await self.store.load_thread(thread_id, context)
        for item_id in item_ids:
            await self.store.load_item(thread_id, item_id, context)
        await self._threads.ask(ThreadDatabase.save_feedback, thread_id, item_ids, str(feedback))

    async def transcribe(self, audio_input: AudioInput, context: Visitor) -> TranscriptionResult:
        """The words that the recogniser hears in dictated sound."""
        samples, rate_hz = await decoded(audio_input.data)
        return TranscriptionResult(text=await self._recognise(samples, rate_hz))

    async def _process_streaming_impl(
        self, request: StreamingReq, context: Visitor
    ) -> AsyncGenerator[ThreadStreamEvent, None]:
        """The events of a turn, once it is sure that it may begin: the package looks later.

        Raises:
            NotFoundError: there is no such thread, item or attachment of the visitor's.
            NotAllowed: there are more attachments than may be.
        """
        try:
            await self._check(request, context)
        except CustomStreamError as error:
            yield ErrorEvent(code="custom", message=error.message, allow_retry=error.allow_retry)
            return
        async with aclosing(super()._process_streaming_impl(request, context)) as events:
            async for event in events:
                yield event

    async def _check(self, request: StreamingReq, visitor: Visitor) -> None:
        if not isinstance(request, ThreadsCreateReq):
            _refuse_closed(await self.store.load_thread(request.params.thread_id, visitor))
        if isinstance(request, ThreadsCreateReq | ThreadsAddUserMessageReq):
            attachments = request.params.input.attachments
            if len(attachments) > visitor.most_files:
                raise NotAllowed(f"A message may have {visitor.most_files} attachments.")
            for attachment_id in attachments:
                await self.store.load_attachment(attachment_id, visitor)
        if isinstance(request, ThreadsRetryAfterItemReq):
            await self.store.load_item(request.params.thread_id, request.params.item_id, visitor)

    # Answers

    async def _answer(
        self,
        thread: ThreadMetadata,
        writer: ThreadWriter,
        *,
        words: str = "",
        action: Action[str, Any] | None = None,
    ) -> AsyncGenerator[ThreadStreamEvent, None]:
        """The answer to these words, or to an action, with the tools of the thread's context."""
        try:
            known = await self._known(thread)
            async with self._tools_of(known) as tools:
                found = None if tools is None else await tools.found_for(words)

                async def ask() -> Prompt:
                    return await self._prompt(thread, known, tools, found)

                turn = WrittenTurn(self._assistant(), writer, ask, tools)
                prompt = await ask()
                prompt = prompt if action is None else _with_action(prompt, action)
                async with aclosing(turn.events(prompt)) as events:
                    async for event in events:
                        yield event
        except (AssistantError, ContextError, UsageError) as error:
            for event in writer.finish():
                yield event
            raise CustomStreamError(in_words(error), allow_retry=True) from error

    @asynccontextmanager
    async def _tools_of(self, known: Context | None) -> AsyncIterator[WrittenTools | None]:
        """The tools of a context that whoever runs the server has named; None: there are none.

        They end beside the answer, which nobody is to wait for: long work may go on.
        """
        named = None if known is None else self._contexts().get(known.name)
        if known is None or named is None:
            yield None
            return
        # Ids of what comes late are made of the call's number: the time is one of no other call.
        number = int(time.time() * 1000)
        held = replace(known, definition=without_hands(named), calls=number)
        tools = WrittenTools(held)
        self._open.add(tools)
        try:
            await tools.ask_servers()
            yield tools
        finally:
            ending = asyncio.create_task(self._end(tools), name="written turn's end")
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    async def _end(self, tools: WrittenTools) -> None:
        try:
            for row in await tools.finish(time.time()):
                await self._threads.ask(ThreadDatabase.save_item, tools.context.id, row)
        except (ContextError, KeyError) as error:  # the thread may be gone by now
            _log.error("the result of long work is not kept: %s", error)
        finally:
            self._open.discard(tools)
            tools.over.set()

    def _writer(self, thread: ThreadMetadata, context: Visitor) -> ThreadWriter:
        def new_id(kind: Any) -> str:
            return self.store.generate_item_id(kind, thread, context)

        return ThreadWriter(thread.id, new_id)

    async def _known(self, thread: ThreadMetadata) -> Context | None:
        """The context that the thread is, if it is one."""
        row = await self._threads.ask(ThreadDatabase.thread, thread.id)
        return from_row(row) if row is not None and KEY in (row.get("metadata") or {}) else None

    async def _prompt(
        self,
        thread: ThreadMetadata,
        known: Context | None,
        tools: WrittenTools | None,
        found: Item | None,
    ) -> Prompt:
        """What the thread ends with, what its context knows and can do, and what was found."""
        rows = await self._threads.all_items(thread.id)
        pictures = await self._threads.pictures(rows, IN_WRITING_BYTES)
        items = conversation_items(rows, pictures.shown)
        if tools is None:
            return prompt_of(items, instructions_with("", known))
        instructions = instructions_with("", tools.context, tools.instructions)
        return prompt_of(with_found(items, found), instructions, tools.definitions)

    async def _not_shown(self, message: UserMessageItem | None) -> list[str]:
        """Which of a message's pictures the model does not see, and why."""
        if message is None or not message.attachments:
            return []
        rows = [message.model_dump(mode="json")]
        pictures = await self._threads.pictures(rows, IN_WRITING_BYTES)
        return [one.in_words for one in not_shown(rows, pictures)]

    def _note(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Visitor,
    ) -> HiddenContextItem:
        return HiddenContextItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            content=action_note(action.type, action.payload, None if sender is None else sender.id),
        )

    async def _keep(self, thread: ThreadMetadata, events: Any, context: Visitor) -> None:
        for event in events:
            if isinstance(event, ThreadItemDoneEvent):
                await self.store.add_thread_item(thread.id, event.item, context)


def _with_action(prompt: Prompt, action: Action[str, Any]) -> Prompt:
    payload = "" if action.payload is None else json.dumps(action.payload, ensure_ascii=False)
    return replace(
        prompt,
        text="",
        tool=None,
        tool_result="",
        outcome=None,
        is_greeting=False,
        action=action.type,
        action_payload=payload,
    )


def _refuse_closed(thread: ThreadMetadata) -> None:
    if thread.status.type != "active":
        reason = thread.status.reason or "no reason was given"
        raise CustomStreamError(f"This thread is {thread.status.type}: {reason}.")


def _name(thread: ThreadMetadata, message: UserMessageItem, context: Visitor) -> None:
    if context.has_titles and thread.title is None:
        thread.title = _title(message)


def _words(message: UserMessageItem) -> str:
    return " ".join(part.text for part in message.content)


def _title(message: UserMessageItem) -> str | None:
    title = " ".join(_words(message).split())
    if len(title) > MOST_TITLE_CHARS:
        title = title[:MOST_TITLE_CHARS].rsplit(" ", 1)[0] + "…"
    return title or None


REFUSED = (NotFoundError, NotAllowed, CustomStreamError, ValueError)
"""What a request may end with before anything was answered."""
