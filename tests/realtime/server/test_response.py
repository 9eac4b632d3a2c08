"""One response from its creation to its end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.session_driver import SessionDriver

MANUAL = {"audio": {"input": {"turn_detection": None}}}
LONG = "One two three four five six. Seven eight nine ten eleven twelve. Thirteen fourteen."
LOOK = {"type": "function", "name": "look", "parameters": {"type": "object"}}
MOVE = {"type": "function", "name": "move"}


def response_of(call: SessionDriver) -> dict[str, Any]:
    response: dict[str, Any] = call.last("response.done")["response"]
    return response


def test_the_response_object_is_the_documented_one() -> None:
    call = SessionDriver([{"say": "Yes."}])
    call.say()
    call.wait_for("response.done")
    created = call.last("response.created")["response"]
    assert list(created) == [
        "object", "id", "status", "status_details", "output", "conversation_id",
        "output_modalities", "max_output_tokens", "audio", "usage", "metadata",
    ]  # fmt: skip
    assert (created["status"], created["output"], created["usage"]) == ("in_progress", [], None)
    done = response_of(call)
    assert list(done) == list(created)
    assert done["output"][0]["content"] == [{"type": "output_audio", "transcript": "Yes."}]
    assert done["usage"]["output_token_details"]["audio_tokens"] == 6  # 0.3 s
    assert done["usage"]["input_token_details"]["audio_tokens"] >= 15  # 1.5 s


def test_a_delay_is_waited_for() -> None:
    call = SessionDriver([{"say": "Yes.", "delay_ms": 1500}], MANUAL)
    call.send("response.create")
    asked_s = call.now_s
    call.wait_for("response.output_item.added")
    assert call.now_s - asked_s == pytest.approx(1.5, abs=0.03)


def test_a_silent_answer_is_a_response_without_output() -> None:
    call = SessionDriver([{"silent": True}], MANUAL)
    call.send("response.create")
    assert call.types(call.mark) == ["response.created", "response.done", "rate_limits.updated"]
    assert (response_of(call)["status"], response_of(call)["output"]) == ("completed", [])


def test_the_token_limit_leaves_a_response_incomplete() -> None:
    call = SessionDriver([{"say": LONG}], MANUAL)
    call.send("response.create", response={"max_output_tokens": 20})
    call.wait_for("response.done")
    done = response_of(call)
    assert done["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
    assert done["output"][0]["status"] == "incomplete"
    assert done["max_output_tokens"] == 20


def test_a_failed_synthesis_fails_its_response() -> None:
    call = SessionDriver([{"say": LONG}], MANUAL)
    call.holds_speech = True
    call.send("response.create")
    call.session.speech_failed(call.syntheses[0].job_id, "no voice", call.now_s)
    call.drain()
    error = response_of(call)["status_details"]["error"]
    assert (error["code"], error["message"]) == ("speech_synthesis_failed", "no voice")


@pytest.mark.parametrize("settings", [MANUAL, {"tools": [LOOK], "tool_choice": "none", **MANUAL}])
def test_a_tool_that_is_not_offered_fails_the_response_loudly(settings: dict[str, Any]) -> None:
    call = SessionDriver([{"call": {"name": "look"}}], settings)
    call.send("response.create")
    done = response_of(call)
    assert done["status"] == "failed"
    assert done["status_details"]["error"]["code"] == "tool_not_offered"
