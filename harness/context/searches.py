"""Searches before answers: which words are searched for, and a session that waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.realtime.items import Item
from harness.realtime.wire import Event

TRANSCRIBED = "conversation.item.input_audio_transcription."


def turn_detection_of(session: Mapping[str, Any]) -> dict[str, Any] | None:
    """A session's turn detection; None where turns are ended by hand."""
    audio = session.get("audio")
    heard = audio.get("input") if isinstance(audio, dict) else None
    turns = heard.get("turn_detection") if isinstance(heard, dict) else None
    return turns if isinstance(turns, dict) else None


def answers_by_itself(turns: Mapping[str, Any] | None) -> bool:
    """Whether the end of a turn begins an answer, without anybody asking."""
    return turns is not None and turns.get("create_response", True) is not False


def words_to_search_for(event: Event) -> list[str]:
    """What the user has just said, once it is understood; "" where it was not."""
    if event.get("type") == f"{TRANSCRIBED}completed":
        return [str(event.get("transcript") or "")]
    return [""] if event.get("type") == f"{TRANSCRIBED}failed" else []


def as_system(text: str) -> Item:
    """What was found, as an item before the answer."""
    part = {"type": "input_text", "text": text}
    return {"type": "message", "role": "system", "content": [part]}
