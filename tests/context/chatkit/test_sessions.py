"""ChatKit sessions: defaults, refusals, expiry."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from harness.context.chatkit.sessions import ChatSession, ChatSessions
from harness.errors import ProtocolError
from harness.realtime.ids import Ids

LEAST = {"user": "user_7", "workflow": {"id": "wf_1"}}

IDS = Ids(1)


def session(sessions: ChatSessions | None = None, **more: Any) -> ChatSession:
    return (sessions or ChatSessions()).create({**LEAST, **more}, IDS, 1000.9)


def test_what_is_not_asked_for_is_filled_in() -> None:
    shown = session().resource(1001)
    assert shown.pop("id").startswith("cksess_")
    assert shown.pop("client_secret").startswith("ek_")
    assert shown == {
        "object": "chatkit.session",
        "status": "active",
        "expires_at": 1600,
        "user": "user_7",
        "workflow": {
            "id": "wf_1",
            "version": None,
            "state_variables": None,
            "tracing": {"enabled": True},
        },
        "rate_limits": {"max_requests_per_1_minute": 10},
        "max_requests_per_1_minute": 10,
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": True},
            "file_upload": {"enabled": False, "max_file_size": 512, "max_files": 10},
            "history": {"enabled": True, "recent_threads": None},
        },
    }


def test_a_secret_opens_until_it_expires_or_is_cancelled() -> None:
    sessions = ChatSessions()
    one = session(sessions, expires_after={"anchor": "created_at", "seconds": 30})
    other = session(sessions)
    assert sessions.opened_by(one.client_secret, 1029) is one
    assert sessions.opened_by(one.client_secret, 1030) is None
    assert one.status(1030) == "expired"
    other.is_cancelled = True
    assert (other.status(1001), sessions.opened_by(other.client_secret, 1001)) == (
        "cancelled",
        None,
    )
    assert sessions.opened_by("ek_\ud800", 1001) is None
    assert one.client_secret not in repr(one)


def test_so_many_requests_in_a_minute() -> None:
    one = session(rate_limits={"max_requests_per_1_minute": 2})
    asked = [one.may_ask(at) for at in (0.0, 1.0, 2.0, 59.9, 60.0, 60.5)]
    assert asked == [True, True, False, False, True, False]


def test_the_oldest_go_where_there_are_too_many() -> None:
    sessions = ChatSessions(most=1)
    first = session(sessions)
    sessions.create(LEAST, Ids(2), 1000.0)
    assert sessions.find(first.session_id) is None


@pytest.mark.parametrize(
    ("more", "code", "param"),
    [
        ({"user": ""}, "invalid_value", "user"),
        ({"user": None}, "missing_required_parameter", "user"),
        ({"workflow": {}}, "missing_required_parameter", "workflow.id"),
        ({"scope": {}}, "unknown_parameter", "scope"),
        (
            {"expires_after": {"anchor": "created_at", "seconds": 601}},
            "integer_above_max_value",
            "expires_after.seconds",
        ),
        (
            {"expires_after": {"seconds": 5}},
            "missing_required_parameter",
            "expires_after.anchor",
        ),
        (
            {"workflow": {"id": "w", "state_variables": {"a": []}}},
            "invalid_type",
            "workflow.state_variables.a",
        ),
        (
            {"workflow": {"id": "w", "state_variables": {str(n): 1 for n in range(65)}}},
            "object_above_max_properties",
            "workflow.state_variables",
        ),
        (
            {"chatkit_configuration": {"file_upload": {"max_file_size": 513}}},
            "integer_above_max_value",
            "chatkit_configuration.file_upload.max_file_size",
        ),
    ],
)
def test_what_is_wrong_is_named(more: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        session(**more)
    assert (caught.value.code, caught.value.param) == (code, param)


def test_an_active_secret_is_known_by_its_hash() -> None:
    sessions = ChatSessions()
    digest = hashlib.sha256(session(sessions).client_secret.encode()).hexdigest()
    assert sessions.knows(digest, 1001)
    assert not sessions.knows(digest, 1601)
    assert not sessions.knows("\ud800", 1001)
