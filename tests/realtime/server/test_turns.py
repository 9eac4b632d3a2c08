"""The user's turns: detection, manual commits, the idle moment, semantic detection."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from harness.audio.pcm16 import to_base64
from tests.support.session_driver import SessionDriver, silence, spoken

TRANSCRIPTION = "conversation.item.input_audio_transcription"
LONG = "One two three four five six seven. Eight nine ten eleven twelve thirteen."

TURN_EVENTS = ("input_audio_buffer.", "conversation.item.")


def with_detection(detection: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    return {"audio": {"input": {"turn_detection": detection, **more}}}


def manual_call(**options: Any) -> SessionDriver:
    return SessionDriver([{"say": "Yes."}], with_detection(None), **options)


def test_the_announced_item_is_the_committed_one_with_padding_and_silence() -> None:
    call = SessionDriver([{"say": "Yes."}])
    call.hear(silence(1.0))
    call.say(1.0, then_silence_s=1.0)
    started = call.last("input_audio_buffer.speech_started")
    stopped = call.last("input_audio_buffer.speech_stopped")
    committed = call.last("input_audio_buffer.committed")
    assert started["item_id"] == stopped["item_id"] == committed["item_id"]
    assert started["audio_start_ms"] == pytest.approx(1000 - 300, abs=40)
    assert stopped["audio_end_ms"] == pytest.approx(2000 + 500, abs=40)
    call.wait_for("response.done")
    heard_s = len(call.recognitions[0].samples) / 24_000
    assert heard_s == pytest.approx(0.3 + 1.0 + 0.2, abs=0.06)  # a look ahead of the turn's end
    tenths = call.last("response.done")["response"]["usage"]["input_token_details"]["audio_tokens"]
    assert tenths == pytest.approx(18, abs=1)


def test_the_recogniser_gets_the_very_samples_of_the_turn() -> None:
    call = SessionDriver([{"say": "Yes."}])
    audio = np.concatenate([silence(1.0), spoken(1.0), silence(1.0)])
    call.hear(audio)
    started = call.last("input_audio_buffer.speech_started")["audio_start_ms"]
    samples = call.recognitions[0].samples
    expected = audio[started * 24 : started * 24 + len(samples)]
    assert np.abs(samples - expected).max() < 1 / 16_000


def test_several_turns_in_one_piece_of_audio_are_several_items() -> None:
    call = SessionDriver([{"silent": True}])
    turn = np.concatenate([spoken(0.6), silence(0.9)])
    call.session.receive_audio(np.concatenate([turn, turn, turn]), call.now_s)
    call.drain()
    assert len(call.of_type("input_audio_buffer.committed")) == 3
    assert len(call.of_type("response.done")) == 3


def test_without_automatic_responses_only_turn_and_item_are_told() -> None:
    call = SessionDriver([], with_detection({"type": "server_vad", "create_response": False}))
    call.say()
    assert call.last("input_audio_buffer.committed")
    assert not call.of_type("response.created")
    assert not call.recognitions  # nobody wants the words yet


def test_a_turn_while_a_response_must_not_be_interrupted_is_refused_a_second_one() -> None:
    detection = {"type": "server_vad", "interrupt_response": False}
    call = SessionDriver([{"say": "One two three.", "delay_ms": 5000}], with_detection(detection))
    call.say()
    call.say()
    error = call.last("error")["error"]
    assert error["code"] == "conversation_already_has_active_response"
    assert error["event_id"] is None
    assert call.wait_for("response.done")["response"]["status"] == "completed"


def test_nothing_is_automatic_in_a_manual_turn() -> None:
    call = manual_call()
    call.say()
    assert call.types() == ["session.created"]
    call.send("input_audio_buffer.commit")
    assert call.types(call.mark) == [
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
    ]
    item = call.last("conversation.item.done")["item"]
    assert item["content"] == [{"type": "input_audio", "transcript": None}]
    call.send("response.create")
    assert call.wait_for("response.done")["response"]["status"] == "completed"


def test_a_commit_of_less_than_100_ms_is_refused() -> None:
    call = manual_call()
    call.hear(spoken(0.06))
    call.send("input_audio_buffer.commit")
    error = call.last("error")["error"]
    assert error["code"] == "input_audio_buffer_commit_empty"
    assert error["message"].endswith("but buffer only has 60.00ms of audio.")


def test_clear_drops_stale_audio() -> None:
    call = manual_call()
    call.hear(spoken(1.0))
    call.send("input_audio_buffer.clear")
    assert call.types(call.mark) == ["input_audio_buffer.cleared"]
    call.hear(spoken(0.5))
    call.send("input_audio_buffer.commit")
    call.send("response.create")
    assert len(call.recognitions[0].samples) == 12_000


def test_a_commit_during_detected_speech_closes_the_turn_under_its_announced_id() -> None:
    call = SessionDriver()
    call.hear(spoken(1.0))
    call.send("input_audio_buffer.commit")
    assert call.types(call.mark)[:2] == [
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
    ]
    started = call.last("input_audio_buffer.speech_started")
    assert call.last("input_audio_buffer.committed")["item_id"] == started["item_id"]


def test_turning_detection_off_keeps_the_words_for_a_commit() -> None:
    call = SessionDriver()
    call.hear(spoken(1.0))
    call.send("session.update", session={"type": "realtime", **with_detection(None)})
    assert call.types(call.mark) == ["input_audio_buffer.speech_stopped", "session.updated"]
    call.send("input_audio_buffer.commit")
    started = call.last("input_audio_buffer.speech_started")
    assert call.last("input_audio_buffer.committed")["item_id"] == started["item_id"]


def test_detection_turned_on_later_counts_from_the_start_of_the_session() -> None:
    call = manual_call()
    call.hear(silence(2.0))
    detection = with_detection({"type": "server_vad"})
    call.send("session.update", session={"type": "realtime", **detection})
    call.hear(silence(0.5))
    call.hear(spoken(0.5))
    started = call.last("input_audio_buffer.speech_started")
    assert started["audio_start_ms"] == pytest.approx(2500 - 300, abs=40)


def test_an_idle_user_is_asked_in_the_documented_order() -> None:
    detection = {"type": "server_vad", "idle_timeout_ms": 5000}
    whisper = {"transcription": {"model": "whisper-1"}}
    call = SessionDriver(
        [{"when": {"turn": 1}, "say": "Yes."}], with_detection(detection, **whisper)
    )
    call.say()
    call.wait_for("output_audio_buffer.stopped")
    mark, quiet_s = len(call.events), call.now_s
    triggered = call.wait_for("input_audio_buffer.timeout_triggered")
    assert call.now_s - quiet_s == pytest.approx(5.0, abs=0.05)
    assert triggered["audio_end_ms"] - triggered["audio_start_ms"] == 5000
    call.wait_for("response.created")
    kinds = call.types(mark, without=("response.output_item.added",))
    assert kinds[:5] == [
        "input_audio_buffer.timeout_triggered",
        "conversation.item.added",
        "conversation.item.done",
        "input_audio_buffer.committed",
        "conversation.item.added",
    ]
    committed = call.last("input_audio_buffer.committed")
    assert committed["item_id"] == triggered["item_id"]
    items = {event["item"]["id"]: event["item"] for event in call.of_type("conversation.item.done")}
    assert items[committed["previous_item_id"]]["role"] == "system"
    transcript = call.last("conversation.item.input_audio_transcription.completed")
    assert (transcript["transcript"], transcript["usage"]["seconds"]) == ("", 0)
    call.wait_for("output_audio_buffer.started")
    assert call.syntheses[-1].text == "Are you still there?"


def test_over_a_socket_a_user_is_idle_once_the_answer_may_have_been_heard() -> None:
    """The client plays it; the server knows how long it is, and when its first sound left."""
    detection = {"type": "server_vad", "idle_timeout_ms": 5000}
    call = SessionDriver([{"say": LONG}], with_detection(detection), transport="websocket")
    call.send("response.create")
    call.wait_for("response.output_audio.delta")
    first_s = call.now_s
    call.wait_for("response.done")
    (made_s,) = call.session._state.audio_s.values()
    assert made_s > 3.0
    call.send("input_audio_buffer.clear")
    silent = to_base64(silence(0.02))
    while not call.of_type("input_audio_buffer.timeout_triggered"):
        call.now_s += 0.02
        call.send("input_audio_buffer.append", audio=silent)
        assert call.now_s - first_s < made_s + 6.0
    assert call.now_s - first_s == pytest.approx(made_s + 5.0, abs=0.3)


def test_a_speaking_user_is_not_idle() -> None:
    detection = {"type": "server_vad", "idle_timeout_ms": 5000}
    call = SessionDriver([{"say": "Yes."}], with_detection(detection))
    call.say()
    call.wait_for("output_audio_buffer.stopped")
    call.wait(4.0)
    call.hear(spoken(3.0))
    assert not call.of_type("input_audio_buffer.timeout_triggered")


SEMANTIC = with_detection({"type": "semantic_vad", "eagerness": "medium"})


def test_semantic_detection_ends_a_finished_sentence_soon() -> None:
    call = SessionDriver([{"say": "Yes."}], SEMANTIC, ["Go forward ten meters."])
    call.hear(np.concatenate([spoken(1.0), silence(0.6)]))
    assert call.last("response.created")
    assert len(call.recognitions) == 1  # the look's words are the item's words
    call.wait_for("output_audio_buffer.started")
    assert call.syntheses[0].text == "Yes."


def test_semantic_detection_waits_for_an_unfinished_sentence() -> None:
    call = SessionDriver([{"say": "Yes."}], SEMANTIC, ["I would like a table for", "two of us."])
    call.hear(np.concatenate([spoken(1.0), silence(1.0)]))
    assert not call.of_type("input_audio_buffer.speech_stopped")
    call.hear(np.concatenate([spoken(0.5), silence(0.6)]))
    assert len(call.of_type("input_audio_buffer.committed")) == 1


def test_semantic_detection_gives_up_waiting_after_its_longest_time() -> None:
    call = SessionDriver([{"say": "Yes."}], SEMANTIC, ["I would like a table for"])
    call.hear(np.concatenate([spoken(1.0), silence(3.9)]))
    assert not call.of_type("input_audio_buffer.committed")
    call.wait(0.3)
    assert call.of_type("input_audio_buffer.committed")


def test_a_look_that_comes_back_after_more_speech_is_worthless() -> None:
    call = SessionDriver([{"say": "Yes."}], SEMANTIC)
    call.holds_recognition = True
    call.hear(np.concatenate([spoken(1.0), silence(0.5), spoken(0.5)]))
    call.answer_recognition("Go forward.")
    assert not call.of_type("input_audio_buffer.speech_stopped")


def test_the_media_track_is_the_only_input_of_a_webrtc_call() -> None:
    call = SessionDriver()
    call.send("input_audio_buffer.append", audio="AAAA")
    assert call.last("error")["error"]["code"] == "unsupported_event"


def test_a_websocket_client_appends_its_audio() -> None:
    call = SessionDriver([{"say": "Yes."}], transport="websocket")
    call.send("input_audio_buffer.append", audio=to_base64(spoken(1.0)))
    call.send("input_audio_buffer.append", audio=to_base64(silence(1.0)))
    assert call.last("input_audio_buffer.committed")
    call.send("input_audio_buffer.append", audio="AAA")
    assert call.last("error")["error"]["param"] == "audio"


@pytest.mark.parametrize(("finished", "is_over"), [(0.9, True), (0.4, False)])
def test_an_engine_may_decide_whether_a_turn_is_over(finished: float, is_over: bool) -> None:
    """Its word stands above the words' own look."""
    settings = {"audio": {"input": {"turn_detection": {"type": "semantic_vad"}}}}
    call = SessionDriver([{"silent": True}], settings)
    call.holds_recognition = True
    call.hear(spoken(1.0))
    call.wait(0.5)
    (job,) = call.recognitions
    assert job.asks_finished
    text = "so I want to" if is_over else "That is all."
    call.session.receive_recognition(job.job_id, text, None, call.now_s, finished)
    call.drain()
    assert bool(call.of_type("input_audio_buffer.speech_stopped")) == is_over


