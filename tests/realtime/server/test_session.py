"""The server session as a whole: the orders of events that the reference documents."""

from __future__ import annotations

import json

import pytest

from harness.errors import ProtocolError
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.session import ServerSession
from tests.support.scripted_detector import ScriptedDetector
from tests.support.session_driver import SessionDriver, silence, spoken

WHISPER = {"audio": {"input": {"transcription": {"model": "whisper-1"}}}}
TRANSCRIPTION = "conversation.item.input_audio_transcription"
VAD_TURN = [
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed",
    "conversation.item.added",
    "conversation.item.done",
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_audio_transcript.delta",
    "output_audio_buffer.started",
    "response.output_audio_transcript.delta",
    "response.output_audio.done",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
    "rate_limits.updated",
    "output_audio_buffer.stopped",
]
LONG_LINE = "One two three four five six seven eight nine ten. Eleven twelve thirteen fourteen."


def test_a_spoken_turn_gets_a_spoken_answer_in_the_documented_order() -> None:
    call = SessionDriver([{"say": LONG_LINE}], WHISPER)
    mark = len(call.events)
    call.say()
    call.wait_for("output_audio_buffer.stopped")
    without = (f"{TRANSCRIPTION}.delta", f"{TRANSCRIPTION}.completed")
    assert call.types(mark, without) == VAD_TURN


def test_generation_ends_before_playback_does() -> None:
    call = SessionDriver([{"say": LONG_LINE}])
    call.say()
    call.wait_for("output_audio_buffer.stopped")
    kinds = [event["type"] for event in call.events]
    done_s = call.times_s[kinds.index("response.done")]
    stopped_s = call.times_s[kinds.index("output_audio_buffer.stopped")]
    assert 2.5 < stopped_s - done_s < 3.6  # 4.2 s of speech, generated four times as fast


def test_what_is_played_is_what_was_synthesised() -> None:
    call = SessionDriver([{"say": "One two three."}])
    call.say()
    call.wait_for("output_audio_buffer.stopped")
    loud_frames = sum(int((abs(piece) > 0).sum()) for piece in call.played)
    assert loud_frames == pytest.approx(0.9 * 24_000, rel=0.01)


def test_the_script_waits_for_the_recognised_words() -> None:
    call = SessionDriver([{"when": {"words": ["rover"]}, "say": "Yes."}], words=["Hey, Rover!"])
    call.holds_recognition = True
    call.say()
    assert call.types()[-1] == "response.created"
    call.holds_recognition = False
    call.answer_recognition()
    call.wait_for("response.done")
    assert call.last("response.output_audio_transcript.done")["transcript"] == "Yes."


def test_without_transcription_the_client_gets_no_transcription_events() -> None:
    call = SessionDriver([{"say": "Yes."}])
    call.say()
    call.wait_for("response.done")
    assert not [event for event in call.events if TRANSCRIPTION in event["type"]]


def test_transcription_may_come_after_the_answer() -> None:
    call = SessionDriver([{"say": "Yes."}], WHISPER)
    call.holds_recognition = True
    call.send(
        "session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": None}}}
    )
    call.hear(spoken(1.0))
    call.send("input_audio_buffer.commit")
    call.answer_recognition("late words")
    assert call.last(f"{TRANSCRIPTION}.completed")["transcript"] == "late words"


def test_a_session_expires_after_an_hour() -> None:
    call = SessionDriver()
    call.session.advance(call.now_s + 3599)
    call.drain()
    assert call.closed is None
    call.session.advance(call.now_s + 3600)
    call.drain()
    assert call.closed == "session_expired"
    assert call.last("error")["error"]["code"] == "session_expired"
    assert call.session.wake_at_s() is None


def test_use_before_open_is_a_named_error() -> None:
    session = ServerSession(
        settings={"type": "realtime"},
        assistant=Script(),
        detector=ScriptedDetector(),
        ids=Ids(seed=1),
        unix_time_s=0.0,
    )
    with pytest.raises(ProtocolError, match="before it was opened"):
        session.receive_audio(silence(0.02), 0.0)


def test_session_created_comes_first_and_is_complete() -> None:
    call = SessionDriver()
    created = call.events[0]
    assert created["type"] == "session.created"
    assert list(created["session"]) == [
        "type", "object", "id", "model", "output_modalities", "instructions", "tools",
        "tool_choice", "max_output_tokens", "tracing", "truncation", "prompt", "expires_at",
        "audio", "include",
    ]  # fmt: skip
    assert created["session"]["id"].startswith("sess_")
    assert created["session"]["expires_at"] == 1_700_003_600


@pytest.mark.parametrize(
    ("text", "code"),
    [("{", "invalid_json"), ("[]", "invalid_event"), ("{}", "invalid_event"),
     ('{"type": 3}', "invalid_type"), ('{"type": "session.close"}', "invalid_value")],
)  # fmt: skip
def test_nonsense_is_answered_by_an_error_event(text: str, code: str) -> None:
    call = SessionDriver()
    call.send_text(text)
    assert call.last("error")["error"]["code"] == code


def test_an_error_echoes_the_clients_event_id_only_if_there_was_one() -> None:
    call = SessionDriver()
    call.send_text(json.dumps({"type": "response.cancel", "event_id": "mine"}))
    assert call.last("error")["error"]["event_id"] == "mine"
    call.send_text(json.dumps({"type": "response.cancel"}))
    assert call.last("error")["error"]["event_id"] is None


def test_an_error_is_smaller_than_what_it_is_about() -> None:
    call = SessionDriver()
    huge = "x" * 100_000
    for event in (
        {"type": "response.cancel", huge: 1},
        {"type": "response.cancel", "event_id": huge},
        {"type": huge},
        {"type": "conversation.item.delete", "item_id": huge},
        {"type": "response.cancel", "response_id": huge},
        {"type": "session.update", "session": {"type": huge}},
    ):
        call.send_text(json.dumps(event))
        assert call.events[-1]["type"] == "error"
        assert len(json.dumps(call.events[-1])) < 4_000
