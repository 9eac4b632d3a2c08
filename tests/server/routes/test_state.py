from __future__ import annotations

from harness.realtime.server.assistants.script import Script
from harness.realtime.server.session import ServerSession
from harness.server.routes.state import NewSession, ServerState, server_session
from tests.support.fake_speech import FakeDetector, fake_speech_workers


def test_a_session_is_made_of_what_is_new() -> None:
    """With the id that its call was given, on the transport that carries it."""
    settings = {"type": "realtime", "instructions": "Be brief."}
    new = NewSession("sess_1", settings, Script(), FakeDetector(), seed=1, transport="websocket")
    session = server_session(new)
    assert isinstance(session, ServerSession)
    assert session.settings["id"] == "sess_1"
    assert session.settings["instructions"] == "Be brief."


def test_the_key_is_in_no_text() -> None:
    state = ServerState("sk-secret", lambda listener: None, fake_speech_workers())  # type: ignore[arg-type, return-value]
    assert "sk-secret" not in repr(state)
