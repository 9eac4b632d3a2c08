"""Items of a thread as the assistants' conversation has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from harness.realtime.items import Item

Row = dict[str, Any]


def conversation_items(
    items: Iterable[Row], pictures: Mapping[str, str] | None = None
) -> list[Item]:
    """The thread in the Realtime protocol's shapes; what says nothing is left out.

    Args:
        items: of the self-hosted protocol, as JSON, the oldest first.
        pictures: those of their attachments that are shown, as data URIs by the attachments' ids;
            None: nobody looks.
    """
    return [one for item in items for one in _conversation_items(item, pictures)]


def _conversation_items(item: Row, pictures: Mapping[str, str] | None) -> list[Item]:
    match item["type"]:
        case "user_message":
            message = _message(item["id"], "user", _asked(item, pictures))
            message["content"] += _shown(item, pictures or {})
            return [message]
        case "assistant_message":
            return [_message(item["id"], "assistant", _written(item["content"]))]
        case "client_tool_call":
            return _call(item)
        case "widget":
            shown = item.get("copy_text") or f"(shown: {_json(item['widget'])})"
            return [_message(item["id"], "assistant", shown)]
        case "structured_input" if item.get("status") != "pending":
            return [_message(item["id"], "user", _answers(item["inputs"]))]
        case "hidden_context_item" | "sdk_hidden_context":
            content = item["content"]
            text = content if isinstance(content, str) else _json(content)
            return [_message(item["id"], "system", text)]
    return []


def _message(item_id: str, role: str, text: str) -> Item:
    kind = "output_text" if role == "assistant" else "input_text"
    content = [{"type": kind, "text": text}]
    return {"id": item_id, "type": "message", "role": role, "content": content}


def _written(parts: Iterable[Row]) -> str:
    return " ".join(part["text"] for part in parts if part.get("text"))


def _shown(item: Row, pictures: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"type": "input_image", "image_url": pictures[one["id"]], "detail": "auto"}
        for one in item.get("attachments") or ()
        if one["id"] in pictures
    ]


def _asked(item: Row, pictures: Mapping[str, str] | None) -> str:
    """A user's words, after what they are about."""
    quoted = item.get("quoted_text")
    files = [_told_file(one, pictures) for one in item.get("attachments") or ()]
    lines = [*([f"> {quoted}"] if quoted else []), *files, _written(item["content"])]
    return "\n".join(line for line in lines if line)


def _told_file(file: Row, pictures: Mapping[str, str] | None) -> str:
    is_hidden = pictures is not None and file["type"] == "image" and file["id"] not in pictures
    return f"[{file['type']} {file['name']}{', not shown' if is_hidden else ''}]"


def _answers(inputs: Iterable[Row]) -> str:
    lines = []
    for one in inputs:
        answer = one.get("answer") or {}
        given = ", ".join(answer.get("values") or ()) or "(skipped)"
        lines.append(f"{one['question']} {given}")
    return "\n".join(lines)


def _call(item: Row) -> list[Item]:
    known = {"call_id": item["call_id"]}
    call = {
        "id": item["id"],
        "type": "function_call",
        **known,
        "name": item["name"],
        "arguments": _json(item["arguments"]),
    }
    if item["status"] != "completed":
        return [call]
    output = item.get("output")
    text = output if isinstance(output, str) else _json(output)
    result = {"id": f"{item['id']}_out", "type": "function_call_output", **known, "output": text}
    return [call, result]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
