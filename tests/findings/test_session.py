"""Findings of a Realtime session."""

from __future__ import annotations

import pytest

from harness.facts.connection import ConnectionClosed, ConnectionCreated, DataChannelMessage
from tests.support.healthy_call import (
    CREATED,
    HEALTHY,
    PEER,
    UPDATE,
    UPDATED,
    found_in,
    names_in,
    received,
    sent,
    ticking,
    without,
)


def error(code: str, message: str = "It is wrong.", **more: str) -> dict[str, object]:
    kind = {"type": "invalid_request_error", "code": code, "message": message}
    return {"type": "error", "error": {**kind, **more}}


def test_settings_that_the_server_refuses() -> None:
    refused = error("unknown_parameter", "Unknown parameter: 'session.mood'.", param="session.mood")
    (found,) = found_in(HEALTHY, sent(2.0, UPDATE), received(2.1, refused), ticking(9))
    assert found.name == "session_update_refused"
    assert found.cause == ("unknown_parameter (session.mood): Unknown parameter: 'session.mood'.")


def test_an_error_of_another_event_is_told_as_one() -> None:
    refused = error("unsupported_event", "No such event.")
    assert names_in(HEALTHY, received(2.1, refused)) == ["event_refused"]


def test_a_race_that_every_client_has_is_no_finding() -> None:
    race = error("response_cancel_not_active", "Nothing to cancel.")
    assert names_in(HEALTHY, received(2.1, race)) == []


def test_settings_that_nobody_answers() -> None:
    assert names_in(HEALTHY, sent(2.0, UPDATE), ticking(9)) == ["session_update_unanswered"]
    answered = received(6.5, {"type": "session.updated", "session": {}})
    assert names_in(HEALTHY, sent(2.0, UPDATE), answered, ticking(9)) == []


@pytest.mark.parametrize(
    "message",
    [
        {"type": "session.update", "session": {"voice": "marin"}},
        {"type": "session.update", "session": {"type": "realtime", "turn_detection": None}},
        {"type": "transcription_session.update", "session": {}},
    ],
)
def test_settings_in_the_shape_of_the_beta(message: dict[str, object]) -> None:
    assert names_in(HEALTHY, sent(2.0, message)) == ["beta_session"]


def test_the_same_words_in_their_present_place_are_well() -> None:
    audio = {"input": {"turn_detection": None}, "output": {"voice": "marin", "speed": 1.1}}
    update = {"type": "session.update", "session": {"type": "realtime", "audio": audio}}
    updated = {"type": "session.updated", "session": {"audio": audio}}
    assert names_in(HEALTHY, sent(2.0, update), received(2.1, updated), ticking(9)) == []


def test_a_second_session_that_is_left_as_it_came() -> None:
    again = [(3.0, ConnectionClosed(PEER)), (3.5, ConnectionCreated(PEER, {}))]
    assert "settings_lost" in names_in(HEALTHY, again, received(4.0, CREATED), ticking(12))
    updates = [sent(4.2, UPDATE), received(4.3, {"type": "session.updated", "session": {}})]
    call = names_in(HEALTHY, again, received(4.0, CREATED), updates, ticking(12))
    assert "settings_lost" not in call


def test_a_page_may_send_its_settings_before_it_hears_of_the_session() -> None:
    early = [sent(0.255, UPDATE), received(0.4, CREATED)]
    assert names_in(HEALTHY, early, received(0.5, UPDATED), ticking(12)) == []


def test_a_page_that_never_sets_anything_up_loses_nothing() -> None:
    plain = without(DataChannelMessage)
    call = names_in(plain, received(0.4, CREATED), received(4.0, CREATED), ticking(12))
    assert call == []


def test_a_model_whose_end_is_announced_is_told_once() -> None:
    old = {"type": "session.updated", "session": {"model": "gpt-realtime"}}
    (found,) = found_in(HEALTHY, received(2.0, old), received(3.0, old))
    assert found.name == "model_ends"
    assert "20 January 2027" in found.cause