# --- recognition ahead of the turn's end ---

TRANSCRIBED = {"audio": {"input": {"transcription": {"model": "whisper-1"}}}}


def test_words_that_are_there_before_the_turn_is_over_are_told_at_its_end() -> None:
    """In the order as ever: the turn, its response, its words."""
    call = SessionDriver([{"say": "Yes."}], TRANSCRIBED, ["go on"])
    call.hear(spoken(1.0))
    call.wait(0.4)
    assert len(call.recognitions) == 1
    assert not call.of_type("input_audio_buffer.speech_stopped")
    call.mark = len(call.events)
    call.wait(0.2)
    assert len(call.recognitions) == 1
    kinds = call.types(call.mark)
    assert kinds[:8] == [
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
        f"{TRANSCRIPTION}.delta",
        f"{TRANSCRIPTION}.completed",
        "response.output_item.added",
    ]
    assert call.last(f"{TRANSCRIPTION}.completed")["transcript"] == "go on"


def test_words_that_are_late_belong_to_the_turn_that_waited_for_them() -> None:
    call = SessionDriver([{"say": "Yes."}], TRANSCRIBED)
    call.holds_recognition = True
    call.say(1.0)
    assert len(call.recognitions) == 1
    call.settle_recognition("at last")
    assert call.last(f"{TRANSCRIPTION}.completed")["transcript"] == "at last"
    assert call.types()[-1].startswith("response.")


