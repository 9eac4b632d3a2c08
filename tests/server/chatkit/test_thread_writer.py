"""The writing into a thread."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

pytest.importorskip("chatkit", reason="NOT RUN: the extra “chatkit” is not installed")

from chatkit.errors import CustomStreamError

from harness.realtime.server.assistants.assistant import Piece, Play, Say, Show, UseTool
from harness.server.chatkit.thread_writer import ThreadWriter

CARD = {"type": "Card", "children": [{"type": "Text", "value": "Two people"}]}


def writer() -> ThreadWriter:
    numbers = itertools.count(1)
    return ThreadWriter("thr_1", lambda kind: f"{kind}_{next(numbers)}")


def written(*pieces: Any) -> list[dict[str, Any]]:
    one = writer()
    events = [event for piece in pieces for event in one.on_piece(piece)]
    return [event.model_dump(mode="json") for event in [*events, *one.finish()]]


def test_words_are_one_message_in_the_contracts_order() -> None:
    events = written(Say("Good "), Say("evening."), Say(""))
    kinds = [event.get("update", event)["type"] for event in events]
    assert kinds == [
        "thread.item.added",
        "assistant_message.content_part.added",
        "assistant_message.content_part.text_delta",
        "assistant_message.content_part.text_delta",
        "assistant_message.content_part.done",
        "thread.item.done",
    ]
    assert events[0]["item"]["content"] == []
    assert events[1]["update"]["content"]["text"] == ""
    assert events[-1]["item"]["content"][0]["text"] == "Good evening."
    assert {event.get("item_id") or event["item"]["id"] for event in events} == {"message_1"}


def test_a_widget_and_a_call_end_the_message_before_them() -> None:
    one = writer()
    pieces: list[Piece] = [
        Say("Here."),
        Show(CARD, "Two people"),
        UseTool("book", '{"persons": 2}'),
    ]
    events = [event for piece in pieces for event in one.on_piece(piece)]
    done = [event.item for event in events if event.type == "thread.item.done"]
    assert [item.type for item in done] == ["assistant_message", "widget", "client_tool_call"]
    assert one.is_waiting
    call = done[-1].model_dump()
    assert (call["status"], call["name"], call["arguments"]) == ("pending", "book", {"persons": 2})


def test_sound_is_what_it_says() -> None:
    events = written(Play(np.zeros(240, np.float32), "Ding."))
    assert events[-1]["item"]["content"][0]["text"] == "Ding."


@pytest.mark.parametrize(
    "piece", [Show({"type": "Hologram"}), UseTool("book", "[1]"), UseTool("book", "{")]
)
def test_what_is_no_widget_and_no_object_is_told(piece: Any) -> None:
    with pytest.raises(CustomStreamError) as caught:
        written(piece)
    assert "wrong" in caught.value.message or "book" in caught.value.message
