"""The reader of a recorded session: from its events to turns, responses and where their sound is.

Pure: takes the events in order with their times. Turns are counted as the local server counts
them, by the user's messages, so that what is recorded here is found there again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from harness.cassette.model import After
from harness.cassette.wire_log import WireEvent
from harness.realtime.items import Item, is_assistant_message, is_user_message, part_text, text_of
from harness.realtime.server.context import ended_tool
from harness.realtime.widgets import action_in
from harness.realtime.wire import Event

_ITEM_EVENTS = ("conversation.item.added", "conversation.item.created", "conversation.item.done")
_TEXT_DELTAS = ("response.output_text.delta", "response.output_audio_transcript.delta")
_CALLS = ("function_call", "mcp_call")
_ASKED_OF_REMOTE = ("mcp_approval_request", "mcp_approval_response", "function_call")


@dataclass
class SaidTurn:
    """One turn of the user."""

    number: int
    at_s: float
    """When the server told of it; 0 for what came before the first."""

    said: str | None = None
    typed: bool = False
    answers: list[Answered] = field(default_factory=list)


@dataclass
class Answered:
    """One response, as its events told of it."""

    response_id: str
    created_s: float
    after: After
    tool: str | None = None
    result: str | None = None
    status: Literal["completed", "cancelled", "incomplete", "failed"] = "completed"
    is_over: bool = False
    error: dict[str, Any] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    """Its output by id, each as it was told last, in the order in which they came."""

    item_at_s: dict[str, float] = field(default_factory=dict)
    """When the first words of a message came, and the whole of a call."""

    words: dict[str, str] = field(default_factory=dict)
    """Of each message, as far as they came."""

    sound_from_s: float | None = None
    sound_until_s: float | None = None
    was_cleared: bool = False


@dataclass
class ReadSession:
    """What a session was."""

    settings: dict[str, Any] = field(default_factory=dict)
    turns: list[SaidTurn] = field(default_factory=lambda: [SaidTurn(0, 0.0)])
    beside: int = 0
    """Responses outside the conversation."""

    deleted: int = 0
    """Items that were deleted from it."""

    sessions: int = 0
    """How many began; only the first is read."""


def read_session(events: Iterable[WireEvent]) -> ReadSession:
    """The first session in these events; never raises over what came."""
    reader = _Reader()
    for one in events:
        if one.sender == "server":
            reader.take(one.event, one.t_s)
        if reader.read.sessions > 1:
            break
    return reader.read


class _Reader:
    """Follows one session."""

    def __init__(self) -> None:
        self.read = ReadSession()
        self._items: dict[str, Item] = {}
        self._turn_of: dict[str, SaidTurn] = {}
        self._answers: dict[str, Answered] = {}
        self._is_idle = False

    def take(self, event: Event, t_s: float) -> None:
        """One event of the server."""
        kind = event["type"]
        if kind in ("session.created", "session.updated"):
            self._session(event, is_new=kind == "session.created")
        elif kind in _ITEM_EVENTS and _has_id(event.get("item")):
            self._item(event["item"], t_s)
        elif kind == "conversation.item.deleted":
            self.read.deleted += 1
        elif kind == "conversation.item.input_audio_transcription.completed":
            self._understood(event)
        elif kind == "input_audio_buffer.timeout_triggered":
            self._is_idle = True
        elif kind.startswith("output_audio_buffer."):
            self._playback(kind.rpartition(".")[2], event, t_s)
        elif kind.startswith("response."):
            self._response(kind, event, t_s)

    def _session(self, event: Event, *, is_new: bool) -> None:
        self.read.sessions += is_new
        if self.read.sessions <= 1 and isinstance(event.get("session"), dict):
            self.read.settings = event["session"]

    def _item(self, item: Item, t_s: float) -> None:
        item_id = str(item["id"])
        is_new = item_id not in self._items
        self._items[item_id] = item
        if not (is_new and is_user_message(item)):
            return
        turn = SaidTurn(self.read.turns[-1].number + 1, t_s)
        parts = [part for part in item.get("content") or [] if isinstance(part, dict)]
        turn.typed = bool(parts) and not any("audio" in str(part.get("type")) for part in parts)
        turn.said = text_of(item) or None
        self.read.turns.append(turn)
        self._turn_of[item_id] = turn

    def _understood(self, event: Event) -> None:
        turn = self._turn_of.get(str(event.get("item_id")))
        if turn is not None and isinstance(words := event.get("transcript"), str):
            turn.said = words.strip() or None

    def _playback(self, what: str, event: Event, t_s: float) -> None:
        answer = self._answers.get(str(event.get("response_id")))
        if answer is None:
            return
        if what == "started" and answer.sound_from_s is None:
            answer.sound_from_s = t_s
        elif what in ("stopped", "cleared"):
            answer.sound_until_s = t_s
            answer.was_cleared = answer.was_cleared or what == "cleared"

    def _response(self, kind: str, event: Event, t_s: float) -> None:
        if kind == "response.created":
            self._created(event.get("response"), t_s)
            return
        if kind == "response.done":
            self._done(event.get("response"), t_s)
            return
        answer = self._answers.get(str(event.get("response_id")))
        if answer is None:
            return
        item_id = str(event.get("item_id"))
        if kind == "response.output_item.added" and _has_id(event.get("item")):
            answer.items.setdefault(str(event["item"]["id"]), event["item"])
        elif kind == "response.output_item.done" and _has_id(event.get("item")):
            self._output(answer, event["item"], t_s)
        elif kind in _TEXT_DELTAS:
            answer.item_at_s.setdefault(item_id, t_s)
            answer.words[item_id] = answer.words.get(item_id, "") + str(event.get("delta", ""))
        elif kind == "response.output_audio.delta" and answer.sound_from_s is None:
            answer.sound_from_s = t_s  # a call without playback events: a WebSocket

    def _created(self, response: Any, t_s: float) -> None:
        if not _has_id(response):
            return
        if response.get("conversation_id", "") is None:
            self.read.beside += 1
            return
        answer = Answered(str(response["id"]), t_s, *self._what_is_answered())
        self._is_idle = False
        self._answers[answer.response_id] = answer
        self.read.turns[-1].answers.append(answer)

    def _what_is_answered(self) -> tuple[After, str | None, str | None]:
        """As `harness.realtime.server.context.prompt_source_in` decides it."""
        if self._is_idle:
            return "idle", None, None
        known = list(self._items.values())
        for item in reversed(known):
            if (ended := ended_tool(item, known)) is not None:
                return "tool", ended[0], ended[1]
            if is_user_message(item):
                return "said", None, None
            if action_in(item) is not None:
                break
            if is_assistant_message(item) or item.get("type") in _ASKED_OF_REMOTE:
                break
        return "greeting", None, None

    def _output(self, answer: Answered, item: Item, t_s: float) -> None:
        item_id = str(item["id"])
        answer.items[item_id] = item
        answer.item_at_s.setdefault(item_id, t_s)
        if item.get("type") in _CALLS:
            self._items[item_id] = item

    def _done(self, response: Any, t_s: float) -> None:
        answer = self._answers.get(str(response.get("id"))) if _has_id(response) else None
        if answer is None:
            return
        answer.is_over = True
        if response.get("status") in ("completed", "cancelled", "incomplete", "failed"):
            answer.status = response["status"]
        details = response.get("status_details")
        if isinstance(details, dict) and isinstance(details.get("error"), dict):
            answer.error = details["error"]
        for item in response.get("output") or []:
            if _has_id(item):
                self._output(answer, item, t_s)


def words_of(answer: Answered, item_id: str) -> str:
    """The words of a message: as it was told when it was done, else what came of them."""
    told = " ".join(map(part_text, answer.items[item_id].get("content") or [])).strip()
    return told or answer.words.get(item_id, "").strip()


def is_spoken(item: Item) -> bool:
    """Whether a message has sound."""
    parts = [part for part in item.get("content") or [] if isinstance(part, dict)]
    return any("audio" in str(part.get("type")) for part in parts)


def _has_id(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str)
