"""A conversation as it can be put into another session: as text, and as it was heard.

A session cannot be given an assistant's audio, so what was said becomes what was written; an
answer that was cut keeps the words that were heard. Ids stay, so putting the same history back
twice adds nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from harness.errors import MalformedEvent
from harness.realtime.client.followed_conversation import FollowedConversation, Words
from harness.realtime.client.log import LogEntry, read_log
from harness.realtime.items import Item, joined, message, part_text
from harness.realtime.server_events import check_server_event

LETTERS_PER_S = 15.0
"""How fast a voice speaks, where nothing says how long an answer's audio is."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that cannot be put back, and why."""

    item_id: str
    why: str


@dataclass(frozen=True, slots=True)
class History:
    """Items in order, each as ``conversation.item.create`` takes it."""

    items: tuple[Item, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    is_cut: bool = False
    """It comes from a log whose last line is not whole."""

    def __len__(self) -> int:
        return len(self.items)

    def followed_by(self, later: History | None) -> History:
        """Both in one; an item that is in both stands where it stands here."""
        if later is None:
            return self
        own = {item["id"] for item in self.items}
        items = (*self.items, *(item for item in later.items if item["id"] not in own))
        return History(items, self.left_out + later.left_out, self.is_cut or later.is_cut)


def history_of(followed: FollowedConversation, running: Container[str] = ()) -> History:
    """What of a conversation can be put into another session.

    Args:
        followed: the conversation.
        running: ids of tool calls whose results are still to come; other calls without a result
            are left out, since a model that sees them waits for something that never comes.
    """
    items = list(followed.conversation)
    answered = {i.get("call_id") for i in items if i["type"] == "function_call_output"}
    called = {i.get("call_id") for i in items if i["type"] == "function_call"}
    kept: list[Item] = []
    left_out: list[LeftOut] = []
    for item in items:
        words = followed.words.get(item["id"], Words())
        call_id = item.get("call_id")
        found: Item | str
        if item["type"] == "function_call":
            is_of_use = call_id in answered or (call_id is not None and call_id in running)
            found = item if is_of_use else "a call without a result"
        elif item["type"] == "function_call_output":
            found = item if call_id in called else "a result without its call"
        else:
            found = _put_back(item, words)
        if isinstance(found, str):
            left_out.append(LeftOut(item["id"], found))
        else:
            kept.append(_creatable(found))
    return History(tuple(kept), tuple(left_out))


def history_from_log(lines: Iterable[str]) -> History:
    """The history of the conversation that a session log tells of.

    A log that ends in the middle of a line (a crash, a full disk) is read up to there.

    Raises:
        HistoryError: not a session log, or one of another version, or broken before its end.
    """
    log = read_log(lines)
    followed = follow(log.entries)
    history = history_of(followed)
    return History(history.items, history.left_out, log.is_cut)


def follow(entries: Iterable[LogEntry]) -> FollowedConversation:
    """The conversation after these entries; what was not played by the last is not heard."""
    followed = FollowedConversation()
    last_s = 0.0
    for entry in entries:
        last_s = entry.t_s
        if entry.direction != "received" or not isinstance(entry.event.get("type"), str):
            continue
        try:
            check_server_event(entry.event)
        except MalformedEvent:
            continue
        followed.on_server_event(entry.event, entry.t_s)
    followed.cut_off(last_s)
    return followed


def heard_text(words: Words) -> str:
    """The words of an answer that were played to their end.

    Time is shared among the words by their letters: over the length of the audio where that is
    known (from the answer's usage, or its bytes), else at the rate of a usual voice.
    """
    if words.heard_ms is None:
        return words.text
    total_ms = words.audio_ms or len(words.text) / LETTERS_PER_S * 1000
    if words.heard_ms >= total_ms:
        return words.text
    heard_letters = len(words.text) * words.heard_ms / total_ms
    heard: list[str] = []
    position = 0
    for word in words.text.split():
        position = words.text.index(word, position) + len(word)
        if position > heard_letters:
            break
        heard.append(word)
    return " ".join(heard)


def _put_back(item: Item, words: Words) -> Item | str:
    """The item as it can be created; a text says why it cannot."""
    match item["type"], item.get("role"):
        case "message", "assistant":
            text = heard_text(words).strip()
            if not text:
                return "nothing of it was heard"
            return message(item["id"], "assistant", [{"type": "output_text", "text": text}], "")
        case "message", "user":
            parts = _user_parts(item, words)
            return message(item["id"], "user", parts, "") if parts else "its words are not known"
        case "message", "system":
            return item
        case "mcp_call", _:
            is_done = item.get("output") is not None or item.get("error") is not None
            return item if is_done else "a remote call without a result"
    return f"a session makes its own {item['type']}"


def _user_parts(item: Item, words: Words) -> list[dict[str, Any]]:
    """Written text and images as they are, speech as its words; all speech is one part."""
    spoken = [part for part in item["content"] if part.get("type") == "input_audio"]
    parts: list[dict[str, Any]] = []
    for part in item["content"]:
        if part.get("type") == "input_image" and isinstance(part.get("image_url"), str):
            parts.append(part)
        elif part.get("type") == "input_text" and isinstance(part.get("text"), str):
            parts.append({"type": "input_text", "text": part["text"]})
        elif spoken and part is spoken[0]:
            text = (
                words.text
                if len(item["content"]) == len(spoken)
                else joined(map(part_text, spoken))
            )
            if text.strip():
                parts.append({"type": "input_text", "text": text.strip()})
    return parts


def _creatable(item: Item) -> Item:
    return {key: value for key, value in item.items() if key not in ("status", "object")}
