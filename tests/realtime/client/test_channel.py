from __future__ import annotations

from typing import Any

import pytest

from harness.errors import RequestRefused
from harness.realtime.client.channel import refusal
from tests.support.client_driver import ClientDriver, user_message


def test_a_session_is_open_when_its_settings_are_answered() -> None:
    call = ClientDriver(instructions="Sing.")
    call.session.open(0.0)
    call.drain()
    assert call.types() == ["session.update"]
    assert call.sent[0]["session"]["instructions"] == "Sing."
    call.receive("session.created", session={"id": "sess_1"})
    assert not call.news("opened")
    call.receive("session.updated", session={"id": "sess_1"})
    assert call.news("opened") == [{"session_id": "sess_1", "resumed": False}]


def test_a_session_whose_settings_are_refused_is_open_and_says_so() -> None:
    call = ClientDriver()
    call.session.open(0.0)
    call.drain()
    call.refuse(call.sent[0]["event_id"], "invalid_value", "session.audio.output.voice")
    assert call.errors() == ["RequestRefused"]
    assert len(call.news("opened")) == 1


def test_a_server_that_never_answers_the_settings_is_told_of() -> None:
    call = ClientDriver()
    call.session.open(0.0)
    call.wait(call.session.core.limits.request_s)
    assert call.errors() == ["RequestUnanswered"]
    assert len(call.news("opened")) == 1


def test_an_unknown_event_is_kept_and_survived() -> None:
    call = ClientDriver().open()
    call.receive("session.improved", secret={"of": ["the", "future"]})
    assert call.news("unknown_event")[0]["event"]["secret"] == {"of": ["the", "future"]}
    assert call.session.snapshot().events_unknown == 1
    assert not call.errors()


def test_a_malformed_event_is_kept_reported_and_survived() -> None:
    call = ClientDriver().open()
    call.receive("conversation.item.added", item="nonsense")
    [told] = call.news("error")
    assert (told["kind"], told["param"]) == ("MalformedEvent", "item")
    assert told["received"]["item"] == "nonsense"
    call.add(user_message("a"))
    assert call.item_ids() == ["a"]


def test_an_error_of_the_server_reaches_who_waits_with_the_protocol_s_code() -> None:
    call = ClientDriver().open()
    event_id = call.do(call.session.delete_item, "nowhere")
    call.refuse(event_id, "item_not_found", "item_id")
    error = call.answers[event_id].error
    assert error is not None
    assert (type(error).__name__, error.code, error.param) == (
        "RequestRefused",
        "item_not_found",
        "item_id",
    )
    assert call.news("error")[0]["event_id"] == event_id


def test_an_error_about_nothing_of_ours_is_told_and_settles_nothing() -> None:
    call = ClientDriver().open()
    call.do(call.session.delete_item, "a")
    settled = len(call.answers)
    call.receive("error", error={"type": "server_error", "code": None, "message": "Sorry."})
    call.refuse("event_of_somebody_else", "invalid_value")
    assert len(call.answers) == settled
    assert call.news("error")[0]["code"] == "server_error"


@pytest.mark.parametrize("facts", [{}, {"message": 3, "code": 4, "event_id": [], "param": {}}])
def test_an_error_without_a_message_is_an_error_too(facts: dict[str, Any]) -> None:
    error, event_id = refusal(facts)
    assert error.message
    assert (error.code, error.param, event_id) == (None, None, None)


def test_an_event_that_could_not_be_sent_settles_who_waits_for_it() -> None:
    call = ClientDriver().open()
    full = RequestRefused("The channel is full.", code="event_not_sent")
    event_id = call.do(call.session.commit)
    call.do(call.session.send_failed, event_id, full, call.now_s)
    assert call.answers[event_id].error is full
    call.do(call.session.send_failed, event_id, full, call.now_s)
    answer_id = call.do(call.session.respond)
    call.do(call.session.send_failed, answer_id, full, call.now_s)
    call.do(call.session.respond)
    assert call.count("response.create") == 2


def test_clearing_sound_that_has_ended_is_no_failure() -> None:
    call = ClientDriver().open()
    call.answer()
    call.receive("output_audio_buffer.started", response_id="resp_1")
    event_id = call.do(call.session.clear_output_audio)
    call.receive("output_audio_buffer.stopped", response_id="resp_1")
    assert call.answers[event_id].error is None
    call.answer("resp_2")
    call.receive("output_audio_buffer.started", response_id="resp_2")
    event_id = call.do(call.session.clear_output_audio)
    call.wait(call.session.core.limits.request_s)
    assert call.answers[event_id].error is None
