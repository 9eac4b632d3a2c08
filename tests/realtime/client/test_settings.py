from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from harness.errors import SettingsError
from harness.realtime.client.settings import (
    CustomVoice,
    McpServer,
    NoiseReduction,
    RetentionRatio,
    SemanticVad,
    ServerVad,
    SessionSettings,
    Transcription,
)
from harness.realtime.server.validation.settings import effective_session

REMOTE = McpServer(server_label="docs", server_url="https://tools.test/", authorization="secret")


def test_the_defaults_are_a_session_that_a_strict_server_takes() -> None:
    wire = SessionSettings().to_wire()
    session = effective_session(wire)
    assert session["audio"]["input"]["turn_detection"]["type"] == "semantic_vad"
    assert session["audio"]["input"]["transcription"]["model"]
    assert session["model"] == wire["model"]


def test_every_knob_reaches_the_wire() -> None:
    settings = SessionSettings(
        model="gpt-realtime",
        instructions="Be brief.",
        voice="cedar",
        speed=1.2,
        output_modality="text",
        max_output_tokens=500,
        turn_detection=ServerVad(threshold=0.7, silence_duration_ms=900, idle_timeout_ms=6000),
        transcription=Transcription(model="whisper-1", language="de", prompt="Rover"),
        noise_reduction=NoiseReduction(type="far_field", strength=0.5),
        truncation=RetentionRatio(retention_ratio=0.8, post_instructions_tokens=1000),
        tool_choice="required",
        reasoning_effort="low",
        tracing="auto",
    )
    session = effective_session(settings.to_wire())
    sound = session["audio"]
    assert sound["input"]["turn_detection"]["silence_duration_ms"] == 900
    assert sound["input"]["turn_detection"]["idle_timeout_ms"] == 6000
    assert sound["input"]["transcription"]["language"] == "de"
    assert sound["input"]["noise_reduction"] == {"type": "far_field", "strength": 0.5}
    assert (sound["output"]["voice"], sound["output"]["speed"]) == ("cedar", 1.2)
    assert session["output_modalities"] == ["text"]
    assert session["truncation"]["token_limits"] == {"post_instructions": 1000}
    assert session["max_output_tokens"] == 500
    assert session["reasoning"] == {"effort": "low"}


def test_off_is_null_on_the_wire() -> None:
    off = SessionSettings(turn_detection=None, transcription=None, noise_reduction=None)
    assert set(off.to_wire()["audio"]["input"].values()) == {None}


def test_an_update_leaves_out_what_a_running_session_refuses() -> None:
    assert "model" not in SessionSettings().to_update()


def test_tools_of_all_kinds_stand_side_by_side() -> None:
    raw = {"type": "function", "name": "b", "parameters": {}}
    settings = SessionSettings(functions=[raw], mcp_servers=[REMOTE])
    tools = settings.to_wire([{"type": "function", "name": "a"}])["tools"]
    assert [tool.get("name") or tool["server_label"] for tool in tools] == ["a", "b", "docs"]
    assert tools[2]["authorization"] == "secret"
    assert tools[2]["require_approval"] == "always"


def test_a_custom_voice_is_an_object() -> None:
    wire = SessionSettings(voice=CustomVoice(id="voice_1")).to_wire()
    assert wire["audio"]["output"]["voice"] == {"id": "voice_1"}


def test_a_transcription_session_has_no_output() -> None:
    settings = SessionSettings(type="transcription", include_logprobs=True)
    wire = settings.to_wire()
    assert set(wire) == {"type", "audio", "include"}
    assert set(wire["audio"]) == {"input"}


@pytest.mark.parametrize(
    "fields",
    [
        {"speed": 2.0},
        {"volume": 1.1},
        {"max_output_tokens": 0},
        {"secret_lifetime_s": 9},
        {"turn_detection": {"type": "server_vad", "threshold": 2}},
        {"turn_detection": {"type": "psychic"}},
        {"voice": ""} | {"colour": "red"},
        {"mcp_servers": [{"server_label": "x"}]},
        {"mcp_servers": [{"server_label": "x", "server_url": "u", "connector_id": "c"}]},
        {"mcp_servers": [{"server_label": "x", "server_url": "u"}] * 2},
        {"type": "transcription", "transcription": {"model": "gpt-realtime-whisper"}},
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(fields: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as caught:
        SessionSettings.checked(fields)
    assert caught.value.found
    with pytest.raises(ValidationError):
        SessionSettings(**fields)


def test_an_authorization_is_given_once() -> None:
    with pytest.raises(ValidationError, match="twice"):
        McpServer(
            server_label="x",
            server_url="u",
            authorization="a",
            headers={"Authorization": "b"},
        )


def test_a_file_holds_no_secret_of_a_remote_tool_server() -> None:
    text = SessionSettings(mcp_servers=[REMOTE]).to_text()
    assert "secret" not in text.replace("secret_lifetime_s", "")
    assert SessionSettings.from_text(text).mcp_servers[0].server_url == REMOTE.server_url
    assert "secret" not in repr(REMOTE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        "{}",
        '{"kind": "realtime session settings", "version": 2, "settings": {}}',
        '{"kind": "something else", "version": 1, "settings": {}}',
        '{"kind": "realtime session settings", "version": 1, "settings": {"colour": 1}}',
        '{"kind": "realtime session settings", "version": 1}',
    ],
)
def test_what_is_not_a_settings_file_is_refused(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        SessionSettings.from_text(text, "my.json")
    assert "my.json" in str(caught.value)


def test_a_settings_file_that_is_cut_anywhere_is_refused() -> None:
    text = SessionSettings().to_text()
    for end in range(0, len(text), 7):
        with pytest.raises(SettingsError):
            SessionSettings.from_text(text[:end])


SETTINGS = st.builds(
    SessionSettings,
    voice=st.none() | st.sampled_from(["alloy", "cedar"]) | st.builds(CustomVoice, id=st.just("v")),
    speed=st.floats(0.25, 1.5),
    volume=st.floats(0, 1),
    instructions=st.none() | st.text(),
    turn_detection=st.none()
    | st.builds(SemanticVad, eagerness=st.sampled_from(["auto", "low", "high"]))
    | st.builds(ServerVad, threshold=st.floats(0, 1), create_response=st.booleans()),
    transcription=st.none() | st.builds(Transcription, language=st.none() | st.text()),
    noise_reduction=st.none() | st.builds(NoiseReduction),
    truncation=st.just("auto") | st.builds(RetentionRatio, retention_ratio=st.floats(0, 1)),
    max_output_tokens=st.just("inf") | st.integers(1, 4096),
)


@given(SETTINGS)
def test_settings_survive_their_file(settings: SessionSettings) -> None:
    assert SessionSettings.from_text(settings.to_text()) == settings
    json.dumps(settings.to_wire())
