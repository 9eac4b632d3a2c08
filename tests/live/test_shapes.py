"""Shapes of what a client sends: the official package's own fields, and what is refused."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from harness.errors import ProtocolError
from harness.live.shapes import CREATE, EVENTS, VOICES, WEBRTC_SESSION, WEBSOCKET_SESSION
from harness.live.state import OURS

SDP = {"type": "webrtc", "sdp": "v=0"}


def refused(session: dict[str, Any]) -> tuple[str | None, str | None]:
    with pytest.raises(ProtocolError) as caught:
        CREATE.check({"session": {"model": "m", **session}, "transport": SDP}, "")
    return caught.value.code, caught.value.param


def test_they_have_the_fields_that_the_official_package_has() -> None:
    from openai.types.live import ClientEvent, SessionConfig
    from openai.types.live.built_in_voice import BuiltInVoice

    fields = set(SessionConfig.model_fields)
    assert {*WEBRTC_SESSION.fields, *WEBRTC_SESSION.refused} == fields
    assert {*WEBSOCKET_SESSION.fields, *WEBSOCKET_SESSION.refused, "client"} == fields
    assert get_args(BuiltInVoice) == VOICES
    models = get_args(get_args(ClientEvent)[0])
    known = {get_args(model.model_fields["type"].annotation)[0] for model in models}
    not_here = {"session.output_audio.fixture.play"}
    not_here |= {f"decision.{what}" for what in ("create", "item.create", "item.delete")}
    assert set(EVENTS) == known - not_here


@pytest.mark.parametrize(
    "name", ["type", "turn_detection", "tools", "voice", "temperature", "prompt"]
)
def test_what_belongs_to_another_protocol_is_unknown(name: str) -> None:
    assert refused({name: "x"}) == ("unknown_parameter", f"session.{name}")


@pytest.mark.parametrize(
    "session",
    [
        {},
        {"delegation": None},
        {"delegation": {"type": "client", "acknowledgement_delay_ms": 0}},
        {"delegation": {"type": "responses", "responses": {"model": "m"}}},
        {"audio": {"output": {"voice": {"id": "voice_1"}}}},
        {"input": [{"role": "assistant", "content": [{"type": "output_text", "text": "hi"}]}]},
        {"client": {"data_channel": {"allowed_server_events": [
            {"type": "response.event", "response_event": "response.completed"}]}}},
    ],
)  # fmt: skip
def test_what_the_contract_allows_passes(session: dict[str, Any]) -> None:
    CREATE.check(
        json.loads(json.dumps({"session": {"model": "m", **session}, "transport": SDP})), ""
    )


@pytest.mark.parametrize(
    ("session", "param"),
    [
        ({"model": None}, "session.model"),
        ({"input": [{"role": "user", "content": []}]}, "session.input[0].content"),
        ({"input": [{"role": "tool", "content": []}]}, "session.input[0].role"),
        ({"delegation": {"type": "decisions"}}, "session.delegation.type"),
        ({"delegation": {"type": "responses"}}, "session.delegation.responses"),
        (
            {"delegation": {"type": "responses", "responses": {}}},
            "session.delegation.responses.model",
        ),
        (
            {"client": {"data_channel": {"allowed_server_events": [{"type": "response.event"}]}}},
            "session.client.data_channel.allowed_server_events[0].response_event",
        ),
        ({"triggers": []}, "session.triggers"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(session: dict[str, Any], param: str) -> None:
    assert refused(session)[1] == param


def test_codes_of_our_own_say_so() -> None:
    assert refused({"store": True}) == (f"{OURS}not_stored", "session.store")
    assert refused({"instructions": "word " * 20_000})[0] == f"{OURS}too_long"


def test_a_voice_that_the_service_does_not_have_is_forbidden() -> None:
    assert refused({"audio": {"output": {"voice": "fable"}}})[0] == "forbidden"
