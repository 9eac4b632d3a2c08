"""Objects of the ChatKit protocol, as JSON."""

from __future__ import annotations

from typing import Any

AT = "2026-11-28T20:00:00Z"


def thread_row(name: str = "thr_1", **more: Any) -> dict[str, Any]:
    return {"id": name, "created_at": AT, "status": {"type": "active"}, **more}


def item_row(item_id: str, kind: str, /, **more: Any) -> dict[str, Any]:
    return {"id": item_id, "thread_id": "thr_1", "created_at": AT, "type": kind, **more}


def asked_row(name: str = "msg_1", text: str = "Hi.", **more: Any) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return item_row(name, "user_message", content=content, inference_options={}, **more)


def said_row(name: str = "msg_2", text: str = "Hello.", **more: Any) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": [], **more}]
    return item_row(name, "assistant_message", content=content)


CALL_ROW = item_row(
    "tc_1",
    "client_tool_call",
    status="completed",
    call_id="call_1",
    name="book",
    arguments={"persons": 2},
    output={"ok": True},
)
