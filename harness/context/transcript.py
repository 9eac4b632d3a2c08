"""The transcript of a call as it becomes items of a thread: each once its words are final.

An answer that is cut is kept as far as it was heard. Items come in the order of the conversation:
what the user said may be understood only after the answer is made, so the answer waits for it, yet
no longer than `PATIENCE_S`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.context.context import Context, Row
from harness.context.thread_items import row_of
from harness.errors import MalformedEvent
from harness.realtime.client.followed_conversation import FollowedConversation, Words
from harness.realtime.client.history import history_of
from harness.realtime.items import Item, is_assistant_message, is_user_message
from harness.realtime.server_events import check_server_event, is_known
from harness.realtime.wire import Event

PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Keep:
    """An item for the thread: new, or as it is now."""

    row: Row


@dataclass(frozen=True, slots=True)
class Forget:
    """An item that is not to be in the thread: nothing of it was heard."""

    item_id: str


Kept = Keep | Forget


class CallTranscript:
    """Follows one call's events. Pure: time comes with each event.

    Args:
        context: as it stands in this call.
        there: ids of the conversation's items that are in the thread already.
    """

    def __init__(self, context: Context, there: Iterable[str] = ()) -> None:
        self.context = context
        self._there = set(there)
        self._followed = FollowedConversation()
        self._is_transcribed = True
        self._since_s: dict[str, float] = {}
        self._kept: dict[str, Row] = {}
        """What was handed out, by the conversation's ids."""

    def skip_so_far(self) -> None:
        """What is in the conversation by now is none of the thread's."""
        self._there |= set(self._followed.conversation.item_ids)
        self._kept.clear()

    def is_there(self, item_id: str) -> None:
        """This item of the conversation is in the thread already, or soon."""
        self._there.add(item_id)

    def is_kept(self, item_id: str) -> bool:
        """Whether this item of the conversation was handed out for the thread."""
        return item_id in self._kept

    def on_server_event(self, event: Event, now_s: float, unix_s: float) -> list[Kept]:
        """One event of the server.

        Args:
            now_s: when, on the call's own clock.
            unix_s: the same since 1970: what is new in the thread was said then.
        """
        if not is_known(event):
            return []
        try:
            check_server_event(event)
        except MalformedEvent:
            return []
        self._followed.on_server_event(event, now_s)
        if event["type"] in ("session.created", "session.updated"):
            self._is_transcribed = is_transcribed(event["session"])
        if event["type"].endswith(".delta") or event["type"] == "error" or self._is_old(event):
            return []
        return self._changes(now_s, unix_s)

    def lost(self, now_s: float, unix_s: float) -> list[Kept]:
        """The connection went: what was not played was not heard. Another may follow."""
        kept = self.end(now_s, unix_s)
        self._followed = FollowedConversation()
        return kept

    def release(self, now_s: float, unix_s: float) -> list[Kept]:
        """The call goes on, and what is said from here on is not kept."""
        return self._changes(now_s, unix_s, is_over=True)

    def end(self, now_s: float, unix_s: float) -> list[Kept]:
        """The call is over: nothing is waited for any more."""
        self._followed.cut_off(now_s)
        return self._changes(now_s, unix_s, is_over=True)

    def _is_old(self, event: Event) -> bool:
        """It is about an item that is in the thread: a long one is put in by hundreds of these."""
        item = event.get("item")
        return isinstance(item, dict) and item.get("id") in self._there

    def _changes(self, now_s: float, unix_s: float, is_over: bool = False) -> list[Kept]:
        new = [item for item in self._followed.conversation if item["id"] not in self._there]
        if not new:
            return []
        found = {item["id"]: item for item in history_of(self._followed).items}
        outputs = {
            item.get("call_id"): item
            for item in self._followed.conversation
            if item["type"] == "function_call_output"
        }
        kept: list[Kept] = []
        for item in new:
            since_s = self._since_s.setdefault(item["id"], now_s)
            is_final = is_over or self._is_final(item, outputs)
            if not is_final and now_s - since_s < PATIENCE_S:
                break
            if is_final:
                change = self._change(item["id"], found.get(item["id"]), outputs, unix_s)
                kept += [] if change is None else [change]
        return kept

    def _change(
        self,
        item_id: str,
        item: Item | None,
        outputs: Mapping[str | None, Item],
        unix_s: float,
    ) -> Kept | None:
        before = self._kept.get(item_id)
        output = None if item is None else outputs.get(item.get("call_id"))
        row = None if item is None else row_of(item, output, self.context, unix_s)
        if row is not None and before is not None:
            row["created_at"] = before["created_at"]
        if row == before:
            return None
        if row is None:
            del self._kept[item_id]
            return None if before is None else Forget(before["id"])
        self._kept[item_id] = row
        return Keep(row)

    def _is_final(self, item: Item, outputs: Mapping[str | None, Item]) -> bool:
        words = self._followed.words.get(item["id"], Words())
        if is_user_message(item):
            is_spoken = any(part.get("type") == "input_audio" for part in item["content"])
            comes = is_spoken and self._is_transcribed
            return words.is_final or words.failed or not comes
        if is_assistant_message(item):
            return item.get("status") != "in_progress"
        return item["type"] != "function_call" or item.get("call_id") in outputs


def is_transcribed(session: Mapping[str, Any]) -> bool:
    """Whether what the user says is written down, by a session's own settings."""
    audio = session.get("audio")
    heard = audio.get("input") if isinstance(audio, dict) else None
    return not isinstance(heard, dict) or heard.get("transcription", ...) is not None
