"""The session object, made complete and changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ProtocolError
from harness.live.session_object import check_client_event, started_session, updated_session
from tests.support.live_driver import BACKEND, FUNCTION, MODEL


def started(**wanted: Any) -> dict[str, Any]:
    return started_session({**MODEL, **wanted}, "webrtc", "live_1")


def test_a_blank_prompt_becomes_the_usual_one() -> None:
    assert started(instructions="  ")["instructions"] == started()["instructions"]


def test_what_a_client_asked_for_is_read_back() -> None:
    session = started(delegation=BACKEND, safety_identifier="someone")
    assert session["delegation"] == BACKEND
    assert session["safety_identifier"] == "someone"


@pytest.mark.parametrize(
    ("asked", "rate"),
    [
        ({"type": "audio/pcm", "rate": 16_000}, 16_000),
        ({"type": "audio/pcmu", "rate": 8_000}, 8_000),
        (None, 24_000),
    ],
)
def test_a_websocket_has_a_format(asked: Any, rate: int) -> None:
    session = started_session({**MODEL, "audio": {"format": asked}}, "websocket", "live_1")
    assert session["audio"]["format"]["rate"] == rate


def test_an_update_is_sparse() -> None:
    changes = {"type": "responses", "responses": {"instructions": "Be quick.", "tools": None}}
    session = updated_session(started(delegation=BACKEND), {"delegation": changes})
    assert session["delegation"]["responses"] == {
        "model": "gpt-5",
        "instructions": "Be quick.",
        "tools": [FUNCTION],
    }


@pytest.mark.parametrize("delegation", [None, {"type": "client"}, {"type": "decisions"}])
def test_the_type_of_delegation_never_changes(delegation: Any) -> None:
    with pytest.raises(ProtocolError) as caught:
        updated_session(started(delegation=BACKEND), {"delegation": delegation})
    assert caught.value.code == "immutable_field_update"
    assert caught.value.param == "session.delegation.type"


@given(
    name=st.sampled_from(["model", "instructions", "audio", "store", "voice", "type", ""]),
    value=st.sampled_from([None, "x", {}, 1]),
)
def test_whatever_an_update_may_not_hold_is_refused_and_changes_nothing(
    name: str, value: Any
) -> None:
    before = started()
    with pytest.raises(ProtocolError):
        updated_session(before, {"delegation": {"type": "client"}, name: value})
    assert before == started()


@pytest.mark.parametrize(
    ("event", "param"),
    [
        ({"type": "session.thinking.append", "content": "x"}, "delegation_id"),
        ({"type": "session.thinking.append", "content": "x", "delegation_id": 7}, "delegation_id"),
        ({"type": "session.close", "reason": "x"}, "reason"),
        ({"type": "session.update", "session": {}, "x": 1}, "x"),
        ({"type": "input_audio_buffer.commit"}, "type"),
        ({"type": "response.create", "response": {}}, "response"),
    ],
)
def test_events_are_strict(event: dict[str, Any], param: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        check_client_event(event)
    assert caught.value.param == param
