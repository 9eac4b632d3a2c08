"""The writing of a response: an assistant's pieces become the API's events and output items."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

from harness.context.responses.items import item_id
from harness.context.responses.request import ResponseRequest
from harness.context.responses.resource import ENDED, Status, new_resource, usage
from harness.realtime.ids import Ids
from harness.realtime.items import Item
from harness.realtime.server.assistants.assistant import Piece, Play, Say, UseTool
from harness.realtime.server.tokens import CHARS_PER_TEXT_TOKEN

Event = dict[str, Any]

PADDED_TO_CHARS = 16
TERMINAL = {
    "completed": "response.completed",
    "failed": "response.failed",
    "incomplete": "response.incomplete",
}
"""The last event, by status. A cancelled response's stream ends without one, as the contract has
none."""

_WORD = re.compile(r"\S+\s*")


class ResponseWriter:
    """One response while it is written; every method gives the events that it causes.

    Args:
        request: what is asked for.
        taken: all items the response sees, for the estimate of its tokens.
        ids: makes the ids of items and calls.
        created_at: Unix seconds.
    """

    def __init__(
        self,
        response_id: str,
        request: ResponseRequest,
        taken: list[Item],
        ids: Ids,
        created_at: int,
    ) -> None:
        self.resource = new_resource(response_id, request, created_at)
        self.request, self._taken, self._ids = request, taken, ids
        self._number = 0
        self._message: Item | None = None
        tokens = request.settings.get("max_output_tokens")
        self._rest_chars = None if tokens is None else tokens * CHARS_PER_TEXT_TOKEN
        self._calls = 0

    @property
    def status(self) -> Status:
        """How far the response is."""
        status: Status = self.resource["status"]
        return status

    @property
    def is_over(self) -> bool:
        """Nothing is to come."""
        return self.status in ENDED

    def create(self) -> list[Event]:
        """Announce it."""
        created = [self._state("response.created")]
        return [*created, self._state("response.queued")] if self.status == "queued" else created

    def begin(self) -> list[Event]:
        """The assistant is asked now."""
        self.resource["status"] = "in_progress"
        return [self._state("response.in_progress")]

    def on_piece(self, piece: Piece, now_unix_s: float) -> list[Event]:
        """What the assistant gives; after the end, nothing is taken."""
        if self.is_over:
            return []
        match piece:
            case Say(text=text):
                return self._say(text, now_unix_s)
            case Play(transcript=text):
                return self._say(text, now_unix_s)
            case UseTool():
                return self._call(piece, now_unix_s)
        return []

    # Words

    def _say(self, text: str, now_unix_s: float) -> list[Event]:
        if not text:
            return []
        said = text if self._rest_chars is None else text[: self._rest_chars]
        events = [] if self._message is not None else self._open_message()
        events += [self._text_event("delta", delta=word) for word in _words(said)]
        message = self._message
        assert message is not None
        message["content"][0]["text"] += said
        if self._rest_chars is not None:
            self._rest_chars -= len(said)
            if len(said) < len(text):
                return [*events, *self._run_out(now_unix_s)]
        return events

    def _open_message(self) -> list[Event]:
        part = {"type": "output_text", "annotations": [], "logprobs": [], "text": ""}
        self._message = {
            "id": item_id("message", self._ids),
            "type": "message",
            "status": "in_progress",
            "content": [],
            "role": "assistant",
        }
        added = self._added(self._message)
        self._message["content"] = [part]
        return [added, self._part_event("added")]

    def _close_message(self, status: str = "completed") -> list[Event]:
        message = self._message
        if message is None:
            return []
        message["status"] = status
        text = message["content"][0]["text"]
        done = [self._text_event("done", text=text), self._part_event("done"), self._done(message)]
        self._message = None
        return done

    # Calls

    def _call(self, piece: UseTool, now_unix_s: float) -> list[Event]:
        events = self._close_message()
        if problem := self._problem_with(piece):
            return [*events, *self.fail("server_error", problem, now_unix_s)]
        most = self.request.settings.get("max_tool_calls")
        one_only = self.request.settings.get("parallel_tool_calls") is False
        if (one_only and self._calls) or (most is not None and self._calls >= most):
            return events  # the contract says how many there may be
        self._calls += 1
        call: Item = {
            "id": item_id("function_call", self._ids),
            "type": "function_call",
            "status": "in_progress",
            "arguments": "",
            "call_id": f"call_{self._ids.letters(24)}",
            "name": piece.name,
        }
        events.append(self._added(call))
        kind = "response.function_call_arguments"
        at = {"item_id": call["id"], "output_index": self._last_index}
        delta = piece.arguments_text
        events.append(self._event(f"{kind}.delta", **at, delta=delta, **self._padding(delta)))
        call |= {"arguments": piece.arguments_text, "status": "completed"}
        events.append(
            self._event(f"{kind}.done", **at, arguments=call["arguments"], name=piece.name)
        )
        return [*events, self._done(call)]

    def _problem_with(self, piece: UseTool) -> str | None:
        offered = [tool["name"] for tool in self.request.functions]
        if piece.name not in offered or piece.server_label is not None:
            choice = self.request.settings.get("tool_choice", "auto")
            return (
                f"The assistant calls the tool '{piece.name}', which the request does not offer "
                f"(functions: {offered}, tool_choice: {choice})."
            )
        try:
            is_object = isinstance(json.loads(piece.arguments_text), dict)
        except ValueError:
            is_object = False
        return None if is_object else f"The arguments for '{piece.name}' are no JSON object."

    # Ends

    def finish(self, now_unix_s: float) -> list[Event]:
        """The assistant has said all."""
        return [] if self.is_over else [*self._close_message(), *self._end("completed", now_unix_s)]

    def fail(self, code: str, message: str, now_unix_s: float) -> list[Event]:
        """The assistant failed."""
        if self.is_over:
            return []
        events = self._close_message("incomplete")
        self.resource["error"] = {"code": code, "message": message}
        return [*events, *self._end("failed", now_unix_s)]

    def cancel(self, now_unix_s: float) -> list[Event]:
        """The client wants no more of it; what was written stays."""
        if self.is_over:
            return []
        return [*self._close_message("incomplete"), *self._end("cancelled", now_unix_s)]

    def _run_out(self, now_unix_s: float) -> list[Event]:
        self.resource["incomplete_details"] = {"reason": "max_output_tokens"}
        return [*self._close_message("incomplete"), *self._end("incomplete", now_unix_s)]

    def _end(self, status: Status, now_unix_s: float) -> list[Event]:
        if status != "cancelled":  # first of all: what fails here leaves an end to be told
            self.resource["usage"] = usage(
                self.request.instructions, self._taken, self.resource["output"]
            )
        self.resource["status"] = status
        if status == "completed":
            self.resource["completed_at"] = int(now_unix_s)
        return [self._state(TERMINAL[status])] if status in TERMINAL else []

    # Events

    @property
    def _last_index(self) -> int:
        return len(self.resource["output"]) - 1

    def _state(self, kind: str) -> Event:
        return self._event(kind, response=copy.deepcopy(self.resource))

    def _added(self, item: Item) -> Event:
        self.resource["output"].append(item)
        kind = "response.output_item.added"
        return self._event(kind, output_index=self._last_index, item=copy.deepcopy(item))

    def _done(self, item: Item) -> Event:
        kind = "response.output_item.done"
        return self._event(kind, output_index=self._last_index, item=copy.deepcopy(item))

    def _text_event(self, what: str, **words: str) -> Event:
        padding = self._padding(words["delta"]) if what == "delta" else {}
        kind = f"response.output_text.{what}"
        return self._event(kind, **self._place(), **words, logprobs=[], **padding)

    def _part_event(self, what: str) -> Event:
        assert self._message is not None
        part = dict(self._message["content"][0])
        return self._event(f"response.content_part.{what}", **self._place(), part=part)

    def _place(self) -> dict[str, Any]:
        assert self._message is not None
        item = self._message["id"]
        return {"item_id": item, "output_index": self._last_index, "content_index": 0}

    def _padding(self, delta: str) -> dict[str, str]:
        if not self.request.is_padded:
            return {}
        return {"obfuscation": self._ids.letters(-len(delta) % PADDED_TO_CHARS)}

    def _event(self, kind: str, **fields: Any) -> Event:
        event = {"type": kind, "sequence_number": self._number, **fields}
        self._number += 1
        return event


def _words(text: str) -> list[str]:
    """A text in words, each with the blanks around it; together they are the text."""
    # The blanks in front are taken off first: a pattern that began with them would try each of
    # them anew where no word follows.
    rest = text.lstrip()
    words = _WORD.findall(rest)
    if not words:
        return [text]
    return [text[: len(text) - len(rest)] + words[0], *words[1:]]
