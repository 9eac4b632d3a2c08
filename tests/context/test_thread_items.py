"""Items of a thread in a session, and the other way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.context.thread_items import (
    TOKENS_AN_ITEM,
    history_of_thread,
    item_tokens,
    kept_id,
    noted_row,
    put_in_items,
    row_of,
    text_of_row,
    told_of_row,
    written_row,
)
from harness.realtime.items import text_of
from harness.realtime.server.validation.client_events import check_client_event
from tests.support.contexts import NOW, answered, context, written
from tests.support.thread_rows import CALL_ROW, asked_row, item_row, said_row


def test_a_thread_goes_in_as_it_was_said() -> None:
    history = history_of_thread([asked_row(), CALL_ROW, said_row()], 1000)
    assert [(item["id"], item["type"]) for item in history.items] == [
        ("msg_1", "message"),
        ("tc_1", "function_call"),
        ("tc_1_out", "function_call_output"),
        ("msg_2", "message"),
    ]
    assert history.left_out == ()
    for item in history.items:
        check_client_event({"type": "conversation.item.create", "item": item})


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({**CALL_ROW, "status": "pending"}, "a call without a result"),
        (asked_row(text=""), "it has no words"),
        (item_row("eot_1", "end_of_turn"), "nothing that is a end_of_turn"),
        (item_row("new_1", "hologram"), "nothing that is a hologram"),
        (item_row("msg_9", "user_message"), "it is not whole"),
    ],
)
def test_what_cannot_go_in_is_told(row: dict[str, Any], why: str) -> None:
    assert why in put_in_items(row)
    history = history_of_thread([row, said_row()], 1000)
    assert [left.item_id for left in history.left_out] == [row["id"]]
    assert len(history.items) == 1


TEXTS = st.lists(st.text("abc", min_size=1, max_size=400), max_size=12)


@given(TEXTS, st.integers(0, 300))
def test_the_newest_go_in_within_the_budget(texts: list[str], most: int) -> None:
    rows = [asked_row(f"msg_{n}", text) for n, text in enumerate(texts)]
    history = history_of_thread(rows, most)
    tokens = [item_tokens(item) for item in history.items]
    assert sum(tokens) <= most
    kept = [text_of(item) for item in history.items]
    assert kept == texts[len(texts) - len(kept) :]
    assert len(history.left_out) == len(texts) - len(kept)
    if history.left_out:
        first = put_in_items(rows[len(texts) - len(kept) - 1])
        assert not isinstance(first, str)
        assert sum(tokens) + item_tokens(first[0]) > most


def test_a_call_of_a_tool_goes_in_whole_or_not_at_all() -> None:
    assert history_of_thread([CALL_ROW], TOKENS_AN_ITEM).items == ()


def test_what_is_said_becomes_rows_with_ids_of_the_call() -> None:
    one = context()
    user = row_of(written("item_1", "Hi."), None, one, NOW)
    answer = row_of(answered("item_2", "Hello."), None, one, NOW)
    assert user is not None
    assert answer is not None
    assert (user["type"], text_of_row(user)) == ("user_message", "Hi.")
    assert (answer["type"], text_of_row(answer)) == ("assistant_message", "Hello.")
    assert user["id"] == kept_id(one, "item_1") != answer["id"]
    assert len(user["id"]) <= 32  # the protocol's longest
    assert put_in_items(user) == [{**written(user["id"], "Hi.")}]
    system = {"id": "s", "type": "message", "role": "system", "content": []}
    assert row_of(system, None, one, NOW) is None


def test_a_finished_call_of_a_tool_is_one_row() -> None:
    call = {"id": "i", "type": "function_call", "call_id": "c", "name": "book"}
    output = {"id": "o", "type": "function_call_output", "call_id": "c", "output": "done"}
    assert row_of({**call, "arguments": "{}"}, None, context(), NOW) is None
    row = row_of({**call, "arguments": '{"a": 1}'}, output, context(), NOW)
    assert row is not None
    assert (row["arguments"], row["output"], row["status"]) == ({"a": 1}, "done", "completed")
    odd = row_of({**call, "arguments": "no json"}, output, context(), NOW)
    assert odd is not None
    assert odd["arguments"] == {"text": "no json"}


def test_a_widget_that_was_shown_is_a_row_of_its_own() -> None:
    widget = {"type": "Card", "children": [{"type": "Text", "value": "Soup"}]}
    call = {"id": "i", "type": "function_call", "call_id": "c", "name": "show_widget"}
    output = {"id": "o", "type": "function_call_output", "call_id": "c", "output": "It is shown."}
    row = row_of({**call, "arguments": json.dumps({"widget": widget})}, output, context(), NOW)
    assert row is not None
    assert (row["type"], row["widget"], text_of_row(row)) == ("widget", widget, "Soup")
    wrong = row_of({**call, "arguments": "{}"}, output, context(), NOW)
    assert wrong is not None
    assert wrong["type"] == "client_tool_call"


def test_people_are_told_what_an_item_is_about() -> None:
    files = [{"id": "atc_1", "name": "menu.pdf"}]
    assert told_of_row(written_row(context(), "m", "This?", NOW, files)) == "[menu.pdf] This?"
    assert told_of_row(noted_row(context(), "m", "A note.", NOW)) == "A note."
    assert told_of_row(CALL_ROW) == "book"
    assert told_of_row({"type": "task"}) == "task"


def test_words_of_rows() -> None:
    assert text_of_row(written_row(context(), "m", "Hi.", NOW)) == "Hi."
    assert text_of_row(CALL_ROW) == ""
