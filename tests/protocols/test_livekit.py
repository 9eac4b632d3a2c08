"""LiveKit's packets: what was said, and by whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.facts.dialogue import (
    AnswerEnded,
    AnswerStarted,
    AnswerText,
    DialogueFact,
    UserTranscript,
)
from harness.protocols.interface import Channel, Message
from harness.protocols.livekit import LiveKitProtocol
from tests.support.protobuf import message

RELIABLE = Channel("_reliable")
SIGNAL = Channel("wss://room.example/rtc", "web_socket")

# As the package livekit-protocol 1.1.29 writes them.
HEADER = bytes.fromhex(
    "22036b696d6a81010a0453545f3110011a106c6b2e7472616e736372697074696f6e220a746578742f706c61696e"
    "421e0a166c6b2e7472616e736372697074696f6e5f66696e616c12047472756542160a0d6c6b2e7365676d656e74"
    "5f6964120553475f7531421f0a176c6b2e7472616e736372696265645f747261636b5f6964120454525f784a00"
)
CHUNK = bytes.fromhex("22036b696d72180a0453545f311a1041207461626c6520666f722074776f2e")
TRAILER = bytes.fromhex("22036b696d7a060a0453545f31")
TRANSCRIPTION = bytes.fromhex(
    "3a2f120a6167656e742d414a5f311a0454525f61221b0a0553475f6131120a466f7220736576656e3f1805280132"
    "02656e"
)
JOINED = bytes.fromhex(
    "0a260a0d0a04524d5f3112057461626c6512100a0450415f3112036b696d4a034b696d2203312e38"
)


def read(
    packets: list[bytes], protocol: LiveKitProtocol | None = None, channel: Channel = RELIABLE
) -> list[DialogueFact]:
    protocol = protocol or LiveKitProtocol()
    messages = [Message(channel, "received", None, packet) for packet in packets]
    return [fact for each in messages for fact in protocol.read(each)]


def header(who: str, stream: str, segment: str = "", final: str = "false") -> bytes:
    pairs = {"lk.segment_id": segment, "lk.transcription_final": final}
    attributes = [message({1: key, 2: value}) for key, value in pairs.items() if value]
    return message({4: who, 13: message({1: stream, 3: "lk.transcription", 8: attributes})})


def chunk(stream: str, text: str) -> bytes:
    return message({14: message({1: stream, 3: text})})


def trailer(stream: str) -> bytes:
    return message({15: message({1: stream})})


@pytest.mark.parametrize(
    ("channel", "known"),
    [
        (RELIABLE, True),
        (Channel("_lossy"), True),
        (SIGNAL, True),
        (Channel("wss://room.example/rtc/v1", "web_socket"), True),
        (Channel("wss://room.example/rtcx", "web_socket"), False),
        (Channel("reliable"), False),
    ],
)
def test_a_room_is_known_by_its_channels(channel: Channel, known: bool) -> None:
    assert LiveKitProtocol().knows_channel(channel) is known
    assert not LiveKitProtocol.socket_is_call, "its sound is WebRTC"


def test_recorded_packets_tell_who_said_what() -> None:
    assert read([HEADER, CHUNK, TRAILER]) == [UserTranscript("SG_u1", "A table for two.")]
    assert read([TRANSCRIPTION]) == [
        AnswerStarted("SG_a1"),
        AnswerText("SG_a1", "For seven?"),
        AnswerEnded("SG_a1", "completed", None, "For seven?"),
    ]


def test_an_agent_with_a_name_of_its_own_is_told_from_the_page_by_who_joined() -> None:
    packets = [header("waiter", "s", "SG", "true"), chunk("s", "For seven?"), trailer("s")]
    assert read(packets) == [UserTranscript("SG", "For seven?")], "nobody said who is who"
    protocol = LiveKitProtocol()
    assert read([JOINED], protocol, SIGNAL) == []
    assert [fact.type for fact in read(packets, protocol)][-1] == "answer.ended"
    assert read([HEADER, CHUNK, TRAILER], protocol) == [UserTranscript("SG_u1", "A table for two.")]


def test_what_an_agent_says_grows_word_by_word_and_is_told_once() -> None:
    packets = [
        header("agent-1", "s", "SG"),
        chunk("s", "For "),
        chunk("s", "seven?"),
        message({7: message({2: "agent-1", 4: [message({1: "SG", 2: "For seven?"})]})}),
        trailer("s"),
        message({7: message({2: "agent-1", 4: [message({1: "SG", 2: "For seven?", 5: 1})]})}),
    ]
    assert read(packets) == [
        AnswerStarted("SG"),
        AnswerText("SG", "For "),
        AnswerText("SG", "seven?"),
        AnswerEnded("SG", "completed", None, "For seven?"),
    ]


def test_a_user_s_words_are_told_when_they_are_final() -> None:
    packets = []
    for stream, text, final in (("1", "A table", "false"), ("2", "A table for two", "true")):
        packets += [header("kim", stream, "SG", final), chunk(stream, text), trailer(stream)]
    assert read(packets) == [UserTranscript("SG", "A table for two")]


def test_other_packets_and_other_topics_mean_nothing() -> None:
    chat = message({4: "kim", 13: message({1: "s", 3: "lk.chat"})})
    user = message({2: message({2: b"score"})})
    assert read([chat, chunk("s", "hello"), trailer("s"), user, b"\xff\xff"]) == []
    sent = Message(RELIABLE, "sent", None, TRANSCRIPTION)
    assert LiveKitProtocol().read(sent) == []


def test_events_are_the_texts_with_their_speaker() -> None:
    protocol = LiveKitProtocol()

    def event(data: bytes, channel: Channel = RELIABLE) -> object:
        return protocol.event_of(Message(channel, "received", None, data))

    assert event(CHUNK) == ("livekit.text", {"participant": "kim", "text": "A table for two."})
    told = {"participant": "agent-AJ_1", "texts": ["For seven?"]}
    assert event(TRANSCRIPTION) == ("livekit.transcription", told)
    assert event(TRAILER) is None
    assert event(JOINED, SIGNAL) is None


PIECES = st.sampled_from(
    [
        HEADER,
        CHUNK,
        TRAILER,
        TRANSCRIPTION,
        header("agent-1", "s", "SG"),
        chunk("s", "a"),
        trailer("s"),
    ]
)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=60)), max_size=20))
def test_any_sequence_is_read_and_each_segment_is_over_once(packets: list[bytes]) -> None:
    told = read(packets)
    for kind in ("answer.started", "answer.ended", "user.transcript"):
        ids = [
            getattr(f, "answer_id", None) or getattr(f, "turn_id", None)
            for f in told
            if f.type == kind
        ]
        assert len(set(ids)) == len(ids)
