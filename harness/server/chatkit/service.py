"""ChatKit's server on the official package, answered by the assistants of the voice side."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
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
    FeedbackKind,
    HiddenContextItem,
    SyncCustomActionResponse,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageInput,
    UserMessageItem,
    WidgetItem,
)

from harness.context.context import KEY, from_row
from harness.context.own_shapes import conversation_items
from harness.context.settings import instructions_with
from harness.context.text_prompt import prompt_of
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.context.threads.pictures import IN_WRITING_BYTES
from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import Assistant, Prompt, Show
from harness.realtime.widgets import action_note
from harness.server.assistants.pieces import written_pieces
from harness.server.chatkit.attachments import KeptAttachments, NotAllowed
from harness.server.chatkit.dictation import decoded
from harness.server.chatkit.spoken_thread import SpokenThread
from harness.server.chatkit.store import KeptStore
from harness.server.chatkit.thread_writer import ThreadWriter
from harness.server.chatkit.visitor import Visitor

MOST_TITLE_CHARS = 60

Recognise = Callable[[Any, int], Awaitable[str]]
"""The words in samples (float32, mono) of a rate in hertz."""


class ChatService(ChatKitServer[Visitor]):
    """All request types of the protocol.

    Args:
        threads: where they are kept.
        assistant: gives whoever answers now.
        recognise: hears dictation.
        spoken: threads that a call has now: what is written there is answered in the call.
    """

    def __init__(
        self,
        threads: KeptThreads,
        assistant: Callable[[], Assistant],
        recognise: Recognise,
        spoken: Mapping[str, SpokenThread] = MappingProxyType({}),
    ) -> None:
        super().__init__(KeptStore(threads), KeptAttachments(threads))
        self._threads = threads
        self._assistant = assistant
        self._recognise = recognise
        self._spoken = spoken

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
        prompt = await self._prompt(thread)
        async with aclosing(self._answer(thread, prompt, context)) as events:
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
        prompt = await self._action_prompt(thread, action)
        async with aclosing(self._answer(thread, prompt, context)) as events:
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
        prompt = await self._action_prompt(thread, action)
        try:
            async with aclosing(written_pieces(self._assistant(), prompt)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Show) and sender is not None and updated is None:
                        updated = writer.widget(piece, sender.id)
                        await self.store.save_item(thread.id, updated, context)
                        continue
                    await self._keep(thread, writer.on_piece(piece), context)
                    if writer.is_waiting:
                        break
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

    async def _build_user_message_item(
        self, input: UserMessageInput, thread: ThreadMetadata, context: Visitor
    ) -> UserMessageItem:
        if len(input.attachments) > context.most_files:
            raise NotAllowed(f"A message may have {context.most_files} attachments.")
        return await super()._build_user_message_item(input, thread, context)

    # Answers

    async def _answer(
        self, thread: ThreadMetadata, prompt: Prompt, context: Visitor
    ) -> AsyncGenerator[ThreadStreamEvent, None]:
        writer = self._writer(thread, context)
        try:
            async with aclosing(written_pieces(self._assistant(), prompt)) as pieces:
                async for piece in pieces:
                    for event in writer.on_piece(piece):
                        yield event
                    if writer.is_waiting:
                        return
        except AssistantError as error:
            for event in writer.finish():
                yield event
            raise CustomStreamError(error.message, allow_retry=True) from error
        for event in writer.finish():
            yield event

    def _writer(self, thread: ThreadMetadata, context: Visitor) -> ThreadWriter:
        def new_id(kind: Any) -> str:
            return self.store.generate_item_id(kind, thread, context)

        return ThreadWriter(thread.id, new_id)

    async def _prompt(self, thread: ThreadMetadata) -> Prompt:
        """What the thread ends with, and what it knows if it is a context."""
        rows = await self._threads.all_items(thread.id)
        pictures = await self._threads.pictures(rows, IN_WRITING_BYTES)
        row = await self._threads.ask(ThreadDatabase.thread, thread.id)
        context = from_row(row) if row is not None and KEY in (row.get("metadata") or {}) else None
        return prompt_of(conversation_items(rows, pictures), instructions_with("", context))

    async def _action_prompt(self, thread: ThreadMetadata, action: Action[str, Any]) -> Prompt:
        payload = "" if action.payload is None else json.dumps(action.payload, ensure_ascii=False)
        return replace(
            await self._prompt(thread),
            text="",
            tool=None,
            tool_result="",
            outcome=None,
            is_greeting=False,
            action=action.type,
            action_payload=payload,
        )

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


def _refuse_closed(thread: ThreadMetadata) -> None:
    if thread.status.type != "active":
        reason = thread.status.reason or "no reason was given"
        raise CustomStreamError(f"This thread is {thread.status.type}: {reason}.")


def _name(thread: ThreadMetadata, message: UserMessageItem, context: Visitor) -> None:
    if context.has_titles and thread.title is None:
        thread.title = _title(message)


def _title(message: UserMessageItem) -> str | None:
    words = " ".join(part.text for part in message.content).split()
    title = " ".join(words)
    if len(title) > MOST_TITLE_CHARS:
        title = title[:MOST_TITLE_CHARS].rsplit(" ", 1)[0] + "…"
    return title or None


REFUSED = (NotFoundError, NotAllowed, CustomStreamError, ValueError)
"""What a request may end with before anything was answered."""
