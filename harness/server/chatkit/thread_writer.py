"""The writing into a thread: an assistant's pieces become the protocol's events and items."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime

from chatkit.errors import CustomStreamError
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ClientToolCallItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    WidgetItem,
)
from pydantic import ValidationError

from harness.context.context import Row
from harness.realtime.server.assistants.assistant import Piece, Play, Say, Show, UseTool
from harness.server.chatkit.store import ITEM

NewId = Callable[[str], str]
"""A new id for an item: "message" or "tool_call"."""


class ThreadWriter:
    """Writes one answer into a thread; `is_waiting` after a tool call, which ends it."""

    def __init__(self, thread_id: str, new_id: NewId) -> None:
        self.is_waiting = False
        self._thread_id, self._new_id = thread_id, new_id
        self._message: AssistantMessageItem | None = None

    def on_piece(self, piece: Piece) -> Iterator[ThreadStreamEvent]:
        """The events of one piece.

        Raises:
            CustomStreamError: a widget is none, or a tool's arguments are no object.
        """
        match piece:
            case Say(text=text) | Play(transcript=text) if text:
                yield from self._say(text)
            case Show():
                yield from self.finish()
                yield ThreadItemDoneEvent(item=self.widget(piece, self._new_id("message")))
            case UseTool():
                yield from self.finish()
                yield ThreadItemDoneEvent(item=self._call(piece))
                self.is_waiting = True

    def put(self, row: Row) -> Iterator[ThreadStreamEvent]:
        """An item that is whole, such as a tool's call with its result.

        Raises:
            CustomStreamError: it is a widget, and wrong.
        """
        yield from self.finish()
        try:
            item = ITEM.validate_python(row)
        except ValidationError as error:
            raise _wrong_widget(error) from error
        yield ThreadItemDoneEvent(item=item)

    def widget(self, piece: Show, item_id: str) -> WidgetItem:
        """A widget as an item.

        Raises:
            CustomStreamError: it is none.
        """
        try:
            return WidgetItem.model_validate(
                {
                    "id": item_id,
                    "thread_id": self._thread_id,
                    "created_at": datetime.now(),
                    "widget": piece.widget,
                    "copy_text": piece.copy_text,
                }
            )
        except ValidationError as error:
            raise _wrong_widget(error) from error

    def finish(self) -> Iterator[ThreadStreamEvent]:
        """End the message that is being written."""
        message, self._message = self._message, None
        if message is not None:
            done = AssistantMessageContentPartDone(content_index=0, content=message.content[0])
            yield ThreadItemUpdatedEvent(item_id=message.id, update=done)
            yield ThreadItemDoneEvent(item=message)

    def _say(self, text: str) -> Iterator[ThreadStreamEvent]:
        if self._message is None:
            content = AssistantMessageContent(text="")
            self._message = AssistantMessageItem(
                id=self._new_id("message"),
                thread_id=self._thread_id,
                created_at=datetime.now(),
                content=[],
            )
            yield ThreadItemAddedEvent(item=self._message.model_copy(deep=True))
            self._message.content.append(content)
            added = AssistantMessageContentPartAdded(
                content_index=0, content=content.model_copy(deep=True)
            )
            yield ThreadItemUpdatedEvent(item_id=self._message.id, update=added)
        message = self._message
        message.content[0].text += text
        delta = AssistantMessageContentPartTextDelta(content_index=0, delta=text)
        yield ThreadItemUpdatedEvent(item_id=message.id, update=delta)

    def _call(self, piece: UseTool) -> ClientToolCallItem:
        try:
            arguments = json.loads(piece.arguments_text)
        except ValueError:
            arguments = None
        if not isinstance(arguments, dict):
            raise CustomStreamError(f"The arguments for “{piece.name}” are no JSON object.")
        return ClientToolCallItem(
            id=self._new_id("tool_call"),
            thread_id=self._thread_id,
            created_at=datetime.now(),
            call_id=f"call_{secrets.token_hex(12)}",
            name=piece.name,
            arguments=arguments,
        )


def _wrong_widget(error: ValidationError) -> CustomStreamError:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return CustomStreamError(f"The widget is wrong: {place}: {first['msg']}")
