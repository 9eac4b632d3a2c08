"""The conversation as a client follows it from the server's events, and what of it was heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.errors import EventOutOfOrder, ProtocolError
from harness.realtime.client.playback import Playback
from harness.realtime.conversation import ROOT, Conversation
from harness.realtime.items import Item, is_assistant_message, text_of, without_words
from harness.realtime.wire import Event

AUDIO_TOKEN_MS = 50
"""What one audio token of an answer is worth."""

BASE64_PCM_BYTES_PER_MS = 64
"""PCM16 mono at 24 kHz, as base64."""


@dataclass(slots=True)
class Words:
    """What is known of an item's words beside the item itself."""

    text: str = ""
    """Spoken or written so far; stays when the server forgets them over a truncation."""

    is_final: bool = False
    heard_ms: float | None = None
    """How much was heard; None: all of it."""

    audio_ms: float | None = None
    """How long its audio is; None: not known."""

    failed: bool = False
    """Recognition of the user's words failed."""


class FollowedConversation:
    """Items in order, from events alone.

    Order is built from ``added``, as the reference asks for. Events that come out of order are
    taken as far as they make sense; the problem is returned, never raised.
    """

    def __init__(self) -> None:
        self.conversation = Conversation()
        self.words: dict[str, Words] = {}
        self.playback = Playback()

    def on_server_event(self, event: Event, now_s: float) -> ProtocolError | None:
        """Apply one checked server event; gives what was wrong with it, if anything was."""
        self.playback.on_server_event(event, now_s)
        match event["type"]:
            case "conversation.item.added" | "conversation.item.created":
                return self._added(event)
            case "conversation.item.done":
                return self._done(event)
            case "conversation.item.retrieved":
                return self._retrieved(event)
            case "conversation.item.deleted":
                return self._deleted(event["item_id"])
            case "conversation.item.truncated":
                return self._truncated(event)
            case "conversation.item.input_audio_transcription.delta":
                self._hear(event["item_id"], str(event.get("delta") or ""))
            case "conversation.item.input_audio_transcription.completed":
                known = self._words(event["item_id"])
                known.text, known.is_final = event["transcript"], True
            case "conversation.item.input_audio_transcription.failed":
                self._words(event["item_id"]).failed = True
            case "response.output_audio_transcript.delta" | "response.output_text.delta":
                self._hear(event["item_id"], event["delta"])
            case "response.output_audio.delta":
                self._measure(event["item_id"], len(event["delta"]) / BASE64_PCM_BYTES_PER_MS)
            case "response.output_item.done":
                self._final_words(event["item"])
            case "response.done":
                self._audio_of_answer(event["response"])
        return None

    def text_of(self, item_id: str) -> str:
        """All words known of an item, also those the server has forgotten."""
        return self.words[item_id].text if item_id in self.words else ""

    def cut(self, item_id: str, heard_ms: float) -> None:
        """The item was not heard to its end."""
        known = self._words(item_id)
        if known.heard_ms is None or heard_ms < known.heard_ms:
            known.heard_ms = heard_ms

    def cut_off(self, now_s: float) -> None:
        """The connection went: what was not played by now was not heard."""
        for response_id, heard_ms in self.playback.cut_off(now_s).items():
            for item_id in self.playback.items_of(response_id):
                item = self.conversation.get(item_id) if item_id in self.conversation else None
                if item is not None and _may_be_spoken(item):
                    self.cut(item_id, heard_ms)
                    heard_ms = max(0.0, heard_ms - (self._words(item_id).audio_ms or 0.0))

    def _words(self, item_id: str) -> Words:
        return self.words.setdefault(item_id, Words())

    def _hear(self, item_id: str, delta: str) -> None:
        known = self._words(item_id)
        if not known.is_final:
            known.text += delta

    def _measure(self, item_id: str, more_ms: float) -> None:
        known = self._words(item_id)
        known.audio_ms = (known.audio_ms or 0.0) + more_ms

    def _added(self, event: Event) -> ProtocolError | None:
        item = event["item"]
        if item["id"] in self.conversation:
            self._replace(item)
            return _out_of_order(event, f"the item {item['id']} is in the conversation already")
        return self._insert(event)

    def _done(self, event: Event) -> ProtocolError | None:
        item = event["item"]
        if item["id"] in self.conversation:
            self._replace(item)
            return None
        problem = _out_of_order(event, f"the item {item['id']} was never added")
        self._insert(event, unknown_goes_last=True)
        return problem

    def _insert(self, event: Event, unknown_goes_last: bool = False) -> ProtocolError | None:
        item, previous = event["item"], event.get("previous_item_id")
        if previous in self.conversation:
            self.conversation.insert(item, previous)
            problem = None
        elif previous is None and not unknown_goes_last:
            self.conversation.insert(item, ROOT)
            problem = None
        else:
            self.conversation.insert(item)
            problem = _out_of_order(event, f"the item before it, {previous}, is not there")
        self._final_words(item)
        return problem

    def _replace(self, item: Item) -> None:
        self._final_words(item)
        known = self.words.get(item["id"])
        is_cut = known is not None and known.heard_ms is not None and is_assistant_message(item)
        self.conversation.replace(without_words(item) if is_cut else item)

    def _retrieved(self, event: Event) -> ProtocolError | None:
        item = event["item"]
        if item["id"] not in self.conversation:
            return _out_of_order(event, f"there is no item {item['id']}")
        self._final_words(item)
        return None

    def _deleted(self, item_id: str) -> ProtocolError | None:
        self.words.pop(item_id, None)
        if item_id not in self.conversation:
            return EventOutOfOrder(f"An item was deleted that is not there: {item_id}.")
        self.conversation.delete(item_id)
        return None

    def _truncated(self, event: Event) -> ProtocolError | None:
        item_id = event["item_id"]
        if item_id not in self.conversation:
            return _out_of_order(event, f"there is no item {item_id}")
        item = self.conversation.get(item_id)
        if not is_assistant_message(item):
            return _out_of_order(event, f"{item_id} is not the assistant's")
        self.cut(item_id, float(event["audio_end_ms"]))
        self.conversation.replace(without_words(item))
        return None

    def _final_words(self, item: Item) -> None:
        """Words that an item itself carries are better than those pieced together."""
        if text := text_of(item):
            known = self._words(item["id"])
            known.text = text
            known.is_final = item.get("status") != "in_progress"

    def _audio_of_answer(self, response: dict[str, Any]) -> None:
        """Share the answer's audio, known from its usage, among its spoken messages."""
        for item in response.get("output") or []:
            self._final_words(item)
        spoken = [item["id"] for item in response.get("output") or [] if _is_spoken(item)]
        unmeasured = [i for i in spoken if i in self.words and self.words[i].audio_ms is None]
        total_ms = _audio_tokens(response) * AUDIO_TOKEN_MS
        letters = sum(len(self.words[item_id].text) for item_id in unmeasured)
        if total_ms and letters and len(unmeasured) == len(spoken):
            for item_id in unmeasured:
                known = self.words[item_id]
                known.audio_ms = total_ms * len(known.text) / letters


def _may_be_spoken(item: Item) -> bool:
    """Spoken, or so early in its making that nothing says it is written."""
    is_written = any(part.get("type") == "output_text" for part in item.get("content") or [])
    return is_assistant_message(item) and not is_written


def _is_spoken(item: Item) -> bool:
    return is_assistant_message(item) and any(
        part.get("type") == "output_audio" for part in item["content"]
    )


def _audio_tokens(response: dict[str, Any]) -> float:
    found: Any = response
    for key in ("usage", "output_token_details", "audio_tokens"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, int | float) and found > 0 else 0


def _out_of_order(event: Event, why: str) -> EventOutOfOrder:
    return EventOutOfOrder(f"{event['type']} came out of order: {why}.", code="out_of_order")