def test_what_is_said_after_a_look_ahead_is_looked_at_again() -> None:
    call = SessionDriver([{"silent": True}], TRANSCRIBED, ["go", "go on"])
    call.hear(spoken(1.0))
    call.wait(0.4)
    call.say(0.5)
    assert len(call.recognitions) == 2
    assert call.last(f"{TRANSCRIPTION}.completed")["transcript"] == "go on"


def test_a_look_ahead_that_fails_is_no_failure() -> None:
    call = SessionDriver([{"silent": True}], TRANSCRIBED)
    call.holds_recognition = True
    call.hear(spoken(1.0))
    call.wait(0.4)
    call.settle_recognition(None)
    call.wait(0.4)
    call.settle_recognition("once more")
    assert call.last(f"{TRANSCRIPTION}.completed")["transcript"] == "once more"
    assert not call.of_type(f"{TRANSCRIPTION}.failed")


def test_a_late_look_ahead_that_fails_is_asked_again() -> None:
    call = SessionDriver([{"silent": True}], TRANSCRIBED)
    call.holds_recognition = True
    call.say(1.0)
    call.settle_recognition(None)
    assert len(call.recognitions) == 1
    call.settle_recognition("once more")
    assert call.last(f"{TRANSCRIPTION}.completed")["transcript"] == "once more"


def test_nobody_looks_ahead_for_ever_or_for_nothing() -> None:
    call = SessionDriver([{"silent": True}], TRANSCRIBED)
    for _ in range(6):
        call.hear(spoken(0.4))
        call.wait(0.4)
    assert len(call.recognitions) == 3
    call.wait(0.5)
    assert len(call.recognitions) == 4
    mute = {"type": "server_vad", "create_response": False}
    call = SessionDriver(None, {"audio": {"input": {"turn_detection": mute}}})
    call.say(1.0)
    assert not call.recognitions


def test_a_commit_in_the_middle_of_speech_takes_no_older_words() -> None:
    call = SessionDriver([{"silent": True}], TRANSCRIBED, ["go", "go on"])
    call.hear(spoken(1.0))
    call.wait(0.4)
    call.hear(spoken(0.4))
    call.send("input_audio_buffer.commit")
    assert call.last(f"{TRANSCRIPTION}.completed")["transcript"] == "go on"
