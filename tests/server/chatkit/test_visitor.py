"""Who asks at the ChatKit endpoint."""

from __future__ import annotations

from typing import Any

from harness.context.attachments import MOST_BYTES
from harness.context.chatkit.sessions import ChatSessions
from harness.realtime.ids import Ids
from harness.server.chatkit.visitor import LOCAL_USER, Visitor, visitor_of

URL = "http://127.0.0.1:8080"


def visitor(**configuration: Any) -> Visitor:
    body = {"user": "kim", "workflow": {"id": "w"}, "chatkit_configuration": configuration}
    return visitor_of(ChatSessions().create(body, Ids(1), 0.0), URL)


def test_the_key_is_the_local_users() -> None:
    assert visitor_of(None, URL) == Visitor(LOCAL_USER, URL)


def test_a_session_says_what_its_user_may_do() -> None:
    usual = visitor()
    assert (usual.user, usual.has_titles, usual.may_upload) == ("kim", True, False)
    assert (usual.most_bytes, usual.most_files) == (MOST_BYTES, 10)
    upload = {"enabled": True, "max_file_size": 1, "max_files": 2}
    other = visitor(file_upload=upload, automatic_thread_titling={"enabled": False})
    assert (other.has_titles, other.may_upload) == (False, True)
    assert (other.most_bytes, other.most_files) == (1024 * 1024, 2)
