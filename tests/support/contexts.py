"""Contexts for tests, and the events of a conversation as a server tells them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.context.context import Context, created
from harness.context.definition import ContextDefinition

NOW = 1_790_000_000.0


def context(user: str | None = None, **fields: Any) -> Context:
    """One that begins at `NOW`."""
    return created(ContextDefinition(name="shop", **fields), user, NOW)


def write_context(folder: Path, text: str = "name: shop\n") -> Path:
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def session(kind: str = "session.created", **fields: Any) -> dict[str, Any]:
    heard = {"input": {"transcription": {"model": "gpt-transcribe"}}}
    return {"type": kind, "session": {"type": "realtime", "audio": heard, **fields}}


def spoken(item_id: str) -> dict[str, Any]:
    return {
        "id": item_id,
        "type": "message",
        "role": "user",
        "status": "completed",
        "content": [{"type": "input_audio", "transcript": None}],
    }


def written(item_id: str, text: str) -> dict[str, Any]:
    part = {"type": "input_text", "text": text}
    return {"id": item_id, "type": "message", "role": "user", "content": [part]}


def answered(item_id: str, text: str, status: str = "completed") -> dict[str, Any]:
    return {
        "id": item_id,
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [{"type": "output_audio", "transcript": text}],
    }


def added(item: dict[str, Any], previous: str | None = None) -> dict[str, Any]:
    return {
        "type": "conversation.item.added",
        "event_id": "e",
        "previous_item_id": previous,
        "item": item,
    }


def done(item: dict[str, Any], previous: str | None = None) -> dict[str, Any]:
    return {**added(item, previous), "type": "conversation.item.done"}


def understood(item_id: str, text: str) -> dict[str, Any]:
    return {
        "type": "conversation.item.input_audio_transcription.completed",
        "event_id": "e",
        "item_id": item_id,
        "content_index": 0,
        "transcript": text,
        "usage": {"type": "duration", "seconds": 1},
    }


def truncated(item_id: str, audio_end_ms: int) -> dict[str, Any]:
    return {
        "type": "conversation.item.truncated",
        "event_id": "e",
        "item_id": item_id,
        "content_index": 0,
        "audio_end_ms": audio_end_ms,
    }
