"""Events and items of a chat, as they come."""

from __future__ import annotations

import pytest

pytest.importorskip("chatkit", reason="NOT RUN: the extra “chatkit” is not installed")

from chatkit.types import NoticeEvent

from harness.client.chat_events import as_item, read_event
from harness.errors import MalformedEvent
from tests.support.thread_rows import CALL_ROW, item_row, said_row


def test_a_known_event_is_typed() -> None:
    event = read_event('data: {"type": "notice", "level": "info", "message": "Hm."}\n')
    assert event is not None
    assert event.event == NoticeEvent(level="info", message="Hm.")
    assert read_event("\n") is None


def test_an_unknown_one_is_kept_as_it_came() -> None:
    event = read_event('data: {"type": "hologram", "depth": 3}')
    assert event is not None
    assert (event.type, event.event, event.data["depth"]) == ("hologram", None, 3)
    item = as_item(item_row("x", "hologram", depth=3))
    assert (item.type, item.item, item.text) == ("hologram", None, "")


def test_items_have_their_words() -> None:
    assert as_item(said_row()).text == "Hello."
    assert as_item(CALL_ROW).item is not None


@pytest.mark.parametrize("line", ["data: {", "data: [1]", 'data: {"kind": "x"}', "data:"])
def test_what_is_no_event_is_told(line: str) -> None:
    with pytest.raises(MalformedEvent, match="type"):
        read_event(line)
