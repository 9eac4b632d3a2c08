"""Output items of a response while they are generated: written message, function call.

The spoken message is in `session_speech`. Each is a small machine with one next step and the
time at which that step is due.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from harness.realtime import items
from harness.realtime.items import Item
from harness.realtime.server.assistants.assistant import UseTool
from harness.realtime.server.state import SessionState
from harness.realtime.server.tokens import TokenCount, text_tokens
from harness.speech.text.sentences import split_words

SECONDS_PER_TEXT_DELTA = 0.02
ARGUMENTS_DELTA_CHARS = 16


@dataclass(slots=True)
class OutputContext:
    """What an output item needs to know of its response."""

    state: SessionState
    response_id: str
    in_conversation: bool
    voice: str
    speed: float
    audio_format: str = "audio/pcm"
    spent: TokenCount = field(default_factory=TokenCount)
    words: int = 0
    """Said or written so far."""

    def announce(self, item: Item, output_index: int) -> None:
        """The item is there, still empty."""
        self.state.send(
            "response.output_item.added",
            response_id=self.response_id,
            output_index=output_index,
            item=item,
        )
        if self.in_conversation:
            self.state.add_item(item)

    def conclude(self, item: Item, output_index: int) -> None:
        """The item is final."""
        if self.in_conversation:
            self.state.finish_item(item)
        self.state.send(
            "response.output_item.done",
            response_id=self.response_id,
            output_index=output_index,
            item=item,
        )


class OutputItem(Protocol):
    """One output item being generated."""

    item: Item | None
    """Final state; None until it is over, and for one that was never announced."""

    is_finished: bool

    def start(self, now_s: float) -> None:
        """Generation begins."""
        ...

    def due_s(self) -> float | None:
        """When the next step is due; None while it waits for something or is finished."""
        ...

    def step(self) -> None:
        """Take the step that is due."""
        ...

    def stop(self) -> None:
        """End now, as incomplete."""
        ...


class Message:
    """What written and spoken messages have in common: one item with one content part."""

    def __init__(self, context: OutputContext, output_index: int) -> None:
        self.item: Item | None = None
        self.is_finished = False
        self._context = context
        self._state = context.state
        self._index = output_index
        self._item_id: str | None = None
        self._due_s = 0.0

    def _announce(self, part: dict[str, Any]) -> None:
        """The item is there, with this part, still empty."""
        self._item_id = self._state.new_item_id()
        empty = items.message(self._item_id, "assistant", [], "in_progress")
        self._context.announce(empty, self._index)
        self._state.send("response.content_part.added", **self._where(), part=part)

    def _where(self) -> dict[str, Any]:
        return {
            "response_id": self._context.response_id,
            "item_id": self._item_id,
            "output_index": self._index,
            "content_index": 0,
        }

    def _conclude(self, part: dict[str, Any], status: str) -> None:
        """The part is final, and with it the item, whose content names it "output_"."""
        self._state.send("response.content_part.done", **self._where(), part=part)
        content = [{**part, "type": f"output_{part['type']}"}]
        self.item = items.message(str(self._item_id), "assistant", content, status)
        self._context.conclude(self.item, self._index)


class WrittenMessage(Message):
    """An assistant message of text alone."""

    def __init__(self, context: OutputContext, output_index: int) -> None:
        super().__init__(context, output_index)
        self._unsplit = ""
        self._words: deque[str] = deque()
        self._is_ended = False
        self._text = ""

    def add_text(self, text: str, now_s: float) -> None:
        """More of the text; a word is written once it is whole."""
        if not self._words:
            self._due_s = max(self._due_s, now_s)
        self._unsplit = (self._unsplit + text) if self._unsplit else text.lstrip()
        words = split_words(self._unsplit)[:-1]
        self._words.extend(words)
        self._unsplit = self._unsplit[sum(map(len, words)) :]

    @property
    def is_idle(self) -> bool:
        """Everything so far was written."""
        return not self._words

    def end_text(self, now_s: float) -> None:
        """There will be no more."""
        if not self._words:
            self._due_s = max(self._due_s, now_s)
        self._words.extend(split_words(self._unsplit))
        self._unsplit, self._is_ended = "", True

    def start(self, now_s: float) -> None:
        self._due_s = now_s

    def due_s(self) -> float | None:
        waits = not self._words and not self._is_ended
        return None if self.is_finished or waits else self._due_s

    def step(self) -> None:
        if self._item_id is None:
            self._announce({"type": "text", "text": ""})
        if self._words:
            word = self._words.popleft()
            self._context.words += 1
            before = text_tokens(self._text)
            self._text += word
            self._context.spent.text += text_tokens(self._text) - before
            self._state.send_delta("response.output_text.delta", **self._where(), delta=word)
            self._due_s += SECONDS_PER_TEXT_DELTA
        if not self._words and self._is_ended:
            self._end("completed")

    def stop(self) -> None:
        if not self.is_finished:
            self._end("incomplete")

    def _end(self, status: str) -> None:
        self.is_finished = True
        if self._item_id is None:
            return
        self._state.send("response.output_text.done", **self._where(), text=self._text)
        self._conclude({"type": "text", "text": self._text}, status)


class FunctionCall:
    """A call of one of the session's tools."""

    def __init__(self, context: OutputContext, output_index: int, call: UseTool) -> None:
        self.item: Item | None = None
        self.is_finished = False
        self._context = context
        self._state = context.state
        self._index = output_index
        self._name = call.name
        self._call_id = context.state.ids.function_call()
        self._arguments = call.arguments_text
        self._sent_chars = 0
        self._item_id: str | None = None
        self._due_s = 0.0

    def start(self, now_s: float) -> None:
        self._due_s = now_s

    def due_s(self) -> float | None:
        return None if self.is_finished else self._due_s

    def step(self) -> None:
        if self._item_id is None:
            self._item_id = self._state.new_item_id()
            self._context.spent.text += text_tokens(self._name)
            self._context.announce(self._as_item("in_progress"), self._index)
        delta = self._arguments[self._sent_chars : self._sent_chars + ARGUMENTS_DELTA_CHARS]
        self._sent_chars += len(delta)
        self._context.spent.text += text_tokens(delta)
        kind = "response.function_call_arguments.delta"
        self._state.send_delta(kind, **self._where(), delta=delta)
        self._due_s += SECONDS_PER_TEXT_DELTA
        if self._sent_chars == len(self._arguments):
            self._end("completed")

    def stop(self) -> None:
        if not self.is_finished:
            self._end("incomplete")

    def _where(self) -> dict[str, Any]:
        return {
            "response_id": self._context.response_id,
            "item_id": self._item_id,
            "output_index": self._index,
            "call_id": self._call_id,
        }

    def _as_item(self, status: str) -> Item:
        sent = self._arguments[: self._sent_chars]
        return items.function_call(str(self._item_id), self._call_id, self._name, sent, status)

    def _end(self, status: str) -> None:
        self.is_finished = True
        if self._item_id is None:
            return
        sent = self._arguments[: self._sent_chars]
        kind = "response.function_call_arguments.done"
        self._state.send(kind, **self._where(), name=self._name, arguments=sent)
        self.item = self._as_item(status)
        self._context.conclude(self.item, self._index)
