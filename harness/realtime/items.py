"""Conversation items as they stand on the wire: key order, content parts, no ``object``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Item = dict[str, Any]
"""One conversation item, a JSON object with at least ``id`` and ``type``."""

_KEY_ORDER = {
    "message": ("id", "type", "status", "role", "content"),
    "function_call": ("id", "type", "status", "call_id", "name", "arguments"),
    "function_call_output": ("id", "type", "call_id", "output"),
    "mcp_list_tools": ("id", "type", "server_label", "tools"),
    "mcp_approval_request": ("id", "type", "server_label", "name", "arguments"),
    "mcp_approval_response": ("id", "type", "approval_request_id", "approve", "reason"),
}
_OF_A_REMOTE_CALL = (
    "id", "type", "server_label", "name", "arguments", "approval_request_id", "output", "error",
)  # fmt: skip


def user_audio_item(item_id: str, transcript: str | None = None) -> Item:
    """What the user said; the transcript stays null in the events that announce it."""
    content = [{"type": "input_audio", "transcript": transcript}]
    return message(item_id, "user", content, "completed")


def message(item_id: str, role: str, content: list[dict[str, Any]], status: str) -> Item:
    """A message item as the protocol writes it."""
    return {"id": item_id, "type": "message", "status": status, "role": role, "content": content}


def function_call(item_id: str, call_id: str, name: str, arguments: str, status: str) -> Item:
    """An item that calls a function; `arguments` is JSON text, perhaps not complete yet."""
    return {
        "id": item_id,
        "type": "function_call",
        "status": status,
        "call_id": call_id,
        "name": name,
        "arguments": arguments,
    }


def mcp_list_tools(item_id: str, server_label: str, tools: list[dict[str, Any]]) -> Item:
    """The tools that a remote server offers."""
    return {"id": item_id, "type": "mcp_list_tools", "server_label": server_label, "tools": tools}


def mcp_approval_request(item_id: str, server_label: str, name: str, arguments: str) -> Item:
    """A remote call that waits for the client's agreement."""
    return {
        "id": item_id,
        "type": "mcp_approval_request",
        "server_label": server_label,
        "name": name,
        "arguments": arguments,
    }


def mcp_call(item_id: str, server_label: str, name: str, arguments: str, **more: Any) -> Item:
    """A remote call; ``more`` is its request for approval, its output or its error.

    What is not known is null and never missing: stock clients demand the key ``output``.
    """
    known = {"server_label": server_label, "name": name, "arguments": arguments, **more}
    return {"id": item_id, "type": "mcp_call", **{k: known.get(k) for k in _OF_A_REMOTE_CALL[2:]}}


def announced(item: Item, item_id: str) -> Item:
    """A client's item as the server echoes it: id filled in, completed, keys in order."""
    kind = item["type"]
    echo = {key: value for key, value in item.items() if key not in ("object", "status")}
    echo["id"] = item_id
    if kind in ("message", "function_call"):
        echo["status"] = "completed"
    if kind == "function_call" and echo.get("call_id") is None:
        echo["call_id"] = None
    if kind == "mcp_call":
        return {key: echo.get(key) for key in _OF_A_REMOTE_CALL}
    if kind == "message":
        echo["content"] = [_announced_part(part) for part in item["content"]]
    order = _KEY_ORDER.get(kind, ("id", "type"))
    first = {key: echo[key] for key in order if key in echo}
    return first | {key: value for key, value in echo.items() if key not in first}


def _announced_part(part: dict[str, Any]) -> dict[str, Any]:
    """Audio bytes are never echoed, and the transcript key is always there."""
    if part["type"] == "input_audio":
        return {"type": "input_audio", "transcript": part.get("transcript")}
    if part["type"] == "input_image":
        return {**part, "detail": part.get("detail") or "auto"}
    return part


def without_words(item: Item) -> Item:
    """An assistant's item after a truncation: nobody knows which words were heard."""
    parts = [
        {**part, "transcript": ""} if part.get("type") == "output_audio" else part
        for part in item["content"]
    ]
    return {**item, "content": parts}


def part_text(part: object) -> str:
    """The words of one content part, spoken or written; "" where there are none.

    Args:
        part: any JSON, for it may be what a server sent.
    """
    if not isinstance(part, dict):
        return ""
    words = part.get("transcript") or part.get("text")
    return words.strip() if isinstance(words, str) else ""


def joined(texts: Iterable[str]) -> str:
    """Texts that follow each other as one; those without words leave nothing behind."""
    return " ".join(text for text in texts if text)


def text_of(item: Item) -> str:
    """All words of a message, spoken or written; "" where there are none."""
    if item.get("type") != "message":
        return ""
    return joined(map(part_text, item.get("content") or []))


def is_user_message(item: Item) -> bool:
    """Whether an item is a message of the user."""
    return item.get("type") == "message" and item.get("role") == "user"


def is_assistant_message(item: Item) -> bool:
    """Whether an item is a message of the assistant."""
    return item.get("type") == "message" and item.get("role") == "assistant"
