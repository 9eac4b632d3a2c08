"""Words that are told while they are spoken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.realtime.server.partial_transcript import PartialTranscript, is_streaming, next_look_ms
from tests.support.session_driver import SessionDriver, spoken

TRANSCRIPTION = "conversation.item.input_audio_transcription"
LIVE = {"audio": {"input": {"transcription": {"model": "gpt-realtime-whisper"}}}}


def test_words_that_two_looks_agree_on_are_told_without_the_last() -> None:
    words = PartialTranscript()
    assert words.look("go for") == []
    assert words.look("Go, forward ten") == ["Go,"]
    assert words.look("go forward ten meters") == ["forward", "ten"]
    assert words.finish("Go forward ten meters.") == ["meters."]
    assert " ".join(words.told) == "Go, forward ten meters."


def test_a_recogniser_that_changes_its_mind_takes_nothing_back() -> None:
    words = PartialTranscript()
    words.look("I want a tea please")
    assert words.look("I want a tea please now") == ["I", "want", "a", "tea", "please"]
    assert words.look("I won a tee please now and") == []
    assert words.finish("I won a tee, please, now and then.") == ["now", "and", "then."]


def test_a_last_look_that_understands_less_adds_nothing() -> None:
    words = PartialTranscript()
    words.look("one two three four")
    words.look("one two three four five")
    assert words.finish("one two") == []
    assert words.finish("") == []


@given(st.lists(st.text(alphabet="ab .,", max_size=12), max_size=6), st.text(alphabet="ab .,"))
def test_what_was_told_stays_and_every_word_is_told_once(looks: list[str], last: str) -> None:
    words, told = PartialTranscript(), list[str]()
    for look in looks:
        told += words.look(look)
    told += words.finish(last)
    assert words.told == told
    if not any(looks):
        assert told == last.split()


def test_long_turns_are_looked_at_more_rarely() -> None:
    assert (next_look_ms(800), next_look_ms(8_000)) == (1_600, 10_000)


@pytest.mark.parametrize(
    ("model", "streams"), [("gpt-realtime-whisper", True), ("whisper-1", False), (None, False)]
)
def test_some_models_tell_words_live(model: str | None, streams: bool) -> None:
    assert is_streaming(model) == streams


# --- in a session ---


def deltas(call: SessionDriver) -> list[str]:
    return [event["delta"] for event in call.of_type(f"{TRANSCRIPTION}.delta")]


def test_words_are_told_before_the_turn_is_over() -> None:
    last = "Go forward ten meters."
    looks = ["go for", "go forward ten", "go forward ten me", last, last]
    call = SessionDriver([{"silent": True}], LIVE, looks)
    call.hear(spoken(2.6))
    assert deltas(call) == [" go", " forward", " ten"]
    assert not call.of_type("input_audio_buffer.speech_stopped")
    call.say(0.2)
    item_id = call.last("input_audio_buffer.committed")["item_id"]
    assert {event["item_id"] for event in call.of_type(f"{TRANSCRIPTION}.delta")} == {item_id}
    completed = call.last(f"{TRANSCRIPTION}.completed")
    assert completed["item_id"] == item_id
    assert completed["transcript"] == "go forward ten meters." == "".join(deltas(call)).strip()


def test_one_look_at_a_time_and_a_late_one_tells_nothing() -> None:
    call = SessionDriver([{"silent": True}], LIVE)
    call.holds_recognition = True
    call.hear(spoken(4.0))
    assert len(call.recognitions) == 1
    call.wait(1.0)
    assert len(call.recognitions) == 2
    call.settle_recognition("too late")
    call.settle_recognition("Just in time.")
    assert deltas(call) == [" Just", " in", " time."]


def test_a_turn_by_hand_is_told_live_and_cleared_whole() -> None:
    by_hand = {"audio": {"input": {**LIVE["audio"]["input"], "turn_detection": None}}}
    call = SessionDriver(None, by_hand, ["a b", "a b c", "d e", "d e f", "D e f."])
    call.hear(spoken(2.0))
    assert deltas(call) == [" a", " b"]
    cleared_id = call.last(f"{TRANSCRIPTION}.delta")["item_id"]
    call.send("input_audio_buffer.clear")
    call.hear(spoken(2.0))
    call.send("input_audio_buffer.commit")
    item_id = call.last("input_audio_buffer.committed")["item_id"]
    assert item_id == call.last(f"{TRANSCRIPTION}.delta")["item_id"] != cleared_id
    assert call.last(f"{TRANSCRIPTION}.completed")["transcript"] == "d e f."


def test_other_models_are_not_looked_at_while_they_listen() -> None:
    settings = {"audio": {"input": {"transcription": {"model": "gpt-4o-transcribe"}}}}
    call = SessionDriver(None, settings)
    call.hear(spoken(3.0))
    assert not call.recognitions


def test_a_failed_look_is_not_told_and_a_failed_end_is() -> None:
    call = SessionDriver([{"silent": True}], LIVE)
    call.holds_recognition = True
    call.hear(spoken(1.0))
    call.settle_recognition(None)
    assert not call.of_type(f"{TRANSCRIPTION}.failed")
    call.wait(1.0)
    while call.recognitions:
        call.settle_recognition(None)
    assert len(call.of_type(f"{TRANSCRIPTION}.failed")) == 1
