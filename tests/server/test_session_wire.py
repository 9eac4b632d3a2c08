"""What the session sends is what the official package's models expect."""

from __future__ import annotations

from typing import Any

import pytest

from harness.realtime.wire import typed
from tests.support.session_driver import SessionDriver

TOOL = {"type": "function", "name": "look"}


def a_busy_call() -> list[dict[str, Any]]:
    """One of nearly everything a session can send."""
    whisper = {"audio": {"input": {"transcription": {"model": "gpt-transcribe"}}}}
    rules = [
        {"when": {"words": ["look"]}, "call": {"name": "look"}},
        {"say": "One two three four five six. Seven eight nine ten."},
    ]
    call = SessionDriver(rules, {"tools": [TOOL], **whisper}, ["hello", "look", "hello"])
    call.say()
    call.wait_for("response.done")
    call.say()  # interrupts
    call.wait_for("response.done")
    call.say()
    call.send("response.cancel")
    call.send("output_audio_buffer.clear")
    call.send("input_audio_buffer.clear")
    call.send("response.create", response={"output_modalities": ["text"]})
    call.wait_for("response.done")
    call.send("conversation.item.retrieve", item_id=call.session.items[0]["id"])
    call.send("conversation.item.delete", item_id=call.session.items[0]["id"])
    call.send("session.update", session={"type": "realtime"})
    call.send("nonsense")
    return call.events


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    return a_busy_call()


def test_every_event_is_one_of_the_official_models(events: list[dict[str, Any]]) -> None:
    unknown = [event for event in events if isinstance(typed(event, "server"), dict)]
    assert unknown == []


def test_the_call_was_busy(events: list[dict[str, Any]]) -> None:
    assert len({event["type"] for event in events}) >= 30
