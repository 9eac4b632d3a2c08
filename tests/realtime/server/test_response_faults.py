"""Answers that fail, stay incomplete or never end, and a session that expires early."""

from __future__ import annotations

from typing import Any

import pytest

from harness.realtime.faults.parse import read_faults
from harness.realtime.server.outputs import BeginFaults, NoteFault
from tests.support.session_driver import SessionDriver

MANUAL = {"audio": {"input": {"turn_detection": None}}}
WORDS = "One two three four five six. Seven eight nine ten eleven twelve."


def answering(
    *faults: str,
    rule: tuple[str, ...] = (),
    settings: dict[str, Any] | None = None,
    say: str = WORDS,
) -> SessionDriver:
    rules = [{"say": say, "faults": list(rule)}]
    call = SessionDriver(
        rules, MANUAL if settings is None else settings, faults=read_faults(list(faults))
    )
    call.send("response.create")
    return call


def done(call: SessionDriver) -> dict[str, Any]:
    response: dict[str, Any] = call.wait_for("response.done")["response"]
    return response


def noted(call: SessionDriver) -> list[str]:
    return [one.name for one in call.fault_outputs if isinstance(one, NoteFault)]


@pytest.mark.parametrize("where", ["call", "rule"])
def test_an_answer_fails_before_its_first_word(where: str) -> None:
    fault = "answer_failed; code=rate_limit_exceeded"
    call = answering(fault) if where == "call" else answering(rule=(fault,))
    response = done(call)
    assert (response["status"], response["output"]) == ("failed", [])
    assert response["status_details"]["error"]["code"] == "rate_limit_exceeded"
    assert noted(call) == ["answer_failed"]
    call.wait_for("rate_limits.updated")


def test_an_answer_stays_incomplete_after_some_words() -> None:
    call = answering("answer_incomplete; after_words=3")
    response = done(call)
    assert response["status_details"] == {"type": "incomplete", "reason": "content_filter"}
    (item,) = response["output"]
    assert item["status"] == "incomplete"
    assert item["content"][0]["transcript"].startswith("One two three")
    assert "twelve" not in item["content"][0]["transcript"]


def test_an_answer_of_fewer_words_fails_at_its_end() -> None:
    response = done(answering("answer_failed; after_words=100", say="Yes."))
    assert response["status"] == "failed"
    assert response["output"][0]["content"][0]["transcript"] == "Yes."


def test_only_the_nth_answer_is_concerned() -> None:
    call = answering("answer_failed; nth=2")
    assert done(call)["status"] == "completed"
    for status in ("failed", "completed"):
        call.wait(1)
        call.send("response.create")
        assert done(call)["status"] == status


@pytest.mark.parametrize("modality", ["audio", "text"])
def test_an_answer_never_ends_but_can_be_cancelled(modality: str) -> None:
    call = answering(
        "answer_never_ends", settings={**MANUAL, "output_modalities": [modality]}, say="La la la."
    )
    call.wait(20)
    assert "response.done" not in call.types(call.mark)
    assert noted(call).count("answer_never_ends") > 5
    call.send("response.cancel")
    response = done(call)
    assert response["status"] == "cancelled"
    content = response["output"][0]["content"][0]
    text = content.get("transcript") or content["text"]
    assert text.split() == (["La", "la", "la."] * 1000)[: len(text.split())]
    made_s = len(text.split()) * call.seconds_per_word
    assert modality == "text" or 20 < made_s < 26  # not far ahead of what was played


def test_one_that_never_ends_is_interrupted_like_any_other() -> None:
    call = answering("answer_never_ends", settings={}, say="La la la.")
    call.wait(5)
    call.say()
    assert done(call)["status_details"]["reason"] == "turn_detected"


def test_an_answer_without_words_that_never_ends_does_nothing_for_ever() -> None:
    call = answering("answer_never_ends", say="...")
    call.wait(2)
    call.send("response.cancel")
    assert done(call)["status"] == "cancelled"


def test_a_rules_other_faults_are_the_shells() -> None:
    call = answering(rule=("event_late; events=response.done", "answer_incomplete"))
    response = done(call)
    (begun,) = [one for one in call.fault_outputs if isinstance(one, BeginFaults)]
    assert begun.response_id == response["id"]
    assert [fault.name for fault in begun.faults] == ["event_late"]


def test_the_session_expires_early() -> None:
    call = SessionDriver(faults=read_faults(["session_limit; after_s=10"]))
    assert call.events[0]["session"]["expires_at"] == 1_700_000_010
    call.wait(9.9)
    assert call.closed is None
    call.wait(0.2)
    assert call.closed == "session_expired"
    assert "10 seconds" in call.last("error")["error"]["message"]
    assert noted(call) == ["session_limit"]
