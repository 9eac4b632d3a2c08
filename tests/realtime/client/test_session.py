from __future__ import annotations

from typing import Any

import pytest

from harness.errors import SessionClosed, SessionStateError, ToolSignatureError
from harness.realtime.client.outputs import SetMicrophone, SetVolume
from harness.realtime.client.session import RealtimeSession
from tests.support.client_driver import ClientDriver, JoinedDriver, user_message
from tests.support.session_driver import SessionDriver


def hour() -> str:
    """What time it is."""
    return "noon"


RULES: list[dict[str, Any]] = [
    {"when": {"tool": "hour"}, "say": "it is noon"},
    {"when": {"words": ["time"]}, "call": {"name": "hour", "arguments": {}}},
    {"say": "hello to you too my dear friend"},
]


def joined(*tools: Any, **settings: Any) -> JoinedDriver:
    return JoinedDriver(SessionDriver(RULES), *tools, **settings).connect()


# --- a call with the real server's session ---


def test_a_written_question_is_answered_by_way_of_a_tool() -> None:
    call = joined(hour)
    call.do(call.session.send_text, "what time is it")
    call.do(call.session.respond)
    call.run_until_over()
    assert [data["text"] for data in call.news("answer_over")] == ["", "it is noon"]
    assert not call.errors()
    kinds = [item["type"] for item in call.session.snapshot().items]
    assert kinds == ["message", "function_call", "function_call_output", "message"]
    assert call.news("opened")[0]["session_id"].startswith("sess_")


def test_a_spoken_turn_is_followed_to_the_end_of_its_sound() -> None:
    call = joined(turn_detection={"type": "server_vad"})
    call.run(1.0, speak=True)
    call.run(0.8)
    call.run_until_over()
    told = [event.type for event in call.told]
    order = [
        "opened",
        "user_speech_started",
        "user_speech_stopped",
        "answer_started",
        "audio_started",
        "audio_ended",
        "answer_over",
    ]
    assert [kind for kind in told if kind in order] == order
    assert call.news("user_transcript")
    assert not call.errors()


def test_an_interruption_by_voice_cuts_the_answer_and_its_words() -> None:
    call = joined(turn_detection={"type": "server_vad"})
    call.do(call.session.respond)
    call.run(1.0)
    call.run(0.6, speak=True)
    assert call.news("audio_ended")[0]["how"] == "cleared"
    call.run_until_over()
    first = call.session.history().items[0]
    heard = first["content"][0]["text"]
    assert heard
    assert "hello to you too my dear friend".startswith(heard)
    assert heard != "hello to you too my dear friend"


def test_an_interruption_by_command_cuts_it_too() -> None:
    call = joined()
    call.do(call.session.respond)
    call.run(1.0)
    call.do(call.session.interrupt)
    call.run_until_over()
    assert call.news("audio_ended")[0]["how"] == "cleared"
    assert not call.errors()


def test_a_turn_by_hand() -> None:
    call = joined(turn_detection=None)
    call.run(1.0, speak=True)
    call.do(call.session.commit)
    call.do(call.session.respond)
    call.run_until_over()
    assert not call.news("user_speech_started")
    assert call.news("answer_over")[0]["text"].startswith("hello")


def test_an_answer_outside_leaves_the_conversation_alone() -> None:
    call = joined()
    request = {"output_modalities": ["text"], "metadata": {"topic": "x"}}
    call.do(call.session.respond_outside, request)
    call.run_until_over()
    assert call.news("answer_over")[0]["is_outside"]
    assert call.session.snapshot().items == ()


def test_what_the_server_refuses_reaches_who_waits() -> None:
    call = joined()
    event_id = call.do(call.session.truncate, "nowhere", 100)
    error = call.answers[event_id].error
    assert error is not None
    assert error.code == "item_not_found"


def test_client_and_server_agree_on_the_conversation() -> None:
    call = joined(hour, turn_detection={"type": "server_vad"})
    call.do(call.session.send_text, "what time is it")
    call.do(call.session.respond)
    call.run_until_over()
    call.run(1.0, speak=True)
    call.run(1.0)
    call.run(0.5, speak=True)
    call.run_until_over()
    call.do(call.session.delete_item, call.item_ids()[0])
    assert list(call.session.snapshot().items) == call.server.session.items


def test_a_seeded_session_repeats_itself() -> None:
    def run() -> list[dict[str, Any]]:
        call = joined(hour)
        call.do(call.session.send_text, "what time is it")
        call.do(call.session.respond)
        call.run_until_over()
        return call.sent

    assert run() == run()


# --- the calling rule ---


def test_opening_an_open_session_is_a_named_error() -> None:
    call = ClientDriver().open()
    with pytest.raises(SessionStateError):
        call.session.open(1.0)
    call.session.close("enough", 1.0)
    with pytest.raises(SessionClosed):
        call.session.open(2.0)


def test_closing_before_opening_and_closing_again_are_fine() -> None:
    call = ClientDriver()
    call.do(call.session.close, "changed my mind", 0.0)
    call.do(call.session.close, "again", 0.0)
    assert call.news("closed") == [{"reason": "changed my mind"}]
    assert call.sent == []


