from __future__ import annotations

import pytest

from tests.support.client_driver import ClientDriver, spoken_message


@pytest.fixture
def call() -> ClientDriver:
    return ClientDriver().open()


def speak(call: ClientDriver, text: str = "hello") -> None:
    where = {"response_id": "resp_1", "item_id": "a"}
    call.receive("response.output_audio_transcript.delta", **where, delta=text)


def play(call: ClientDriver, what: str) -> None:
    call.receive(f"output_audio_buffer.{what}", response_id="resp_1")


def test_an_answer_is_over_when_it_is_done_and_played(call: ClientDriver) -> None:
    call.answer()
    speak(call)
    play(call, "started")
    call.done("resp_1", spoken_message("a", "Hello."))
    assert not call.news("answer_over")
    assert not call.session.snapshot().is_turn_over
    play(call, "stopped")
    [over] = call.news("answer_over")
    assert (over["status"], over["text"]) == ("completed", "Hello.")
    assert call.session.snapshot().is_turn_over


def test_a_cut_answer_is_over_when_its_playback_was_cleared(call: ClientDriver) -> None:
    call.answer()
    speak(call)
    play(call, "started")
    details = {"type": "cancelled", "reason": "turn_detected"}
    call.done(status="cancelled", status_details=details)
    play(call, "cleared")
    assert call.news("audio_ended") == [{"response_id": "resp_1", "how": "cleared"}]
    [over] = call.news("answer_over")
    assert (over["status"], over["reason"], over["text"]) == ("cancelled", "turn_detected", "hello")


def test_playback_may_end_before_the_answer_is_done(call: ClientDriver) -> None:
    call.answer()
    speak(call)
    play(call, "started")
    play(call, "stopped")
    assert not call.news("answer_over")
    call.done()
    assert len(call.news("answer_over")) == 1


def test_a_written_answer_is_over_at_once(call: ClientDriver) -> None:
    call.answer()
    where = {"response_id": "resp_1", "item_id": "a"}
    call.receive("response.output_text.delta", **where, delta="hello")
    call.done()
    assert len(call.news("answer_over")) == 1
    assert call.news("answer_text") == [{**where, "delta": "hello"}]


def test_playback_that_begins_after_the_end_is_waited_for(call: ClientDriver) -> None:
    call.answer()
    speak(call)
    call.done()
    call.wait(1.0)
    assert not call.news("answer_over")
    play(call, "started")
    call.wait(10.0)
    play(call, "stopped")
    assert len(call.news("answer_over")) == 1


def test_playback_that_never_begins_is_not_waited_for_long(call: ClientDriver) -> None:
    call.answer()
    speak(call)
    call.done()
    call.wait(call.session.core.limits.playback_begins_s)
    assert len(call.news("answer_over")) == 1


def test_playback_that_never_ends_is_given_up(call: ClientDriver) -> None:
    call.answer()
    speak(call)
    play(call, "started")
    call.done()
    call.wait(call.session.core.limits.playback_ends_s)
    assert call.news("audio_ended")[0]["how"] == "unknown"
    assert len(call.news("answer_over")) == 1


def test_sound_that_came_as_events_is_nobody_s_to_wait_for(call: ClientDriver) -> None:
    call.answer()
    speak(call)
    where = {"response_id": "resp_1", "item_id": "a"}
    call.receive("response.output_audio.delta", **where, delta="AAAA")
    call.done()
    assert len(call.news("answer_over")) == 1


def test_an_answer_without_an_end_is_given_up_by_name(call: ClientDriver) -> None:
    call.answer()
    limit_s = call.session.core.limits.silent_answer_s
    call.wait(limit_s - 1)
    speak(call)
    call.wait(limit_s - 1)
    assert not call.errors(), "it was heard of again"
    call.wait(1)
    assert call.errors() == ["AnswerLost"]
    assert call.news("answer_over")[0]["status"] == "lost"
    assert call.session.snapshot().active_response_id is None


def test_an_end_that_comes_late_does_not_end_it_twice(call: ClientDriver) -> None:
    call.answer()
    call.wait(100)
    call.done()
    assert len(call.news("answer_over")) == 1
    assert call.errors() == ["AnswerLost", "EventOutOfOrder"]


@pytest.mark.parametrize("status", ["incomplete", "failed", "cancelled", "improved"])
def test_every_kind_of_end_is_an_end(call: ClientDriver, status: str) -> None:
    call.answer()
    error = {"type": "server_error", "message": "no"}
    call.done(status=status, status_details={"type": status, "error": error})
    [over] = call.news("answer_over")
    assert (over["status"], over["reason"]) == (status, "no")


def test_an_answer_outside_does_not_stand_in_the_way(call: ClientDriver) -> None:
    call.answer("resp_out", conversation_id=None)
    assert call.session.snapshot().active_response_id is None
    assert call.news("answer_started")[0]["is_outside"]
    call.do(call.session.respond)
    assert call.count("response.create") == 1


@pytest.mark.parametrize("what", ["started", "stopped", "cleared"])
def test_playback_of_an_unknown_answer_is_out_of_order(call: ClientDriver, what: str) -> None:
    play(call, what)
    assert call.errors() == ["EventOutOfOrder"]
    assert not call.news("audio_started")


def test_deltas_ends_and_begins_out_of_order_are_told_of_and_survived(call: ClientDriver) -> None:
    speak(call)
    call.done()
    assert call.errors() == ["EventOutOfOrder"] * 2
    assert len(call.news("answer_over")) == 1
    call.answer("resp_2")
    call.answer("resp_2")
    call.answer("resp_3")
    assert call.errors() == ["EventOutOfOrder"] * 4
    assert call.session.snapshot().active_response_id == "resp_3"


def test_old_answers_are_forgotten(call: ClientDriver) -> None:
    for number in range(300):
        call.answer(f"resp_{number}")
        call.done(f"resp_{number}")
    assert call.session.answers.get("resp_0") is None
    assert call.session.answers.get("resp_299") is not None
