from __future__ import annotations

from typing import Any

import pytest

from harness.errors import ProtocolError
from harness.realtime.server.validation.settings import (
    effective_session,
    restarted,
    updated_session,
    voice_name,
)
from harness.realtime.session_object import VOICES, default_session


def refused(partial: Any) -> tuple[str | None, str | None]:
    with pytest.raises(ProtocolError) as caught:
        effective_session(partial)
    return caught.value.code, caught.value.param


def test_nothing_asked_for_gives_all_defaults() -> None:
    session = effective_session(None)
    assert session == default_session()
    assert session["expires_at"] == 0
    assert session["audio"]["input"]["transcription"] is None
    assert session["audio"]["output"]["speed"] == 1.0
    assert session["tool_choice"] == "auto"


def test_what_is_asked_for_is_filled_in() -> None:
    asked = {
        "type": "realtime",
        "model": "gpt-realtime",
        "audio": {"output": {"voice": "cedar"}},
    }
    session = effective_session(asked, session_id="sess_1", expires_at=9)
    assert (session["id"], session["expires_at"]) == ("sess_1", 9)
    assert session["audio"]["output"]["voice"] == "cedar"
    assert session["audio"]["input"]["turn_detection"]["silence_duration_ms"] == 200


@pytest.mark.parametrize(
    ("partial", "code", "param"),
    [
        ({"model": "x"}, "missing_required_parameter", "session.type"),
        ({"type": "talk"}, "invalid_value", "session.type"),
        ({"type": 5}, "invalid_value", "session.type"),
        ({"type": "transcription", "model": "m"}, "unknown_parameter", "session.model"),
        (
            {
                "type": "transcription",
                "audio": {
                    "input": {
                        "transcription": {"model": "gpt-realtime-whisper"},
                        "turn_detection": {"type": "server_vad"},
                    }
                },
            },
            "invalid_value",
            "session.audio.input.turn_detection",
        ),
        ([1], "invalid_type", "session"),
        ({"type": "realtime", "voice": "alloy"}, "unknown_parameter", "session.voice"),
        (
            {"type": "realtime", "audio": {"output": {"voice": "bob"}}},
            "invalid_value",
            "session.audio.output.voice",
        ),
        (
            {"type": "realtime", "audio": {"output": {"speed": 2}}},
            "decimal_above_max_value",
            "session.audio.output.speed",
        ),
        (
            {"type": "realtime", "audio": {"input": {"turn_detection": {"threshold": 1}}}},
            "missing_required_parameter",
            "session.audio.input.turn_detection.type",
        ),
        (
            {"type": "realtime", "output_modalities": ["audio", "text"]},
            "invalid_value",
            "session.output_modalities",
        ),
        (
            {"type": "realtime", "tools": [{"type": "mcp", "server_label": "x"}]},
            "missing_required_parameter",
            "session.tools[0].server_url",
        ),
        ({"type": "realtime", "include": ["logprobs"]}, "invalid_value", "session.include[0]"),
        ({"type": "realtime", "prompt": {}}, "missing_required_parameter", "session.prompt.id"),
        ({"type": "realtime", "model": "whisper-1"}, "invalid_model", "session.model"),
        (
            {
                "type": "realtime",
                "audio": {"input": {"format": {"type": "audio/pcm", "rate": 8000}}},
            },
            "integer_below_min_value",
            "session.audio.input.format.rate",
        ),
    ],
)
def test_bad_settings_are_refused(partial: Any, code: str, param: str) -> None:
    assert refused(partial) == (code, param)


def test_a_session_restarts_from_effective_settings() -> None:
    minted = effective_session({"type": "realtime", "instructions": "Be brief."}, session_id="a")
    session = restarted(minted, session_id="b", expires_at=7)
    assert {**minted, "id": "b", "expires_at": 7} == session


def test_an_update_may_repeat_the_model_and_the_tracing() -> None:
    session = updated_session(
        default_session(), {"type": "realtime", "tracing": "auto"}, has_spoken=False
    )
    again = {"type": "realtime", "tracing": "auto", "model": session["model"]}
    assert updated_session(session, again, has_spoken=False) == session


@pytest.mark.parametrize(
    ("update", "code"),
    [
        ({"type": "realtime", "model": "other"}, "cannot_update_model"),
        ({"type": "realtime", "tracing": None}, "cannot_update_tracing"),
        ({"type": "realtime", "audio": {"output": {"voice": "ash"}}}, "cannot_update_voice"),
    ],
)
def test_what_cannot_change_is_refused(update: dict[str, Any], code: str) -> None:
    session = {**default_session(), "tracing": "auto"}
    with pytest.raises(ProtocolError) as caught:
        updated_session(session, update, has_spoken=True)
    assert caught.value.code == code


def test_a_custom_voice_goes_by_its_id() -> None:
    assert voice_name({"id": "en-GB"}) == "en-GB"
    assert voice_name("ash") == "ash"


def test_a_voice_of_the_hosted_service_is_always_the_same_usual_one() -> None:
    names = [voice_name({"id": f"voice_{number}"}) for number in range(30)]
    assert names == [voice_name({"id": f"voice_{number}"}) for number in range(30)]
    assert set(names) <= set(VOICES)
    assert len(set(names)) > 3
