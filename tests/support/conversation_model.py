"""What a careful client concludes from a session's events, and the checklist it can tick off."""

from __future__ import annotations

from collections import Counter
from typing import Any

Event = dict[str, Any]


class ConversationModel:
    """The simplest conversation: items by the order in which `added` puts them."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self._items: dict[str, dict[str, Any]] = {}

    def told_ids(self, events: list[Event]) -> list[str]:
        """Ids of all items that events have told of."""
        return [e["item"]["id"] for e in events if e["type"] == "conversation.item.added"]

    def items(self) -> list[dict[str, Any]]:
        return [self._items[item_id] for item_id in self.order]

    def replay(self, events: list[Event]) -> None:
        truncated: set[str] = set()
        for event in events:
            match event["type"]:
                case "conversation.item.added":
                    self._add(event)
                case "conversation.item.done":
                    item = event["item"]
                    assert event["previous_item_id"] == self._before(item["id"])
                    self._items[item["id"]] = item
                    if item["id"] in truncated:
                        self._forget_words(item["id"])
                case "conversation.item.deleted":
                    self.order.remove(event["item_id"])
                    truncated.discard(event["item_id"])
                case "conversation.item.truncated":
                    truncated.add(event["item_id"])
                    self._forget_words(event["item_id"])

    def _add(self, event: Event) -> None:
        item, before = event["item"], event["previous_item_id"]
        assert item["id"] not in self.order
        assert before is None or before in self.order
        self.order.insert(self.order.index(before) + 1 if before is not None else 0, item["id"])
        self._items[item["id"]] = item

    def _before(self, item_id: str) -> str | None:
        at = self.order.index(item_id)
        return self.order[at - 1] if at else None

    def _forget_words(self, item_id: str) -> None:
        item = self._items[item_id]
        assert item["role"] == "assistant"
        parts = [
            {**part, "transcript": ""} if part["type"] == "output_audio" else part
            for part in item["content"]
        ]
        self._items[item_id] = {**item, "content": parts}


def check_ladders(events: list[Event], transport: str) -> None:
    """The conformance checklist of the reference, as far as events alone can show it."""
    assert events[0]["type"] == "session.created"
    ids = [event["event_id"] for event in events]
    assert len(ids) == len(set(ids)), "event ids are unique"
    _check_responses(events)
    _check_items(events)
    _check_playback(events, transport)
    _check_turns(events)


def _check_responses(events: list[Event]) -> None:
    created = [e["response"]["id"] for e in events if e["type"] == "response.created"]
    done = [e["response"]["id"] for e in events if e["type"] == "response.done"]
    assert len(created) == len(set(created))
    assert sorted(created) == sorted(done), "each response is done exactly once"
    open_ids: set[str] = set()
    on_conversation: set[str] = set()
    for index, event in enumerate(events):
        kind = event["type"]
        if kind == "response.created":
            open_ids.add(event["response"]["id"])
            if event["response"]["conversation_id"] is not None:
                assert not on_conversation, "one response at a time on the conversation"
                on_conversation.add(event["response"]["id"])
        elif kind == "response.done":
            response = event["response"]
            open_ids.remove(response["id"])
            on_conversation.discard(response["id"])
            assert events[index + 1]["type"] == "rate_limits.updated"
            concluded = [
                e["item"]
                for e in events
                if e["type"] == "response.output_item.done" and e["response_id"] == response["id"]
            ]
            assert response["output"] == concluded
            assert response["status"] != "in_progress"
        elif kind.startswith("response."):
            assert event["response_id"] in open_ids


def _check_items(events: list[Event]) -> None:
    kinds = ("response.output_item", "response.content_part", "conversation.item")
    for kind in kinds:
        added = Counter(_item_id(e) for e in events if e["type"] == f"{kind}.added")
        done = Counter(_item_id(e) for e in events if e["type"] == f"{kind}.done")
        assert added == done, f"each {kind} is added and done"
    ends = [event for event in events if event["type"].endswith(".done")]
    order = [(event["type"], _item_id(event)) for event in ends if _item_id(event)]
    for item_id in {item_id for _, item_id in order}:
        kinds_of_item = [kind for kind, its_id in order if its_id == item_id]
        if {"conversation.item.done", "response.output_item.done"} <= set(kinds_of_item):
            first = kinds_of_item.index("conversation.item.done")
            assert kinds_of_item.index("response.output_item.done") > first
    for event in events:
        if event["type"].endswith(".delta") and "audio.delta" not in event["type"]:
            assert event["obfuscation"]
            assert (len(event["delta"]) + len(event["obfuscation"])) % 16 == 0


def _check_playback(events: list[Event], transport: str) -> None:
    told = [e for e in events if e["type"].startswith("output_audio_buffer.")]
    if transport == "websocket":
        assert not told
        return
    assert not [e for e in events if e["type"] == "response.output_audio.delta"]
    playing: str | None = None
    ended: set[str] = set()
    for event in told:
        if event["type"] == "output_audio_buffer.started":
            assert playing is None
            assert event["response_id"] not in ended
            playing = event["response_id"]
        else:
            assert event["response_id"] == playing, "started before stopped or cleared"
            ended.add(event["response_id"])
            playing = None
    assert playing is None, "whatever started has stopped or was cleared"


def _check_turns(events: list[Event]) -> None:
    speaking: str | None = None
    announced: str | None = None
    position_ms = 0
    for event in events:
        kind = event["type"]
        if kind == "input_audio_buffer.speech_started":
            assert speaking is None
            assert announced in (None, event["item_id"])
            speaking = announced = event["item_id"]
            assert event["audio_start_ms"] >= position_ms
            position_ms = event["audio_start_ms"]
        elif kind == "input_audio_buffer.speech_stopped":
            assert event["item_id"] == speaking
            assert event["audio_end_ms"] >= position_ms
            position_ms, speaking = event["audio_end_ms"], None
        elif kind == "input_audio_buffer.committed":
            assert speaking is None
            assert announced in (None, event["item_id"]), "the announced id is the item's"
            announced = None
    assert speaking is None


def _item_id(event: Event) -> Any:
    return event["item"]["id"] if "item" in event else event.get("item_id")
