"""Transcription sessions: what is said is written down, and nobody answers."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from harness.realtime.session_object import default_transcription_session
from tests.support.client_driver import JoinedDriver
from tests.support.openai_types import typed
from tests.support.session_driver import SessionDriver, spoken

TRANSCRIPTION = "conversation.item.input_audio_transcription"
BY_HAND = {"turn_detection": None}
LIVE = {"transcription": {"model": "gpt-realtime-whisper"}}


def transcribing(words: list[str] | None = None, **audio_input: Any) -> SessionDriver:
    settings = {"transcription": {"model": "gpt-transcribe"}, **audio_input}
    return SessionDriver(
        settings={"type": "transcription", "audio": {"input": settings}}, words=words
    )


def test_the_session_is_created_as_what_it_is_with_every_default() -> None:
    (created,) = transcribing().events
    session = created["session"]
    assert list(session) == ["type", "object", "id", "expires_at", "audio", "include"]
    assert (session["type"], session["object"]) == (
        "transcription",
        "realtime.transcription_session",
    )
    assert session["expires_at"] == 1_700_003_600
    assert list(session["audio"]) == ["input"]
    taken = session["audio"]["input"]
    assert taken["format"] == {"type": "audio/pcm", "rate": 24000}
    assert taken["transcription"] == {"model": "gpt-transcribe", "language": None, "prompt": None}
    assert taken["turn_detection"] == {
        "type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300,
        "silence_duration_ms": 500, "idle_timeout_ms": None, "create_response": True,
        "interrupt_response": True,
    }  # fmt: skip


def test_a_turn_is_written_down_and_not_answered() -> None:
    call = transcribing(["good morning"])
    call.say()
    call.wait(2)
    assert call.types(since=1) == [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        f"{TRANSCRIPTION}.delta",
        f"{TRANSCRIPTION}.completed",
    ]
    assert call.last(f"{TRANSCRIPTION}.completed")["transcript"] == "good morning"
    assert not [event for event in call.events if isinstance(typed(event, "server"), dict)]


def test_a_turn_by_hand() -> None:
    call = transcribing(["by hand"], **BY_HAND)
    call.hear(spoken(1.0))
    assert call.types(since=1) == []
    call.send("input_audio_buffer.commit")
    assert call.types(since=1)[0] == "input_audio_buffer.committed"
    assert call.last(f"{TRANSCRIPTION}.completed")["transcript"] == "by hand"


def test_recognition_that_fails_is_told_and_nothing_else_happens() -> None:
    call = transcribing(**BY_HAND)
    call.holds_recognition = True
    call.hear(spoken(1.0))
    call.send("input_audio_buffer.commit")
    call.settle_recognition(None)
    assert call.types()[-1] == f"{TRANSCRIPTION}.failed"
    assert not call.of_type("error")


@pytest.mark.parametrize("kind", ["response.create", "response.cancel"])
def test_response_events_are_refused(kind: str) -> None:
    call = transcribing()
    call.send(kind, event_id="mine")
    error = call.events[-1]["error"]
    assert (error["code"], error["param"], error["event_id"]) == (
        "unsupported_event",
        "type",
        "mine",
    )
    call.say()
    assert not [kind for kind in call.types() if kind.startswith(("response.", "output_audio"))]


def test_updates_merge() -> None:
    call = transcribing()
    change = {"input": {"noise_reduction": {"type": "near_field"}}}
    call.send("session.update", session={"type": "transcription", "audio": change})
    session = call.last("session.updated")["session"]
    assert session["audio"]["input"]["noise_reduction"] == {"type": "near_field", "strength": 1}
    assert session["audio"]["input"]["transcription"]["model"] == "gpt-transcribe"


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"instructions": "Answer."}, "session.instructions"),
        ({"tools": []}, "session.tools"),
        ({"audio": {"output": {"voice": "ash"}}}, "session.audio.output"),
        ({"model": "gpt-realtime"}, "session.model"),
    ],
)
def test_what_it_does_not_have_is_unknown(change: dict[str, Any], param: str) -> None:
    call = transcribing()
    call.send("session.update", session={"type": "transcription", **change})
    assert call.events[-1]["error"]["code"] == "unknown_parameter"
    assert call.events[-1]["error"]["param"] == param


@pytest.mark.parametrize("own", ["realtime", "transcription"])
def test_an_update_of_the_other_kind_is_refused(own: str) -> None:
    other = {"realtime": "transcription", "transcription": "realtime"}[own]
    call = SessionDriver(settings={"type": own})
    call.send("session.update", session={"type": other})
    assert call.types(since=1) == ["error"]
    assert call.events[-1]["error"]["message"] == (
        f"Passing a {other} session update event to a {own} session is not allowed."
    )


def test_the_live_model_takes_no_turn_detection() -> None:
    by_default = transcribing(**cast("dict[str, Any]", LIVE)).session.settings["audio"]["input"]
    assert by_default["turn_detection"] is None
    call = transcribing()
    call.send("session.update", session={"type": "transcription", "audio": {"input": LIVE}})
    assert call.events[-1]["error"]["param"] == "session.audio.input.turn_detection"
    both = {"audio": {"input": {**LIVE, **BY_HAND}}}
    call.send("session.update", session={"type": "transcription", **both})
    assert call.last("session.updated")["session"]["audio"]["input"]["turn_detection"] is None


def test_in_a_realtime_session_the_live_model_goes_with_turn_detection() -> None:
    call = SessionDriver()
    call.send("session.update", session={"type": "realtime", "audio": {"input": LIVE}})
    assert call.types(since=1) == ["session.updated"]


def test_the_defaults_are_the_clients_too() -> None:
    assert json.loads(json.dumps(default_transcription_session())) == (
        {**SessionDriver(settings={"type": "transcription"}).session.settings}
        | {"id": "", "expires_at": 0}
    )


def test_our_own_client_hears_what_was_said() -> None:
    """The same settings on both sides, joined in memory."""
    server = transcribing(["first words", "second words"])
    client = JoinedDriver(server, type="transcription", turn_detection={"type": "server_vad"})
    client.connect()
    for _ in range(2):
        client.run(1.0, speak=True)
        client.run(1.0)
    assert [data["text"] for data in client.news("user_transcript")] == [
        "first words",
        "second words",
    ]
    assert client.errors() == []
