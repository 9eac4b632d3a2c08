"""The simplest client: a list of items, moved by whole events alone."""

from __future__ import annotations

from typing import Any

Event = dict[str, Any]


class ClientModel:
    """What a client must make of the conversation, whatever order the events come in."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self._cut: set[str] = set()

    def receive(self, event: Event) -> None:
        """Apply an event that has all it must have."""
        kind = event["type"]
        if kind in ("conversation.item.added", "conversation.item.created"):
            self._put(event["item"], event.get("previous_item_id"), front_if_none=True)
        elif kind == "conversation.item.done":
            self._put(event["item"], event.get("previous_item_id"), front_if_none=False)
        elif kind == "conversation.item.deleted":
            self.items = [item for item in self.items if item["id"] != event["item_id"]]
            self._cut.discard(event["item_id"])
        elif kind == "conversation.item.truncated":
            at = self._at(event["item_id"])
            if at is not None and self.items[at].get("role") == "assistant":
                self._cut.add(event["item_id"])
                self.items[at] = self._shown(self.items[at])

    def _at(self, item_id: Any) -> int | None:
        return next((i for i, item in enumerate(self.items) if item["id"] == item_id), None)

    def _put(self, item: dict[str, Any], before: Any, front_if_none: bool) -> None:
        at = self._at(item["id"])
        if at is not None:
            self.items[at] = self._shown(item)
            return
        after = self._at(before)
        if after is not None:
            self.items.insert(after + 1, item)
        elif before is None and front_if_none:
            self.items.insert(0, item)
        else:
            self.items.append(item)

    def _shown(self, item: dict[str, Any]) -> dict[str, Any]:
        if item["id"] not in self._cut or item.get("role") != "assistant":
            return item
        content = [
            {**part, "transcript": ""} if part["type"] == "output_audio" else part
            for part in item["content"]
        ]
        return {**item, "content": content}
