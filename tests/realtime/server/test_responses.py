"""Responses: written and spoken, cancelled, interrupted, with tools, beside the conversation."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.support.session_driver import SessionDriver, spoken

MANUAL = {"audio": {"input": {"turn_detection": None}}}
LONG = "One two three four five six. Seven eight nine ten eleven twelve. Thirteen fourteen."
LOOK = {"type": "function", "name": "look", "parameters": {"type": "object"}}
MOVE = {"type": "function", "name": "move"}
ITEM_CLOSING = [
    "response.output_audio.done",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
    "rate_limits.updated",
]


def response_of(call: SessionDriver) -> dict[str, Any]:
    response: dict[str, Any] = call.last("response.done")["response"]
    return response


def test_a_request_without_new_input_is_a_greeting() -> None:
    call = SessionDriver([{"when": {"greeting": True}, "say": "Welcome."}, {"say": "No."}])
    call.send("response.create")
    call.wait_for("output_audio_buffer.stopped")
    assert call.syntheses[0].text == "Welcome."


def test_a_second_response_on_the_conversation_is_refused() -> None:
    call = SessionDriver([{"say": LONG}], MANUAL)
    call.send("response.create")
    first = call.last("response.created")["response"]["id"]
    call.send("response.create", event_id="again")
    error = call.last("error")["error"]
    assert error["code"] == "conversation_already_has_active_response"
    assert first in error["message"]
    assert error["event_id"] == "again"


# --- interruption ---


def test_barge_in_after_generation_cuts_playback_and_history() -> None:
    """Case 1: the response was complete, its audio still playing."""
    call = SessionDriver([{"say": LONG}])
    call.say()
    call.wait_for("response.done")
    heard_before = sum(piece.any() for piece in call.played)
    call.hear(spoken(0.3))
    kinds = call.types(len(call.events) - 3)
    assert kinds == [
        "input_audio_buffer.speech_started",
        "output_audio_buffer.cleared",
        "conversation.item.truncated",
    ]
    played_s = call.last("conversation.item.truncated")["audio_end_ms"] / 1000
    heard_s = sum(float((abs(piece) > 0).sum()) for piece in call.played) / 24_000
    assert played_s == pytest.approx(heard_s, abs=0.01)
    assert heard_before > 0
    assert len(call.of_type("response.done")) == 1
    assert response_of(call)["status"] == "completed"
    call.wait(0.5)
    assert not call.of_type("output_audio_buffer.stopped")
    assert not call.played[-1].any()


def test_barge_in_during_generation_cancels_the_response() -> None:
    """Case 2: audio was playing while the rest was still generated."""
    call = SessionDriver([{"say": LONG * 4}])
    call.say()
    call.wait_for("output_audio_buffer.started")
    call.wait(0.2)
    mark = len(call.events)
    call.hear(spoken(0.3))
    kinds = [kind for kind in call.types(mark) if not kind.endswith(".delta")]
    assert kinds == [
        "input_audio_buffer.speech_started",
        *ITEM_CLOSING,
        "output_audio_buffer.cleared",
        "conversation.item.truncated",
    ]
    done = response_of(call)
    assert done["status"] == "cancelled"
    assert done["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    assert done["output"][0]["status"] == "incomplete"
    assert LONG.startswith(done["output"][0]["content"][0]["transcript"].strip()[:20])
    assert call.session.items[-1]["content"][0]["transcript"] == ""


def test_barge_in_before_anything_was_made_costs_nothing() -> None:
    call = SessionDriver([{"say": LONG, "delay_ms": 9000}])
    call.say()
    mark = len(call.events)
    call.hear(spoken(0.3))
    assert call.types(mark) == [
        "input_audio_buffer.speech_started",
        "response.done",
        "rate_limits.updated",
    ]
    assert response_of(call)["usage"]["total_tokens"] == 0


def test_without_interruption_the_answer_goes_on() -> None:
    detection = {"type": "server_vad", "interrupt_response": False, "create_response": False}
    call = SessionDriver([{"say": LONG}], {"audio": {"input": {"turn_detection": detection}}})
    call.send("response.create")
    call.wait_for("output_audio_buffer.started")
    call.say(0.5)
    assert call.wait_for("output_audio_buffer.stopped")
    assert not call.of_type("conversation.item.truncated")


def test_cancel_stops_generation_and_lets_the_audio_play() -> None:
    call = SessionDriver([{"say": LONG}], MANUAL)
    call.send("response.create")
    call.wait_for("output_audio_buffer.started")
    call.send("response.cancel")
    assert call.types(call.mark) == ITEM_CLOSING
    assert response_of(call)["status_details"]["reason"] == "client_cancelled"
    assert call.wait_for("output_audio_buffer.stopped")
    assert not call.of_type("conversation.item.truncated")


def test_cancel_and_clear_stop_both() -> None:
    call = SessionDriver([{"say": LONG}], MANUAL)
    call.send("response.create")
    call.wait_for("output_audio_buffer.started")
    call.send("response.cancel")
    call.send("output_audio_buffer.clear")
    assert call.types(call.mark) == ["output_audio_buffer.cleared", "conversation.item.truncated"]


def test_clear_alone_lets_generation_go_on_unheard() -> None:
    call = SessionDriver([{"say": LONG}], MANUAL)
    call.send("response.create")
    call.wait_for("output_audio_buffer.started")
    call.send("output_audio_buffer.clear")
    call.wait_for("response.done")
    call.wait(1.0)
    assert response_of(call)["status"] == "completed"
    assert not call.of_type("output_audio_buffer.stopped")
    assert call.session.items[-1]["content"][0]["transcript"] == ""


def test_clearing_an_idle_buffer_does_nothing() -> None:
    call = SessionDriver()
    call.send("output_audio_buffer.clear")
    assert call.types(call.mark) == []


def test_cancelling_nothing_is_refused() -> None:
    call = SessionDriver()
    call.send("response.cancel")
    assert call.last("error")["error"]["code"] == "response_cancel_not_active"


# --- tools ---


def test_a_call_its_output_and_the_spoken_follow_up() -> None:
    rules = [
        {"when": {"tool": "look"}, "say": "I see it."},
        {"call": {"name": "look", "arguments": {"at": "the big red house"}}},
    ]
    call = SessionDriver(rules, {"tools": [LOOK], **MANUAL})
    call.send("response.create")
    call.wait_for("rate_limits.updated")
    assert call.types() == [
        "session.created",
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
        "rate_limits.updated",
    ]
    item = response_of(call)["output"][0]
    done = call.last("response.function_call_arguments.done")
    deltas = [e["delta"] for e in call.of_type("response.function_call_arguments.delta")]
    assert "".join(deltas) == done["arguments"] == item["arguments"]
    assert json.loads(item["arguments"]) == {"at": "the big red house"}
    assert done["call_id"] == item["call_id"]
    output = {"type": "function_call_output", "call_id": item["call_id"], "output": "42"}
    call.send("conversation.item.create", item=output)
    assert not call.types(call.mark).count("response.created")
    call.send("response.create")
    call.wait_for("output_audio_buffer.stopped")
    assert call.syntheses[0].text == "I see it."


# --- beside the conversation, and overrides ---


def test_an_aside_leaves_the_conversation_alone() -> None:
    call = SessionDriver([{"say": "A summary."}], MANUAL)
    content = [{"type": "input_text", "text": "Sum up."}]
    item = {"type": "message", "role": "user", "content": content}
    request = {
        "conversation": "none",
        "metadata": {"topic": "sum"},
        "output_modalities": ["text"],
        "input": [item],
    }
    call.send("response.create", response=request)
    call.wait_for("response.done")
    assert not [kind for kind in call.types() if kind.startswith("conversation.item")]
    assert response_of(call)["conversation_id"] is None
    assert response_of(call)["metadata"] == {"topic": "sum"}
    assert call.session.items == []


def test_an_aside_runs_beside_a_response_and_is_not_interrupted() -> None:
    call = SessionDriver([{"say": LONG, "delay_ms": 1000}])
    call.send("response.create")
    call.send("response.create", response={"conversation": "none", "output_modalities": ["text"]})
    assert not call.of_type("error")
    aside = call.last("response.created")["response"]["id"]
    call.hear(spoken(0.5))
    assert response_of(call)["status"] == "cancelled"
    assert response_of(call)["id"] != aside
    call.wait(3.0)
    ended = {e["response"]["id"]: e["response"]["status"] for e in call.of_type("response.done")}
    assert ended[aside] == "completed"


def test_the_sound_of_an_aside_plays_on_while_the_user_speaks() -> None:
    call = SessionDriver([{"say": LONG}])
    call.send("response.create", response={"conversation": "none"})
    call.wait_for("output_audio_buffer.started")
    call.hear(spoken(0.5))
    assert call.last("input_audio_buffer.speech_started")
    assert not call.of_type("output_audio_buffer.cleared")
    assert np.any(call.played[-1])


def test_a_reference_in_a_requests_own_context_is_that_item() -> None:
    call = SessionDriver([{"when": {"words": ["rover"]}, "say": "Yes."}, {"say": "No."}], MANUAL)
    for item_id, text in (("a", "The rover."), ("b", "The weather.")):
        content = [{"type": "input_text", "text": text}]
        item = {"id": item_id, "type": "message", "role": "user", "content": content}
        call.send("conversation.item.create", item=item)
    for item_id, said in (("a", "Yes."), ("b", "No.")):
        context = [{"type": "item_reference", "id": item_id}]
        asked = {"conversation": "none", "output_modalities": ["text"], "input": context}
        call.send("response.create", response=asked)
        assert call.wait_for("response.output_text.done")["text"] == said
        call.wait_for("response.done")


def test_no_more_is_counted_than_a_limit_allows() -> None:
    """Speech is made in steps of several tokens; the last one is counted in part."""
    call = SessionDriver([{"say": LONG}], MANUAL)
    for limit in range(1, 12):
        call.send("response.create", response={"max_output_tokens": limit})
        response = call.wait_for("response.done")["response"]
        assert response["status"] == "incomplete"
        assert response["usage"]["output_tokens"] == limit


def test_a_reference_to_an_unknown_item_is_refused() -> None:
    call = SessionDriver()
    call.send("response.create", response={"input": [{"type": "item_reference", "id": "no"}]})
    error = call.last("error")["error"]
    assert (error["code"], error["param"]) == ("item_not_found", "response.input[0].id")


def test_the_voice_is_fixed_once_it_was_heard() -> None:
    call = SessionDriver([{"say": "Yes."}], MANUAL)
    call.send("response.create", response={"audio": {"output": {"voice": "cedar"}}})
    assert call.syntheses[0].voice == "cedar"
    call.wait_for("output_audio_buffer.stopped")
    update = {"type": "realtime", "audio": {"output": {"voice": "ash"}}}
    call.send("session.update", session=update)
    assert call.last("error")["error"]["code"] == "cannot_update_voice"
    call.send("response.create", response={"audio": {"output": {"voice": "ash"}}})
    assert call.last("error")["error"]["code"] == "cannot_update_voice"
