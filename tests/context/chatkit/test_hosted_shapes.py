"""Threads and items as the hosted REST API shows them."""

from __future__ import annotations

from typing import Any

from harness.context.chatkit.hosted_shapes import hosted_items, hosted_thread
from tests.support.thread_rows import CALL_ROW, asked_row, item_row, said_row, thread_row

UNIX_S = 1_795_896_000


def shown(row: dict[str, Any]) -> dict[str, Any]:
    (item,) = hosted_items([row])
    assert item.pop("object") == "chatkit.thread_item"
    assert (item.pop("thread_id"), item.pop("created_at"), item.pop("id")) == (
        *("thr_1", UNIX_S),
        row["id"],
    )
    return item


def test_a_thread_has_its_user_and_unix_seconds() -> None:
    assert hosted_thread(thread_row(title="Tables"), "kim") == {
        "id": "thr_1",
        "object": "chatkit.thread",
        "created_at": UNIX_S,
        "title": "Tables",
        "status": {"type": "active"},
        "user": "kim",
    }
    locked = hosted_thread(thread_row(status={"type": "locked"}), "kim")
    assert locked["status"] == {"type": "locked", "reason": None}


def test_messages() -> None:
    file = {"id": "atc_1", "type": "file", "name": "a.txt", "mime_type": "text/plain"}
    assert shown(asked_row(attachments=[file], quoted_text="Earlier")) == {
        "type": "chatkit.user_message",
        "content": [
            {"type": "input_text", "text": "Hi."},
            {"type": "quoted_text", "text": "Earlier"},
        ],
        "attachments": [{**file, "preview_url": None}],
        "inference_options": None,
    }
    source = {"type": "url", "url": "https://a.example", "title": "A"}
    entity = {"source": {"type": "entity", "id": "e"}}
    said = shown(said_row(annotations=[{"type": "annotation", "source": source}, entity]))
    assert said["content"][0]["annotations"] == [
        {"type": "url", "source": {"type": "url", "url": "https://a.example"}}
    ]


def test_objects_are_texts_and_names_differ() -> None:
    call = shown(CALL_ROW)
    assert (call["status"], call["arguments"], call["output"]) == (
        *("completed", '{"persons":2}', '{"ok":true}'),
    )
    pending = shown({**CALL_ROW, "status": "pending", "output": None})
    assert (pending["status"], pending["output"]) == ("in_progress", None)
    widget = shown(item_row("w", "widget", widget={"type": "Card"}))
    assert widget == {"type": "chatkit.widget", "widget": '{"type":"Card"}'}


def test_tasks_and_groups_of_them() -> None:
    thought = {"type": "thought", "title": "Hm", "content": "So."}
    search = {"type": "web_search", "title": "Look"}
    assert shown(item_row("t", "task", task=thought)) == {
        "type": "chatkit.task",
        "task_type": "thought",
        "heading": "Hm",
        "summary": "So.",
    }
    group = shown(item_row("g", "workflow", workflow={"type": "custom", "tasks": [search]}))
    assert group["type"] == "chatkit.task_group"
    assert group["tasks"] == [{"type": "custom", "heading": "Look", "summary": None}]


def test_what_the_api_has_no_type_for_is_left_out() -> None:
    kinds = ("hidden_context_item", "sdk_hidden_context", "end_of_turn", "generated_image", "new")
    assert hosted_items([item_row("x", kind, content="") for kind in kinds]) == []
