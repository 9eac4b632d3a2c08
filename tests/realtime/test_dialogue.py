from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.realtime.dialogue import Dialogue, DialogueEvent
from tests.support.session_driver import SessionDriver


def received(dialogue: Dialogue, kind: str, **fields: Any) -> list[DialogueEvent]:
    return dialogue.receive("received", json.dumps({"type": kind, **fields}), 1.5)


def told(call: SessionDriver) -> list[DialogueEvent]:
    """A whole session as a dialogue."""
    dialogue = Dialogue()
    return [
        event
        for wire, t_s in zip(call.events, call.times_s, strict=True)
        for event in dialogue.receive("received", json.dumps(wire), t_s)
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
    by_type = {event.type: event.data for event in events}
    assert by_type["user.transcript"]["text"] == "Can you help?"
    assert by_type["answer.ended"]["status"] == "completed"
    assert by_type["answer.ended"]["reason"] is None
    assert by_type["answer.ended"]["text"] == "Yes, of course."


def test_an_interruption_is_told_with_its_reason_and_its_cut() -> None:
    call = SessionDriver([{"say": "One two three four five six. Seven eight nine ten eleven."}])
    call.say()
    call.wait_for("output_audio_buffer.started")
    call.wait(0.3)
    call.say()
    events = {event.type: event.data for event in told(call)[:30] if "answer" in event.type}
    assert events["answer.audio_cleared"]
    assert events["answer.truncated"]["audio_end_ms"] > 300


def test_a_tool_call_is_told_once() -> None:
    tools = [{"type": "function", "name": "look"}]
    call = SessionDriver([{"call": {"name": "look", "arguments": {"at": "it"}}}], {"tools": tools})
    call.say()
    call.wait_for("response.done")
    calls = [event.data for event in told(call) if event.type == "tool.called"]
    assert len(calls) == 1
    assert calls[0]["name"] == "look"
    assert json.loads(calls[0]["arguments"]) == {"at": "it"}


def test_the_session_is_ready_once_its_first_update_is_answered() -> None:
    dialogue = Dialogue()
    assert dialogue.receive("sent", '{"type": "session.update", "session": {}}', 0.0) == []
    assert received(dialogue, "session.created", session={}) == []
    assert [e.type for e in received(dialogue, "session.updated", session={})] == ["session.ready"]


def test_the_session_is_ready_also_when_its_update_is_refused() -> None:
    dialogue = Dialogue()
    dialogue.receive("sent", '{"type": "session.update", "session": {}}', 0.0)
    received(dialogue, "session.created", session={})
    error = {"type": "invalid_request_error", "code": None, "message": "no", "param": None}
    kinds = [event.type for event in received(dialogue, "error", error=error)]
    assert kinds == ["problem", "session.ready"]


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
    assert events[0].t_s == 1.5
    assert Dialogue().receive("received", "{", 0.0)[0].data["code"] == "invalid_json"


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
