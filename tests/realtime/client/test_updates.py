from __future__ import annotations

from typing import Any

from harness.realtime.client.settings import SessionSettings
from harness.realtime.client.updates import merged_part
from tests.support.client_driver import ClientDriver


def accept(call: ClientDriver, **session: Any) -> None:
    call.receive("session.updated", session={"id": "sess_1", **session})


def test_a_part_over_a_session_merges_audio_field_by_field() -> None:
    session = {"tools": [1], "audio": {"input": {"a": 1, "b": 2}, "output": {"c": 3}}}
    part = {"tools": [], "audio": {"input": {"b": None}}}
    assert merged_part(session, part) == {
        "tools": [],
        "audio": {"input": {"a": 1, "b": None}, "output": {"c": 3}},
    }
    assert merged_part({}, {"audio": {"output": {"speed": 1.5}}}) == {
        "audio": {"output": {"speed": 1.5}}
    }


def test_a_partial_update_carries_its_type_and_is_remembered_once_accepted() -> None:
    call = ClientDriver().open()
    call.do(call.session.update, {"instructions": "Sing."})
    assert call.sent[-1]["session"] == {"type": "realtime", "instructions": "Sing."}
    assert "instructions" not in call.session.wire_settings()
    accept(call)
    assert call.session.wire_settings()["instructions"] == "Sing."


def test_a_refused_update_changes_nothing() -> None:
    call = ClientDriver().open()
    event_id = call.do(call.session.update, SessionSettings(speed=1.5))
    call.refuse(event_id, "invalid_value", "session.audio.output.speed")
    assert call.session.settings.speed == 1.0
    call.do(call.session.update, SessionSettings(speed=1.2))
    accept(call)
    assert call.session.settings.speed == 1.2


def test_all_settings_replace_what_came_in_parts() -> None:
    call = ClientDriver().open()
    call.do(call.session.update, {"instructions": "Sing."})
    accept(call)
    call.do(call.session.update, SessionSettings(instructions="Hum.", volume=0.5))
    accept(call)
    assert call.session.wire_settings()["instructions"] == "Hum."
    assert call.session.snapshot().volume == 0.5


def test_the_voice_that_speaks_already_is_not_asked_for_again() -> None:
    call = ClientDriver(voice="cedar").open()
    accept(call, audio={"output": {"voice": "cedar"}})
    call.do(call.session.update, SessionSettings(voice="cedar", speed=1.1))
    assert "voice" not in call.sent[-1]["session"]["audio"]["output"]
    call.do(call.session.update, SessionSettings(voice="marin"))
    assert call.sent[-1]["session"]["audio"]["output"]["voice"] == "marin"


def test_what_the_server_made_of_it_can_be_read() -> None:
    call = ClientDriver().open()
    accept(call, expires_at=1_700_003_600, model="gpt-realtime")
    snapshot = call.session.snapshot()
    assert snapshot.effective is not None
    assert snapshot.effective["model"] == "gpt-realtime"
    assert (snapshot.session_id, snapshot.expires_at) == ("sess_1", 1_700_003_600)


def test_tools_are_part_of_the_settings() -> None:
    def lamp(on: bool) -> None:
        """Switch the lamp."""

    call = ClientDriver(lamp).open()
    assert call.sent[0]["session"]["tools"][0]["name"] == "lamp"
    assert call.session.wire_settings()["tools"][0]["name"] == "lamp"
    call.do(call.session.update, SessionSettings(instructions="x"))
    assert call.sent[-1]["session"]["tools"][0]["name"] == "lamp"


def test_nonsense_in_the_server_s_session_is_survived() -> None:
    call = ClientDriver().open()
    accept(call, audio="loud", expires_at="soon")
    accept(call, audio={"output": 3}, expires_at=0)
    call.do(call.session.update, SessionSettings(voice="cedar"))
    assert call.session.snapshot().expires_at is None
