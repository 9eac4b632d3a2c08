"""Items of a response: as the API keeps them, and as the assistants' conversation has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from harness.errors import ProtocolError
from harness.realtime.ids import Ids
from harness.realtime.items import Item

PREFIXES = {
    "message": "msg",
    "function_call": "fc",
    "function_call_output": "fco",
    "reasoning": "rs",
}


def item_id(kind: str, ids: Ids) -> str:
    """A new id of an item."""
    return f"{PREFIXES[kind]}_{ids.letters(40, '0123456789abcdef')}"


def kept_input(given: Iterable[dict[str, Any]], earlier: Sequence[Item], ids: Ids) -> list[Item]:
    """A client's items with an id and a status each, as the API lists them.

    Args:
        given: checked items.
        earlier: what came before; references lead there.

    Raises:
        ProtocolError: a reference leads nowhere, or calls and their outputs do not belong together.
    """
    kept: list[Item] = []
    for number, item in enumerate(given):
        kept.append(_kept(item, [*earlier, *kept], f"input[{number}].id", ids))
    _check_calls([*earlier, *kept])
    return kept


def _kept(item: dict[str, Any], known: Sequence[Item], path: str, ids: Ids) -> Item:
    item = {key: value for key, value in item.items() if value is not None}
    kind = item.get("type", "message")
    if kind == "item_reference":
        for one in known:
            if one["id"] == item["id"]:
                return one
        message = f"Item with id '{item['id']}' not found."
        raise ProtocolError(message, code="item_not_found", param=path)
    kept = {"id": item.get("id") or item_id(kind, ids), "type": kind, **item}
    if kind != "reasoning":
        kept.setdefault("status", "completed")
    if kind == "message":
        kept["content"] = _parts(item["content"], item["role"])
    return kept


def _parts(content: str | list[dict[str, Any]], role: str) -> list[dict[str, Any]]:
    if isinstance(content, list):
        return content
    if role == "assistant":
        return [{"type": "output_text", "text": content, "annotations": [], "logprobs": []}]
    return [{"type": "input_text", "text": content}]


def _check_calls(items: Sequence[Item]) -> None:
    called = {item["call_id"] for item in items if item["type"] == "function_call"}
    answered = {item["call_id"] for item in items if item["type"] == "function_call_output"}
    for call_id in sorted(answered - called):
        message = f"No tool call found for function call output with call_id {call_id}."
        raise ProtocolError(message, param="input")
    for call_id in sorted(called - answered):
        raise ProtocolError(f"No tool output found for function call {call_id}.", param="input")


def conversation_items(items: Iterable[Item]) -> list[Item]:
    """The items in the Realtime protocol's shapes; what has no counterpart there is left out."""
    return [one for item in items if (one := _conversation_item(item)) is not None]


def _conversation_item(item: Item) -> Item | None:
    match item["type"]:
        case "message":
            role = "system" if item["role"] == "developer" else item["role"]
            parts = [_conversation_part(part) for part in item["content"]]
            content = [part for part in parts if part is not None]
            return {"id": item["id"], "type": "message", "role": role, "content": content}
        case "function_call":
            fields = ("id", "type", "call_id", "name", "arguments")
            return {key: item[key] for key in fields}
        case "function_call_output":
            output = item["output"]
            text = output if isinstance(output, str) else _words(output)
            return {**{key: item[key] for key in ("id", "type", "call_id")}, "output": text}
    return None


def _conversation_part(part: dict[str, Any]) -> dict[str, Any] | None:
    match part["type"]:
        case "input_text" | "output_text":
            return {"type": part["type"], "text": part["text"]}
        case "refusal":
            return {"type": "output_text", "text": part["refusal"]}
        case "input_image" if part.get("image_url"):
            return {"type": "input_image", "image_url": part["image_url"]}
        case "input_file":
            return {"type": "input_text", "text": f"[file {part.get('filename') or 'attached'}]"}
    return None


def _words(parts: Iterable[dict[str, Any]]) -> str:
    return "\n".join(part["text"] for part in parts if part["type"] == "input_text")
