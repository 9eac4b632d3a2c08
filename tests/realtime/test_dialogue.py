from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.facts.dialogue import (
    AnswerAudioCleared,
    AnswerEnded,
    AnswerTruncated,
    DialogueFact,
    Problem,
    ToolCalled,
    UserTranscript,
)
from harness.realtime.dialogue import Dialogue
from tests.support.session_driver import SessionDriver


def received(dialogue: Dialogue, kind: str, **fields: Any) -> list[DialogueFact]:
    return dialogue.on_message("received", json.dumps({"type": kind, **fields}))


def told(call: SessionDriver) -> list[DialogueFact]:
    """A whole session as a dialogue."""
    dialogue = Dialogue()
    return [
        event for wire in call.events for event in dialogue.on_message("received", json.dumps(wire))
    ]


def test_a_session_becomes_a_dialogue() -> None:
    settings = {"audio": {"input": {"transcription": {"model": "whisper-1"}}}}
    call = SessionDriver([{"say": "Yes, of course."}], settings, ["Can you help?"])
    call.say()
    call.wait_for("output_audio_buffer.stopped")
    events = [event for event in told(call) if event.type != "answer.text"]
    assert [event.type for event in events] == [
        "session.ready",
        "user.speech_started",
        "user.speech_stopped",
        "user.committed",
        "answer.started",
        "user.transcript",
        "answer.audio_started",
        "answer.ended",
        "answer.audio_stopped",
    ]
    (transcript,) = (event for event in events if isinstance(event, UserTranscript))
    assert transcript.text == "Can you help?"
    (ended,) = (event for event in events if isinstance(event, AnswerEnded))
    assert (ended.status, ended.reason, ended.text) == ("completed", None, "Yes, of course.")


def test_an_interruption_is_told_with_its_reason_and_its_cut() -> None:
    call = SessionDriver([{"say": "One two three four five six. Seven eight nine ten eleven."}])
    call.say()
    call.wait_for("output_audio_buffer.started")
    call.wait(0.3)
    call.say()
    events = told(call)
    (ended,) = (event for event in events[:30] if isinstance(event, AnswerEnded))
    assert AnswerAudioCleared(ended.answer_id) in events
    (cut,) = (event for event in events[:30] if isinstance(event, AnswerTruncated))
    assert cut.audio_end_ms > 300


def test_a_tool_call_is_told_once() -> None:
    tools = [{"type": "function", "name": "look"}]
    call = SessionDriver([{"call": {"name": "look", "arguments": {"at": "it"}}}], {"tools": tools})
    call.say()
    call.wait_for("response.done")
    (called,) = (event for event in told(call) if isinstance(event, ToolCalled))
    assert called.name == "look"
    assert json.loads(called.arguments) == {"at": "it"}


def test_the_session_is_ready_once_its_first_update_is_answered() -> None:
    dialogue = Dialogue()
    assert dialogue.on_message("sent", '{"type": "session.update", "session": {}}') == []
    assert received(dialogue, "session.created", session={}) == []
    assert [e.type for e in received(dialogue, "session.updated", session={})] == ["session.ready"]


def test_the_session_is_ready_also_when_its_update_is_refused() -> None:
    dialogue = Dialogue()
    dialogue.on_message("sent", '{"type": "session.update", "session": {}}')
    received(dialogue, "session.created", session={})
    error = {"type": "invalid_request_error", "code": None, "message": "no", "param": None}
    kinds = [event.type for event in received(dialogue, "error", error=error)]
    assert kinds == ["problem", "session.ready"]


def test_whether_the_user_s_words_are_transcribed_follows_the_session() -> None:
    dialogue = Dialogue()
    assert dialogue.is_transcribed, "nothing is known yet"
    received(dialogue, "session.created", session={"audio": {"input": {"transcription": None}}})
    assert not dialogue.is_transcribed
    dialogue.on_message("sent", '{"type": "session.update", "session": {}}')
    assert dialogue.is_transcribed, "it may be just what is asked for"
    asked = {"audio": {"input": {"transcription": {"model": "gpt-transcribe"}}}}
    received(dialogue, "session.updated", session=asked)
    assert dialogue.is_transcribed


def test_a_refused_update_leaves_the_session_as_it_was() -> None:
    dialogue = Dialogue()
    received(dialogue, "session.created", session={"audio": {"input": {}}})
    dialogue.on_message("sent", '{"type": "session.update", "session": {}}')
    error = {"type": "invalid_request_error", "code": None, "message": "no", "param": None}
    received(dialogue, "error", error=error)
    assert not dialogue.is_transcribed


@pytest.mark.parametrize("session", [{}, None, [], {"audio": 1}, {"audio": {"input": None}}])
def test_of_a_session_in_another_shape_nothing_is_known(session: Any) -> None:
    dialogue = Dialogue()
    received(dialogue, "session.created", session=session)
    assert dialogue.is_transcribed


def test_a_written_aside_is_not_an_answer() -> None:
    dialogue = Dialogue()
    response = {"id": "r", "conversation_id": None, "output_modalities": ["text"]}
    assert received(dialogue, "response.created", response=response) == []
    assert received(dialogue, "response.output_text.delta", response_id="r", delta="x") == []
    done = {**response, "status": "completed", "status_details": None, "output": []}
    assert received(dialogue, "response.done", response=done) == []


def test_what_lacks_its_fields_is_a_problem_not_an_exception() -> None:
    events = received(Dialogue(), "response.done")
    assert [event.type for event in events] == ["problem"]
    (unreadable,) = Dialogue().on_message("received", "{")
    assert isinstance(unreadable, Problem)
    assert unreadable.code == "invalid_json"


@given(
    st.dictionaries(
        st.sampled_from(["response", "error", "item", "item_id", "delta"]),
        st.none()
        | st.integers()
        | st.text()
        | st.dictionaries(
            st.sampled_from(["id", "output", "status", "type"]),
            st.none() | st.lists(st.integers()) | st.text(),
        ),
    ),
    st.sampled_from(
        [
            "response.created",
            "response.done",
            "error",
            "response.output_item.done",
            "response.output_text.delta",
            "output_audio_buffer.started",
            "other",
        ]
    ),
)
def test_nothing_that_comes_raises(fields: dict[str, Any], kind: str) -> None:
    received(Dialogue(), kind, **fields)
