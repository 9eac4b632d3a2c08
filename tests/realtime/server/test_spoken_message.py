"""A spoken message: its sentences, its transcript, its pace."""

from __future__ import annotations

import pytest

from harness.audio.pcm16 import from_base64
from harness.realtime.server.assistants.script import Script
from tests.support.session_driver import SessionDriver

MANUAL = {"audio": {"input": {"turn_detection": None}}}
LONG = "One two three four five six. Seven eight nine ten eleven twelve. Thirteen fourteen."


def test_the_first_sentence_is_heard_before_the_last_is_synthesised() -> None:
    call = SessionDriver([{"say": LONG}], MANUAL)
    call.holds_speech = True
    call.send("response.create")
    assert [job.text for job in call.syntheses] == ["One two three four five six."]
    call.answer_speech()
    call.wait_for("output_audio_buffer.started")
    assert len(call.syntheses) == 2
    call.wait(3.0)  # all of the first sentence is played; the second is late
    assert call.session.pull_playback(480, call.now_s).any() == False  # noqa: E712
    call.holds_speech = False
    call.answer_speech()
    assert call.wait_for("output_audio_buffer.stopped")
    assert call.last("response.output_audio_transcript.done")["transcript"] == LONG


def test_a_websocket_client_gets_the_audio_as_events() -> None:
    call = SessionDriver([{"say": "One two three."}], MANUAL, transport="websocket")
    call.send("response.create")
    call.wait_for("response.done")
    kinds = call.types()
    assert "response.output_audio.delta" in kinds
    assert not [kind for kind in kinds if kind.startswith("output_audio_buffer")]
    deltas = call.of_type("response.output_audio.delta")
    assert sum(len(from_base64(event["delta"])) for event in deltas) == 21_600
    call.send("output_audio_buffer.clear")
    assert call.last("error")["error"]["code"] == "unsupported_event"


def test_transcript_deltas_run_ahead_of_the_sound_and_join_to_the_transcript() -> None:
    call = SessionDriver([{"say": LONG}], MANUAL)
    call.send("response.create")
    call.wait_for("output_audio_buffer.started")
    before = [event["delta"] for event in call.of_type("response.output_audio_transcript.delta")]
    assert 2 <= len(before) <= 5
    call.wait_for("response.done")
    deltas = [event["delta"] for event in call.of_type("response.output_audio_transcript.delta")]
    assert "".join(deltas) == LONG


def test_generation_is_paced_faster_than_real_time() -> None:
    call = SessionDriver([{"say": LONG}], MANUAL)
    call.send("response.create")
    started_s = call.now_s
    call.wait_for("response.done")
    generated_s = 14 * call.seconds_per_word
    assert call.now_s - started_s == pytest.approx(generated_s / 4, abs=0.1)


@pytest.mark.parametrize(("script", "session", "spoken_at"), [(4.0, 1.5, 4.0), (0.5, 0.25, 0.25)])
def test_a_speed_stays_within_what_can_be_spoken(
    script: float, session: float, spoken_at: float
) -> None:
    settings = {"audio": {"input": {"turn_detection": None}, "output": {"speed": session}}}
    assistant = Script.model_validate({"speed": script, "rules": [{"say": "Yes."}]})
    call = SessionDriver(settings=settings, assistant=assistant)
    call.send("response.create")
    assert call.syntheses[0].speed == spoken_at
