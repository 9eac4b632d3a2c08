from __future__ import annotations

import pytest

from tests.support.client_driver import ClientDriver

ACTIVE = "conversation_already_has_active_response"


@pytest.fixture
def call() -> ClientDriver:
    return ClientDriver().open()


def test_a_request_waits_for_the_end_of_the_active_answer(call: ClientDriver) -> None:
    call.answer()
    event_id = call.do(call.session.respond)
    assert call.count("response.create") == 0
    call.done()
    assert call.last("response.create")["event_id"] == event_id


def test_two_requests_go_out_one_after_the_other(call: ClientDriver) -> None:
    ids = [call.do(call.session.respond) for _ in range(2)]
    assert call.count("response.create") == 1
    call.answer("resp_1")
    call.done("resp_1")
    assert call.count("response.create") == 2
    call.answer("resp_2")
    assert [call.answers[event_id].event["response"]["id"] for event_id in ids] == [  # type: ignore[index]
        "resp_1",
        "resp_2",
    ]


def test_requests_outside_the_conversation_do_not_wait(call: ClientDriver) -> None:
    call.answer()
    call.do(call.session.respond_outside, {"output_modalities": ["text"]})
    sent = call.last("response.create")["response"]
    assert sent == {"output_modalities": ["text"], "conversation": "none"}


def test_a_request_that_was_overtaken_goes_out_again(call: ClientDriver) -> None:
    event_id = call.do(call.session.respond)
    call.answer("resp_vad")
    call.refuse(event_id, ACTIVE)
    assert call.count("response.create") == 1
    call.done("resp_vad")
    assert call.count("response.create") == 2
    assert call.news("error")[0]["is_race"]


def test_a_refusal_for_another_reason_is_final(call: ClientDriver) -> None:
    event_id = call.do(call.session.respond, {"temperature": 1})
    call.refuse(event_id, "unknown_parameter", "response.temperature")
    error = call.answers[event_id].error
    assert error is not None
    assert (error.code, error.param) == ("unknown_parameter", "response.temperature")
    call.do(call.session.respond)
    assert call.count("response.create") == 2, "the way is free again"


def test_a_refusal_over_an_answer_nobody_knows_is_final(call: ClientDriver) -> None:
    event_id = call.do(call.session.respond)
    call.refuse(event_id, ACTIVE)
    assert call.answers[event_id].error is not None


def test_a_request_without_an_answer_does_not_block_the_next(call: ClientDriver) -> None:
    first = call.do(call.session.respond)
    call.do(call.session.respond)
    call.wait(call.session.core.limits.request_s)
    assert type(call.answers[first].error).__name__ == "RequestUnanswered"
    assert call.count("response.create") == 2


def test_requests_before_the_channel_is_open_wait_for_it() -> None:
    call = ClientDriver()
    call.do(call.session.respond)
    assert call.sent == []
    call.open()
    assert call.types() == ["session.update", "response.create"]


def test_requests_that_never_went_out_are_settled_at_the_end(call: ClientDriver) -> None:
    call.answer()
    event_id = call.do(call.session.respond)
    call.do(call.session.close, "enough", call.now_s)
    assert type(call.answers[event_id].error).__name__ == "SessionClosed"
