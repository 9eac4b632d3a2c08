"""RTVI messages, in words of no protocol."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.facts.dialogue import (
    AnswerEnded,
    Problem,
    SessionReady,
    ToolCalled,
    UserSpeechStarted,
    UserSpeechStopped,
    UserTranscript,
    UserTurnCommitted,
)
from harness.protocols.interface import Channel, Message
from harness.protocols.rtvi import RtviProtocol
from harness.testing.protocol_recordings import misfits
from tests.support.protobuf import message
from tests.support.rtvi import CHAT, facts_of, rtvi


def transcription(text: str, final: bool = True) -> Message:
    data = {"text": text, "user_id": "kim", "timestamp": "2026-01-01T00:00:00", "final": final}
    return rtvi("user-transcription", data)


def test_it_is_known_by_the_label_in_its_messages_alone() -> None:
    protocol = RtviProtocol()
    assert protocol.knows(rtvi("client-ready", {"version": "1.0.0"}, "sent"))
    for text in ('{"type": "bot-ready"}', '{"label": "mine"}', '["rtvi-ai"]', "ping", ""):
        assert not protocol.knows(Message(CHAT, "received", text))
    assert not protocol.knows_channel(CHAT)


def test_a_message_in_one_of_pipecat_s_frames_is_the_same_message() -> None:
    text = str(rtvi("bot-ready", {"version": "1.0.0"}).text)
    socket = Channel("ws://bot/", "web_socket")
    packed = Message(socket, "received", None, message({4: message({1: text})}))
    assert RtviProtocol().knows(packed)
    assert facts_of([packed]) == [SessionReady()]
    assert RtviProtocol().event_of(packed) == ("bot-ready", json.loads(text))
    audio = Message(socket, "received", None, message({2: message({3: b"\0" * 640})}))
    assert not RtviProtocol().knows(audio)


def test_a_turn_of_the_user_has_all_its_words_whenever_they_come() -> None:
    told = facts_of(
        [
            rtvi("user-started-speaking"),
            transcription("A table", final=False),
            transcription("A table for two"),
            rtvi("user-stopped-speaking"),
            transcription("at seven."),
        ]
    )
    assert told == [
        UserSpeechStarted("turn-1", None),
        UserTranscript("turn-1", "A table for two"),
        UserSpeechStopped("turn-1", None),
        UserTurnCommitted("turn-1"),
        UserTranscript("turn-1", "A table for two at seven."),
    ]


def user_input(text: str, of: str = "transcription", final: bool = True) -> Message:
    data = {"text": text, "input_type": of, "timestamp": "2026-01-01T00:00:00", "final": final}
    return rtvi("user-input", data)


def raw(text: str) -> Message:
    data = {"text": text, "user_id": "", "timestamp": "2026-01-01T00:00:00", "final": True}
    return rtvi("stt-raw-text", data)


@pytest.mark.parametrize(
    "told",
    [
        [user_input("Two.", final=False), user_input("Two."), transcription("Two.")],
        [user_input("Two."), raw("Two."), transcription("Two.")],
        [user_input("Two.")],
        [raw("Two.")],
    ],
)
def test_words_that_a_bot_tells_in_several_messages_were_said_once(told: list[Message]) -> None:
    spoken = [rtvi("user-started-speaking"), *told, rtvi("user-stopped-speaking")]
    words = [fact for fact in facts_of(spoken) if isinstance(fact, UserTranscript)]
    assert words == [UserTranscript("turn-1", "Two.")]


def test_what_was_written_was_not_said_and_a_word_aside_takes_no_turn() -> None:
    told = facts_of(
        [
            rtvi("user-started-speaking"),
            user_input("Two."),
            user_input("I am Kim.", of="chat"),
            user_input("Mhm.", of="backchannel"),
            user_input("At seven."),
        ]
    )
    assert told[1:] == [
        UserTranscript("turn-1", "Two."),
        UserTranscript("aside-1", "Mhm."),
        UserTranscript("turn-1", "Two. At seven."),
    ]


def test_a_bot_that_tells_no_turns_tells_each_piece_alone() -> None:
    told = facts_of([transcription("one"), transcription("two")])
    assert told == [UserTranscript("turn-1", "one"), UserTranscript("turn-2", "two")]


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("llm-function-call", "args"), ("llm-function-call-in-progress", "arguments")],
)
def test_a_tool_call_is_told_once_and_its_result_goes_back(kind: str, arguments: str) -> None:
    protocol = RtviProtocol()
    data = {"function_name": "book", "tool_call_id": "c1", arguments: {"persons": 2}}
    told = facts_of([rtvi(kind, data), rtvi(kind, data)], protocol)
    assert told == [ToolCalled("c1", "book", '{"persons": 2}')]
    [result] = protocol.tool_result("c1", '{"table": 7}')
    assert (result["label"], result["type"]) == ("rtvi-ai", "llm-function-call-result")
    assert result["data"] == {
        "function_name": "book",
        "tool_call_id": "c1",
        "arguments": {"persons": 2},
        "result": {"table": 7},
    }
    assert protocol.tool_result("c1", "done")[0]["data"]["result"] == "done"


def test_what_a_bot_keeps_to_itself_of_a_tool_call_is_empty() -> None:
    kind = "llm-function-call-in-progress"
    named = {"tool_call_id": "b", "function_name": "book"}
    told = facts_of([rtvi(kind, {"tool_call_id": "a"}), rtvi(kind, named)])
    assert told == [ToolCalled("a", "", ""), ToolCalled("b", "book", "")]


def test_errors_are_problems() -> None:
    told = facts_of(
        [
            rtvi("error", {"error": "no voice", "fatal": True}),
            rtvi("error-response", {"error": "unknown action"}),
            rtvi("error"),
        ]
    )
    assert told == [
        Problem("fatal", "no voice"),
        Problem(None, "unknown action"),
        Problem(None, "an error without a word"),
    ]


def test_what_lacks_what_it_must_have_is_a_problem_by_name() -> None:
    [problem] = facts_of([rtvi("llm-function-call", {"function_name": "book"})])
    assert isinstance(problem, Problem)
    assert "llm-function-call that lacks" in problem.message


def test_what_the_page_sends_means_nothing_but_may_ask_for_an_answer() -> None:
    protocol = RtviProtocol()
    assert facts_of([rtvi("bot-ready", {}, "sent")], protocol) == []
    assert protocol.asks_for_answer({"type": "send-text", "data": {"content": "hello"}})
    later = {"content": "hello", "options": {"run_immediately": False}}
    assert not protocol.asks_for_answer({"type": "send-text", "data": later})
    assert not protocol.asks_for_answer({"type": "client-ready"})


def test_a_written_message_is_sent_as_the_page_would_and_asks_for_an_answer() -> None:
    protocol = RtviProtocol()
    [first], [second] = protocol.typed("For Kim."), protocol.typed("At seven.")
    assert (first["label"], first["type"]) == ("rtvi-ai", "send-text")
    assert first["data"]["content"] == "For Kim."
    assert protocol.asks_for_answer(first)
    assert first["id"] != second["id"]


def test_events_are_those_with_the_label() -> None:
    protocol = RtviProtocol()
    event = protocol.event_of(rtvi("metrics", {"ttfb": []}))
    assert event is not None
    assert event[0] == "metrics"
    assert protocol.event_of(Message(CHAT, "sent", "ping: 1")) is None
    untyped = Message(CHAT, "sent", '{"label": "rtvi-ai"}')
    assert protocol.event_of(untyped) == ("message.untyped", {"label": "rtvi-ai"})


KINDS = [
    "bot-ready", "user-started-speaking", "user-stopped-speaking", "user-transcription",
    "bot-llm-started", "bot-llm-stopped", "bot-tts-started", "bot-tts-stopped", "bot-tts-text",
    "bot-started-speaking", "bot-stopped-speaking", "bot-interrupted", "bot-output",
    "bot-transcription", "bot-llm-text", "llm-function-call", "error", "server-message", "x",
    "user-input", "stt-raw-text", "tts-raw-text", "llm-raw-text",
]  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.text(max_size=5),
    st.integers(),
    st.booleans(),
    st.lists(st.integers(), max_size=2),
)
NAMES = [
    "text",
    "final",
    "tool_call_id",
    "function_name",
    "args",
    "spoken",
    "spoken_status",
    "error",
]
DATA = st.one_of(VALUES, st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))


@given(st.lists(st.tuples(st.sampled_from(KINDS), DATA), max_size=30))
def test_any_sequence_is_read_and_its_answers_fit_together(said: list[tuple[str, Any]]) -> None:
    """Nothing is raised; an answer is begun once and ended at most once, in that order."""
    begun: list[str] = []
    ended: list[str] = []
    for fact in facts_of([rtvi(kind, data) for kind, data in said]):
        answer_id = getattr(fact, "answer_id", None)
        if fact.type == "answer.started":
            assert begun == ended, "one at a time"
            begun.append(str(answer_id))
        elif fact.type == "answer.ended":
            ended.append(str(answer_id))
        elif answer_id is not None:
            assert answer_id == begun[-1]
            assert answer_id not in ended
    assert len(set(begun)) == len(begun)
    assert begun[: len(ended)] == ended


RECORDED = Path(__file__).parent / "recordings" / "pipecat-1.14.jsonl"
"""What went over the data channel of a call with Pipecat 1.14 (SmallWebRTC, its RTVI as it comes,
function calls told in full, a voice that tells its words): a tool, an interruption, a written
message."""

GOES_IN_2_0 = {"bot-llm-text", "bot-tts-text", "bot-transcription", "user-transcription"}


@pytest.mark.parametrize("left_out", [set[str](), GOES_IN_2_0])
def test_a_call_with_pipecat_is_understood_also_without_what_pipecat_will_leave_out(
    left_out: set[str],
) -> None:
    lines = [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]
    told = facts_of(
        [
            Message(CHAT, direction, json.dumps(content))
            for direction, content in lines
            if content["type"] not in left_out
        ]
    )
    assert misfits(told) == []
    assert [fact.text for fact in told if isinstance(fact, UserTranscript)] == [
        "Two places on the morning ferry, please.",
        "Which pier does it leave from?",
        "Stop, I have to take a call.",
    ]
    assert [fact for fact in told if isinstance(fact, ToolCalled)] == [
        ToolCalled("call-1", "book_ferry", '{"persons": 2}')
    ]
    assert [(fact.status, fact.text) for fact in told if isinstance(fact, AnswerEnded)] == [
        ("completed", ""),
        ("completed", "I have two places for you. The boat leaves at nine."),
        ("cancelled", "It leaves from the northern pier. Please be there a quarter of an"),
        ("completed", "Of course, I will wait."),
        ("completed", "Have a pleasant journey."),
    ]
