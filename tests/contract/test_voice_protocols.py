"""Our own adapters run the contract of voice protocols, on messages as services send them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from harness.facts.dialogue import (
    AnswerAudioStarted,
    AnswerAudioStopped,
    AnswerEnded,
    AnswerStarted,
    AnswerText,
    DialogueFact,
    SessionReady,
    ToolCalled,
    UserSpeechStarted,
    UserSpeechStopped,
    UserTranscript,
    UserTurnCommitted,
)
from harness.protocols.by_ear import ByEar
from harness.protocols.interface import Channel, Message, VoiceProtocol
from harness.protocols.live import LiveProtocol
from harness.protocols.livekit import LiveKitProtocol
from harness.protocols.realtime import RealtimeProtocol
from harness.protocols.rtvi import RtviProtocol
from harness.testing.protocol_contract import ProtocolContract
from harness.testing.protocol_recordings import STRANGERS, Recording
from tests.protocols.test_live import MEANS, TALK
from tests.support.protobuf import message
from tests.support.rtvi import rtvi

SAID = "Yes, that would be great."
CALL = {"type": "function_call", "id": "f", "call_id": "c", "name": "book", "status": "completed"}
RESPONSE = {"id": "r", "status": "completed", "output": [], "conversation_id": "conv"}


def realtime(**event: Any) -> str:
    return json.dumps({"event_id": "e", **event})


REALTIME = [
    realtime(type="session.created", session={}),
    realtime(type="input_audio_buffer.speech_started", item_id="u", audio_start_ms=300),
    realtime(type="input_audio_buffer.speech_stopped", item_id="u", audio_end_ms=1_900),
    realtime(type="input_audio_buffer.committed", item_id="u"),
    realtime(
        type="conversation.item.input_audio_transcription.completed", item_id="u", transcript="Two."
    ),
    realtime(type="response.created", response=RESPONSE),
    realtime(type="response.output_audio_transcript.delta", response_id="r", delta=SAID),
    realtime(type="output_audio_buffer.started", response_id="r"),
    realtime(type="response.output_item.done", item={**CALL, "arguments": "{}"}),
    realtime(type="response.done", response=RESPONSE),
    realtime(type="output_audio_buffer.stopped", response_id="r"),
]
REALTIME_FACTS: list[DialogueFact] = [
    SessionReady(),
    UserSpeechStarted("u", 300),
    UserSpeechStopped("u", 1_900),
    UserTurnCommitted("u"),
    UserTranscript("u", "Two."),
    AnswerStarted("r"),
    AnswerText("r", SAID),
    AnswerAudioStarted("r"),
    ToolCalled("c", "book", "{}"),
    AnswerEnded("r", "completed", None, SAID),
    AnswerAudioStopped("r"),
]


class TestLive(ProtocolContract):
    @pytest.fixture
    def make_protocol(self) -> Callable[[], VoiceProtocol]:
        return LiveProtocol

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        return [Recording(TALK, MEANS)]


class TestRealtime(ProtocolContract):
    @pytest.fixture
    def make_protocol(self) -> Callable[[], VoiceProtocol]:
        return RealtimeProtocol

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        channels = [
            Channel("oai-events"),
            Channel("any-name"),
            Channel("wss://api.openai.com/v1/realtime", "web_socket", "realtime"),
        ]
        return [
            Recording([Message(channel, "received", text) for text in REALTIME], REALTIME_FACTS)
            for channel in channels
        ]


class TestRtvi(ProtocolContract):
    @pytest.fixture
    def make_protocol(self) -> Callable[[], VoiceProtocol]:
        return RtviProtocol

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        call = {"function_name": "book", "tool_call_id": "c", "arguments": {}}
        heard = {"text": "Two.", "user_id": "", "timestamp": "", "final": True}
        messages = [
            rtvi("client-ready", {"version": "1.0.0"}, "sent"),
            rtvi("bot-ready", {"version": "1.0.0"}),
            rtvi("user-started-speaking"),
            rtvi("user-transcription", heard),
            rtvi("user-stopped-speaking"),
            rtvi("bot-llm-started"),
            rtvi("bot-llm-text", {"text": SAID}),
            rtvi("llm-function-call-in-progress", call),
            rtvi("bot-llm-stopped"),
            rtvi("bot-llm-started"),
            rtvi("bot-started-speaking"),
            rtvi("bot-tts-text", {"text": SAID}),
            rtvi("bot-llm-stopped"),
            rtvi("bot-stopped-speaking"),
        ]
        facts: list[DialogueFact] = [
            SessionReady(),
            UserSpeechStarted("turn-1", None),
            UserTranscript("turn-1", "Two."),
            UserSpeechStopped("turn-1", None),
            UserTurnCommitted("turn-1"),
            AnswerStarted("answer-1"),
            AnswerText("answer-1", SAID),
            ToolCalled("c", "book", "{}"),
            AnswerEnded("answer-1", "completed", None, SAID),
            AnswerStarted("answer-2"),
            AnswerAudioStarted("answer-2"),
            AnswerText("answer-2", SAID),
            AnswerAudioStopped("answer-2"),
            AnswerEnded("answer-2", "completed", None, SAID),
        ]
        socket = Channel("ws://bot/", "web_socket")
        packed = [
            Message(socket, m.direction, None, message({4: message({1: m.text or ""})}))
            for m in messages
        ]
        return [Recording(messages, facts), Recording(packed, facts)]


class TestLiveKit(ProtocolContract):
    @pytest.fixture
    def make_protocol(self) -> Callable[[], VoiceProtocol]:
        return LiveKitProtocol

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        def stream(who: str, segment: str, text: str) -> list[bytes]:
            final = message({1: "lk.transcription_final", 2: "true"})
            attributes = [message({1: "lk.segment_id", 2: segment}), final]
            header = message({1: segment, 3: "lk.transcription", 8: attributes})
            chunk, trailer = message({1: segment, 3: text}), message({1: segment})
            return [message({4: who, 13: header}), message({14: chunk}), message({15: trailer})]

        packets = [*stream("kim", "u", "Two."), *stream("agent-1", "a", SAID)]
        facts: list[DialogueFact] = [
            UserTranscript("u", "Two."),
            AnswerStarted("a"),
            AnswerText("a", SAID),
            AnswerEnded("a", "completed", None, SAID),
        ]
        reliable = Channel("_reliable")
        return [Recording([Message(reliable, "received", None, p) for p in packets], facts)]


def test_no_adapter_takes_the_messages_of_another_for_its_own() -> None:
    realtime_said = [Message(Channel("x"), "received", text) for text in REALTIME]
    for text in realtime_said:
        assert not RtviProtocol().knows(text)
        assert not LiveKitProtocol().knows(text)
    for kind in ("bot-ready", "user-transcription", "error", "client-ready"):
        assert not RealtimeProtocol().knows(rtvi(kind))
    assert not any(ByEar().knows(each) for each in STRANGERS)
