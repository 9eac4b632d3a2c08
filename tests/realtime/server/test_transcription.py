from __future__ import annotations

from typing import Any

from harness.realtime.ids import Ids
from harness.realtime.items import user_audio_item
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.outputs import Recognise, SendEvent
from harness.realtime.server.state import SessionState
from harness.realtime.server.transcription import SoFar, Transcription
from harness.realtime.session_object import default_session, merged
from tests.support.session_driver import silence, spoken


def ears_with(model: str | None) -> tuple[Transcription, SessionState]:
    transcription = None if model is None else {"model": model}
    settings = merged(default_session(), {"audio": {"input": {"transcription": transcription}}})
    state = SessionState(settings, Script(), Ids(seed=1), "webrtc")
    state.conversation.insert(user_audio_item("a"))
    return Transcription(state), state


def taken(state: SessionState) -> tuple[list[dict[str, Any]], list[Recognise]]:
    outputs = state.take_outputs()
    events = [output.event for output in outputs if isinstance(output, SendEvent)]
    return events, [output for output in outputs if isinstance(output, Recognise)]


def heard(model: str | None, text: str | None) -> list[dict[str, Any]]:
    """Events after an item of one second was recognised."""
    transcription, state = ears_with(model)
    transcription.hear("a", spoken(1.0), announce=True, wants_text=True)
    job = taken(state)[1][0]
    transcription.on_recognised(job.job_id, text, None if text is not None else "broken")
    return taken(state)[0]


def test_whisper_tells_the_words_in_one_delta() -> None:
    delta, completed = heard("whisper-1", " two words ")
    assert delta["delta"] == completed["transcript"] == "two words"
    assert completed["usage"] == {"type": "duration", "seconds": 1}
    assert (completed["item_id"], completed["content_index"]) == ("a", 0)


def test_other_models_tell_word_by_word_and_count_tokens() -> None:
    *deltas, completed = heard("gpt-4o-transcribe", "two words")
    assert [event["delta"] for event in deltas] == ["two", " words"]
    assert completed["usage"]["type"] == "tokens"
    assert completed["usage"]["input_tokens"] == 10


def test_no_words_are_told_without_a_delta() -> None:
    (completed,) = heard("whisper-1", "")
    assert completed["transcript"] == ""


def test_a_failed_recognition_is_told_and_counts_as_no_words() -> None:
    (failed,) = heard("whisper-1", None)
    assert failed["type"].endswith("transcription.failed")
    assert failed["error"]["type"] == "server_error"
    assert "'a'" in failed["error"]["message"]


def test_nothing_is_told_where_transcription_is_off() -> None:
    assert heard(None, "two words") == []


def test_recognition_starts_when_somebody_wants_the_words_and_once() -> None:
    transcription, state = ears_with(None)
    transcription.hear("a", spoken(1.0), announce=True, wants_text=False)
    assert taken(state)[1] == []
    transcription.recognise("a")
    transcription.recognise("a")
    assert len(taken(state)[1]) == 1
    assert not transcription.is_settled("a")


def test_silence_needs_no_recogniser() -> None:
    transcription, state = ears_with(None)
    transcription.hear("a", silence(1.0), announce=True, wants_text=True)
    assert taken(state)[1] == []
    assert transcription.is_settled("a")


def test_a_look_is_given_back_and_a_late_result_ignored() -> None:
    transcription, _ = ears_with(None)
    job_id = transcription.look(spoken(0.5))
    assert transcription.on_recognised(job_id, "so far", None) == SoFar(job_id, "so far")
    assert transcription.on_recognised(job_id, "again", None) is None
    assert transcription.on_recognised("unknown", "x", None) is None


def test_the_oldest_audio_is_forgotten_before_memory_fills() -> None:
    transcription, state = ears_with(None)
    for index in range(13):
        transcription.hear(f"i{index}", silence(50.0), announce=False, wants_text=True)
    assert transcription.audio_base64("i0") is None
    assert transcription.audio_base64("i12") is not None
    assert state.audio_s["i0"] == 50.0