def test_losing_what_is_not_open_does_nothing() -> None:
    call = ClientDriver()
    call.do(call.session.lose, "network", 0.0)
    call.open()
    call.do(call.session.lose, "network", 0.0)
    call.do(call.session.lose, "network", 0.0)
    assert len(call.news("lost")) == 1


def test_who_waits_when_the_connection_goes_gets_an_error() -> None:
    call = ClientDriver().open()
    event_id = call.do(call.session.commit)
    call.do(call.session.lose, "network", 0.0)
    assert type(call.answers[event_id].error).__name__ == "SessionLost"


def test_commands_while_the_connection_is_lost_wait_for_the_next() -> None:
    call = ClientDriver().open()
    call.do(call.session.lose, "network", 0.0)
    call.sent.clear()
    event_id = call.do(call.session.send_text, "still here")
    assert call.sent == []
    call.open()
    call.accept_items()
    assert call.answers[event_id].error is None


def test_an_answer_under_way_ends_with_the_connection() -> None:
    call = ClientDriver().open()
    call.answer()
    call.receive("output_audio_buffer.started", response_id="resp_1")
    call.do(call.session.lose, "network", 0.0)
    assert call.news("audio_ended")[0]["how"] == "lost"
    assert call.news("answer_over")[0]["status"] == "lost"


def test_events_after_the_end_are_nothing() -> None:
    call = ClientDriver().open()
    call.add(user_message("a"))
    call.do(call.session.close, "enough", 0.0)
    call.told.clear()
    call.add(user_message("b"), "a")
    call.do(call.session.peer_state_changed, "closed", 0.0)
    call.wait(1000.0)
    assert call.told == []
    assert call.item_ids() == ["a"]
    assert len(call.session.history()) == 1


def test_events_while_there_is_no_channel_are_told_of_and_not_applied() -> None:
    call = ClientDriver()
    call.add(user_message("a"))
    assert call.errors() == ["EventOutOfOrder"] * 2
    assert call.item_ids() == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"type": "session.cre',
        "[]",
        "null",
        "{}",
        '{"type": 3}',
        '{"type": "x", "value": NaN}',
        "[" * 100_000,
    ],
)
def test_messages_that_cannot_be_read_are_kept_told_of_and_survived(text: str) -> None:
    call = ClientDriver().open()
    call.do(call.session.receive_event, text, 0.0)
    [told] = call.news("error")
    assert (told["kind"], told["received"]) == ("MalformedEvent", text)
    assert call.session.snapshot().events_malformed == 1
    call.do(call.session.receive_event, '{"type": "rate_limits.updated", "rate_limits": []}', 0.0)
    assert call.news("rate_limits")


@pytest.mark.parametrize("event", [{}, {"type": None}, 3, None, []])
def test_objects_that_are_no_events_are_survived_too(event: Any) -> None:
    call = ClientDriver().open()
    call.do(call.session.receive_event, event, 0.0)
    assert call.errors() == ["MalformedEvent"]


def test_a_clock_that_jumps_harms_nothing() -> None:
    call = ClientDriver().open()
    call.answer()
    for now_s in (float("nan"), -1e9, 0.0, float("inf")):
        call.do(call.session.advance, now_s)
    assert not call.errors()
    call.do(call.session.advance, 1e9)
    assert call.errors() == ["AnswerLost"]
    call.now_s = 5.0
    call.answer("resp_2")
    call.done("resp_2")
    assert len(call.news("answer_over")) == 2


def test_nothing_is_waited_for_when_nothing_is_under_way() -> None:
    call = ClientDriver()
    assert call.session.wake_at_s() is None
    call.open()
    assert call.session.wake_at_s() is None
    call.session.close("enough", 0.0)
    assert call.session.wake_at_s() is None


def test_clicks_and_states_are_told_with_their_time() -> None:
    call = ClientDriver().open()
    call.do(call.session.microphone_clicked, False, 1.0)
    call.do(call.session.close_clicked, 2.0)
    call.do(call.session.peer_state_changed, "connected", 3.0)
    call.do(call.session.channel_state_changed, "oai-events", "open", 4.0)
    told = [(event.type, event.t_s) for event in call.told[-4:]]
    assert told == [
        ("microphone_clicked", 1.0),
        ("close_clicked", 2.0),
        ("peer_state", 3.0),
        ("data_channel", 4.0),
    ]
    assert not call.session.snapshot().is_microphone_on


def test_a_new_connection_gets_microphone_and_volume_as_they_were() -> None:
    call = ClientDriver(volume=0.5)
    call.session.set_microphone(False)
    call.drain()
    call.others.clear()
    call.open()
    assert call.others == [SetMicrophone(False), SetVolume(0.5)]


def test_tools_that_cannot_be_are_refused_at_once() -> None:
    with pytest.raises(ToolSignatureError):
        RealtimeSession(tools=[hour, hour])
