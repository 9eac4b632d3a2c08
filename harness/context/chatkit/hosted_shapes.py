"""Threads and items of the self-hosted protocol, as the hosted REST API shows them.

The two differ on purpose: Unix seconds for ISO dates, JSON texts for objects, `in_progress` for
`pending`, a `chatkit.` before every type. Items that the REST API has no type for are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

Row = dict[str, Any]
"""An object of the self-hosted protocol, as JSON."""


def hosted_thread(thread: Row, user: str) -> dict[str, Any]:
    """A thread as the REST API shows it."""
    status = {"type": "active", **(thread.get("status") or {})}
    if status["type"] != "active":
        status.setdefault("reason", None)
    else:
        status.pop("reason", None)
    return {
        "id": thread["id"],
        "object": "chatkit.thread",
        "created_at": _unix_s(thread["created_at"]),
        "title": thread.get("title"),
        "status": status,
        "user": user,
    }


def hosted_items(items: Iterable[Row]) -> list[dict[str, Any]]:
    """The items that the REST API has a type for, in its shapes."""
    return [shown for item in items if (shown := _hosted_item(item)) is not None]


def _hosted_item(item: Row) -> dict[str, Any] | None:
    fields = _FIELDS.get(item["type"])
    if fields is None:
        return None
    task_group = item["type"] == "workflow"
    return {
        "id": item["id"],
        "object": "chatkit.thread_item",
        "thread_id": item["thread_id"],
        "created_at": _unix_s(item["created_at"]),
        "type": "chatkit.task_group" if task_group else f"chatkit.{item['type']}",
        **fields(item),
    }


def _user_message(item: Row) -> dict[str, Any]:
    content = [{"type": "input_text", "text": part["text"]} for part in item["content"]]
    if item.get("quoted_text"):
        content.append({"type": "quoted_text", "text": item["quoted_text"]})
    options = item.get("inference_options") or {}
    choice = options.get("tool_choice")
    return {
        "content": content,
        "attachments": [
            {
                "id": one["id"],
                "type": one["type"],
                "name": one["name"],
                "mime_type": one["mime_type"],
                "preview_url": one.get("preview_url"),
            }
            for one in item.get("attachments") or ()
        ],
        "inference_options": (
            {"model": options.get("model"), "tool_choice": choice and {"id": choice["id"]}}
            if any(options.values())
            else None
        ),
    }


def _assistant_message(item: Row) -> dict[str, Any]:
    return {
        "content": [
            {
                "type": "output_text",
                "text": part["text"],
                "annotations": _annotations(part.get("annotations") or ()),
            }
            for part in item["content"]
        ]
    }


def _annotations(annotations: Iterable[Row]) -> list[dict[str, Any]]:
    kept = {"file": "filename", "url": "url"}
    return [
        {"type": source["type"], "source": {key: source.get(key) for key in ("type", named)}}
        for one in annotations
        if (source := one["source"]) and (named := kept.get(source["type"]))
    ]


def _widget(item: Row) -> dict[str, Any]:
    return {"widget": _text(item["widget"])}


def _client_tool_call(item: Row) -> dict[str, Any]:
    is_over = item["status"] == "completed"
    output = item.get("output")
    return {
        "status": "completed" if is_over else "in_progress",
        "call_id": item["call_id"],
        "name": item["name"],
        "arguments": _text(item["arguments"]),
        "output": output if output is None or isinstance(output, str) else _text(output),
    }


def _task(item: Row) -> dict[str, Any]:
    shown = _one_task(item["task"])
    return {"task_type": shown.pop("type"), **shown}


def _workflow(item: Row) -> dict[str, Any]:
    return {"tasks": [_one_task(task) for task in item["workflow"]["tasks"]]}


def _one_task(task: Row) -> dict[str, Any]:
    kind = "thought" if task["type"] == "thought" else "custom"
    return {"type": kind, "heading": task.get("title"), "summary": task.get("content")}


_FIELDS = {
    "user_message": _user_message,
    "assistant_message": _assistant_message,
    "widget": _widget,
    "client_tool_call": _client_tool_call,
    "task": _task,
    "workflow": _workflow,
}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _unix_s(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp())
