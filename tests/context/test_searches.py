"""Searches before answers."""

from __future__ import annotations

from typing import Any

import pytest

from harness.context.binding import Binding
from harness.context.searches import (
    answers_by_itself,
    as_system,
    turn_detection_of,
    words_to_search_for,
)
from harness.realtime.client.outputs import SendEvent
from tests.support.contexts import NOW, context, session, understood

VAD = {"type": "server_vad", "threshold": 0.6, "create_response": True}
TALKING = {"input": {"transcription": {"model": "gpt-transcribe"}, "turn_detection": VAD}}


def sent(binding: Binding) -> list[dict[str, Any]]:
    return [one.event for one in binding.take_outputs() if isinstance(one, SendEvent)]


@pytest.mark.parametrize(
    ("turns", "by_itself"),
    [
        (None, False),
        ({"type": "server_vad"}, True),
        (VAD, True),
        ({"create_response": False}, False),
    ],
)
def test_whether_a_session_answers_by_itself(turns: Any, by_itself: bool) -> None:
    assert answers_by_itself(turns) is by_itself
    assert turn_detection_of({"audio": {"input": {"turn_detection": turns}}}) == turns
    assert turn_detection_of({"audio": None}) is None


def test_what_was_understood_is_searched_for_and_what_was_not_gets_its_answer_too() -> None:
    assert words_to_search_for(understood("u1", "Soup?")) == ["Soup?"]
    failed = {"type": "conversation.item.input_audio_transcription.failed"}
    assert words_to_search_for(failed) == [""]
    assert words_to_search_for({"type": "response.done"}) == []


def test_the_session_waits_for_the_search_and_answers_by_itself_again_at_the_end() -> None:
    binding = Binding(context(), [], [], 0.0, searches=True)
    binding.on_server_event(session(audio=TALKING), 0.5, NOW)
    binding.open(1.0)
    (update,) = sent(binding)
    turns = update["session"]["audio"]["input"]["turn_detection"]
    assert turns == {**VAD, "create_response": False}
    waiting = {"input": {**TALKING["input"], "turn_detection": turns}}
    binding.on_server_event(session("session.updated", audio=waiting), 1.1, NOW)
    assert sent(binding) == []

    binding.on_server_event(understood("u1", "Soup?"), 2.0, NOW)
    assert binding.take_searches() == ["Soup?"]
    assert binding.take_searches() == []
    binding.answer_with("found", 2.5)
    item, respond = sent(binding)
    assert item["item"] == as_system("found")
    assert respond["type"] == "response.create"

    _, typed = binding.type_text("Hats?", 3.0, NOW)
    binding.send_typed(typed, 3.0)
    assert [event["type"] for event in sent(binding)] == ["conversation.item.create"]
    assert binding.take_searches() == ["Hats?"]

    binding.release(4.0, NOW)
    (back,) = sent(binding)
    assert back["session"]["audio"]["input"]["turn_detection"] == VAD
