"""Findings of turn-taking."""

from __future__ import annotations

from harness.facts.call import OwnVoiceHeard, VoiceStarted, VoiceStopped
from harness.facts.dialogue import AnswerStarted, UserSpeechStarted, UserSpeechStopped
from harness.facts.microphone import NoiseMixedIn
from tests.support.healthy_call import (
    HEALTHY,
    At,
    found_in,
    names_in,
    received,
    said,
    sent,
    ticking,
)

ANSWER: list[At] = [(4.0, AnswerStarted("r1")), (4.5, VoiceStarted("r1"))]
FIRST = said(2.0, 3.0)


def test_an_answer_that_goes_on_over_the_user() -> None:
    cut_in = [said(6.0, 8.0, interrupts=True), (6.3, UserSpeechStarted("t2", None))]
    goes_on = (9.0, VoiceStopped())
    (found,) = found_in(HEALTHY, FIRST, ANSWER, cut_in, goes_on, ticking(10))
    assert found.name == "interruption_ignored"
    assert found.at_s == 6.3


def test_a_pause_between_words_does_not_hide_it() -> None:
    cut_in = [said(6.0, 8.0, interrupts=True), (6.3, UserSpeechStarted("t2", None))]
    words = [(7.0, VoiceStopped()), (7.4, VoiceStarted("r1")), (9.0, VoiceStopped())]
    assert names_in(HEALTHY, FIRST, ANSWER, cut_in, words) == ["interruption_ignored"]


def test_an_answer_that_stops_for_the_user_is_well() -> None:
    cut_in = [said(6.0, 8.0, interrupts=True), (6.3, UserSpeechStarted("t2", None))]
    stops = [(6.7, VoiceStopped()), (9.0, AnswerStarted("r2")), (9.5, VoiceStarted("r2"))]
    assert names_in(HEALTHY, FIRST, ANSWER, cut_in, stops, ticking(12)) == []


def test_the_users_own_voice_coming_back_is_no_answer_that_goes_on() -> None:
    """No event tells of that voice, and it began while they spoke."""
    own = [said(2.0, 5.0), (2.02, VoiceStarted("heard-1")), (2.3, UserSpeechStarted("t1", None))]
    assert names_in(HEALTHY, own, (5.1, VoiceStopped()), ticking(6)) == []
    own[1] = (1.95, VoiceStarted("heard-1"))
    assert names_in(HEALTHY, own, (5.1, VoiceStopped()), ticking(6)) == []


def test_an_answer_that_only_ears_know_and_that_goes_on() -> None:
    heard = [(1.0, VoiceStarted("heard-1")), said(2.0, 5.0), (2.3, UserSpeechStarted("t1", None))]
    assert names_in(HEALTHY, heard, (5.1, VoiceStopped()), ticking(6)) == ["interruption_ignored"]


def test_the_setting_says_why() -> None:
    audio = {"input": {"turn_detection": {"interrupt_response": False}}}
    updated = received(0.5, {"type": "session.updated", "session": {"audio": audio}})
    cut_in = [said(6.0, 8.0), (6.3, UserSpeechStarted("t2", None))]
    (found,) = found_in(HEALTHY, updated, FIRST, ANSWER, cut_in, ticking(10))
    assert "interrupt_response is false" in found.cause


def test_speech_that_only_the_agent_can_have_made() -> None:
    heard = (5.5, UserSpeechStarted("t2", None))
    stops = (6.0, VoiceStopped())
    assert names_in(HEALTHY, FIRST, ANSWER, heard, stops) == ["agent_hears_itself"]
    cafe = NoiseMixedIn("cafe", 10.0, -26.0, -36.0, 0, 0.1, 0.0)
    assert names_in(HEALTHY, (0.5, cafe), FIRST, ANSWER, heard, stops) == []


def test_where_nobody_knows_what_the_user_said_it_may_be_the_user() -> None:
    assert names_in(HEALTHY, ANSWER, (5.5, UserSpeechStarted("t2", None))) == []


def test_an_item_that_is_cut_behind_what_anybody_can_have_heard() -> None:
    def cut(at_ms: int) -> At:
        truncate = {"type": "conversation.item.truncate", "item_id": "i", "content_index": 0}
        return sent(6.0, {**truncate, "audio_end_ms": at_ms})

    refused = {"code": "invalid_value", "param": "audio_end_ms", "message": "It is too long."}
    refusal = received(6.1, {"type": "error", "error": refused})
    assert names_in(HEALTHY, ANSWER, cut(9000)) == ["truncated_wrong"]
    assert names_in(HEALTHY, ANSWER, cut(9000), refusal) == ["truncated_wrong"]
    assert names_in(HEALTHY, ANSWER, cut(1400), refusal) == ["truncated_wrong"]
    assert names_in(HEALTHY, ANSWER, cut(1400)) == []


def test_the_users_own_voice() -> None:
    (found,) = found_in(HEALTHY, FIRST, (3.5, OwnVoiceHeard(2.2, 3.2, 0.2)))
    assert (found.name, found.at_s) == ("own_voice_played", 2.2)


def test_an_answer_into_a_pause_of_the_user() -> None:
    pause = [(2.0, UserSpeechStarted("t", None)), (3.0, UserSpeechStopped("t", None))]
    cut_off = (3.4, AnswerStarted("r1"))
    assert names_in(HEALTHY, said(2.0, 6.0), pause, cut_off) == ["user_cut_off"]
    assert names_in(HEALTHY, said(2.0, 3.2), pause, cut_off) == []
