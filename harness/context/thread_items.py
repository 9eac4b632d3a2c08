"""Items of a thread as items of a conversation, and the other way: the words, and who said them.

An item keeps its id on the way from a thread into a session, so that putting a thread in twice adds
nothing. On the way back the id is made of the call's number and the item's own: see `kept_id`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from harness.context.context import ID_CHARS, Context, Row
from harness.context.own_shapes import conversation_items
from harness.context.widget_tool import shown_widget
from harness.context.widgets import text_of_widget
from harness.realtime.client.history import History, LeftOut
from harness.realtime.items import Item, joined, text_of
from harness.realtime.server.tokens import IMAGE_TOKENS, text_tokens

TOKENS_AN_ITEM = 4
"""What an item costs beside its words."""


def kept_id(context: Context, item_id: str, kind: str = "msg") -> str:
    """The id in the thread of what a call's item says; the same each time it is asked for."""
    digest = hashlib.sha256(f"{context.id}/{context.calls}/{item_id}".encode()).hexdigest()
    return f"{kind}_{digest[:ID_CHARS]}"


def history_of_thread(
    rows: Iterable[Row], most_tokens: int, pictures: Mapping[str, str] | None = None
) -> History:
    """The end of a thread as it is put into a session, within a number of tokens.

    Args:
        rows: the thread, the oldest first.
        most_tokens: by the estimate of `harness.realtime.server.tokens`.
        pictures: see `harness.context.own_shapes.conversation_items`.
    """
    kept: list[list[Item]] = []
    left_out: list[LeftOut] = []
    tokens, is_full = 0, False
    for row in reversed(list(rows)):
        found = put_in_items(row, pictures)
        if isinstance(found, str):
            left_out.append(LeftOut(str(row.get("id")), found))
            continue
        tokens += sum(map(item_tokens, found))
        is_full = is_full or tokens > most_tokens
        if is_full:
            left_out.append(LeftOut(row["id"], "the thread is longer than history_tokens"))
        else:
            kept.append(found)
    items = [item for found in reversed(kept) for item in found]
    return History(tuple(items), tuple(reversed(left_out)))


def item_tokens(item: Item) -> int:
    """What an item costs a model, as an estimate."""
    texts = (text_of(item), item.get("name"), item.get("arguments"), item.get("output"))
    parts = item.get("content") or ()
    pictures = len([part for part in parts if part.get("type") == "input_image"])
    words = text_tokens("".join(text for text in texts if text))
    return TOKENS_AN_ITEM + words + pictures * IMAGE_TOKENS


def put_in_items(row: Row, pictures: Mapping[str, str] | None = None) -> list[Item] | str:
    """What a thread's item is in a session; a text says why it is nothing there."""
    try:
        items = conversation_items([row], pictures)
    except (KeyError, TypeError, AttributeError, ValueError):
        return "it is not whole"
    if not items:
        return f"a session has nothing that is a {row.get('type')}"
    if items[0]["type"] == "message":
        return items if text_of(items[0]) else "it has no words"
    return items if len(items) > 1 else "a call without a result"


def row_of(item: Item, output: Item | None, context: Context, unix_s: float) -> Row | None:
    """What a conversation's item is in the context's thread; None: nothing.

    Args:
        item: a message with its words, or a call of a function.
        output: of a call: the item with its result.
        unix_s: when it was said.
    """
    if item["type"] == "function_call" and output is not None:
        shown = shown_widget(item)
        if shown is not None:
            return _row(context, kept_id(context, item["id"]), shown, unix_s)
        call = {
            "type": "client_tool_call",
            "status": "completed",
            "call_id": item["call_id"],
            "name": item["name"],
            "arguments": _object(item["arguments"]),
            "output": output["output"],
        }
        return _row(context, kept_id(context, item["id"], "tc"), call, unix_s)
    if item["type"] != "message" or not text_of(item):
        return None
    if item["role"] == "user":
        return written_row(context, kept_id(context, item["id"]), text_of(item), unix_s)
    if item["role"] == "assistant":
        content = [{"type": "output_text", "text": text_of(item), "annotations": []}]
        answer = {"type": "assistant_message", "content": content}
        return _row(context, kept_id(context, item["id"]), answer, unix_s)
    return None


def written_row(
    context: Context, item_id: str, text: str, unix_s: float, attachments: Sequence[Row] = ()
) -> Row:
    """Something that the user says or writes, as an item of the thread.

    Args:
        text: may be "" where something is attached.
        attachments: what is known of them, see `harness.context.attachments`.
    """
    words = {
        "type": "user_message",
        "content": [{"type": "input_text", "text": text}] if text else [],
        "attachments": list(attachments),
        "inference_options": {},
    }
    return _row(context, item_id, words, unix_s)


def noted_row(context: Context, item_id: str, note: str, unix_s: float) -> Row:
    """Something that the assistant is to know and nobody sees, as an item of the thread."""
    return _row(context, item_id, {"type": "hidden_context_item", "content": note}, unix_s)


def told_of_row(row: Mapping[str, Any]) -> str:
    """What people are told of a thread's item: its words, or else what it is about."""
    names = [f"[{one.get('name')}]" for one in row.get("attachments") or ()]
    told = joined([*names, text_of_row(row)]) or row.get("name") or row.get("content")
    return told if isinstance(told, str) and told else str(row.get("type", ""))


def text_of_row(row: Mapping[str, Any]) -> str:
    """The words of a thread's item, also those that a widget shows; "" where it has none."""
    if row.get("type") == "widget" and isinstance(row.get("widget"), Mapping):
        return text_of_widget(row["widget"])
    if row.get("type") not in ("user_message", "assistant_message"):
        return ""
    return joined(_text(part) for part in row.get("content") or [])


def _row(context: Context, item_id: str, what: Row, unix_s: float) -> Row:
    created_at = datetime.fromtimestamp(unix_s, UTC).isoformat()
    return {"id": item_id, "thread_id": context.id, "created_at": created_at, **what}


def _text(part: Mapping[str, Any]) -> str:
    text = part.get("text")
    return text.strip() if isinstance(text, str) else ""


def _object(text: Any) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {"text": str(text)}
    return value if isinstance(value, dict) else {"value": value}
