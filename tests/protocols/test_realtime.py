"""What the Realtime protocol says, in words of no protocol."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.facts.dialogue import AnswerAudioCleared, AnswerEnded, AnswerTruncated, DialogueFact
from harness.protocols.interface import Channel, Direction, Message
from harness.protocols.realtime import RealtimeProtocol

EVENTS = Channel("oai-events")
SOCKET = Channel("wss://api.openai.com/v1/realtime", "web_socket", "realtime")


def read(
    protocol: RealtimeProtocol,
    event: dict[str, Any],
    channel: Channel = EVENTS,
    direction: Direction = "received",
) -> list[DialogueFact]:
    return list(protocol.read(Message(channel, direction, json.dumps(event))))


@pytest.mark.parametrize(
    ("channel", "known"),
    [
        (EVENTS, True),
        (Channel("realtime-channel"), False),
        (SOCKET, True),
        (Channel("ws://127.0.0.1:8080/v1/realtime", "web_socket"), True),
        (Channel("wss://proxy.example/talk", "web_socket", "realtime"), True),
        (Channel("wss://proxy.example/talk", "web_socket"), False),
        (Channel("oai-events", "web_socket"), False),
        (Channel("http://[", "web_socket"), False),
    ],
)
def test_a_channel_is_known_by_its_name(channel: Channel, known: bool) -> None:
    assert RealtimeProtocol().knows_channel(channel) is known


def test_a_message_is_known_by_what_only_one_side_says() -> None:
    protocol, channel = RealtimeProtocol(), Channel("anything")
    created, update = '{"type": "session.created"}', '{"type": "session.update"}'
    assert protocol.knows(Message(channel, "received", created))
    assert not protocol.knows(Message(channel, "sent", created))
    assert protocol.knows(Message(channel, "sent", update))
    assert not protocol.knows(Message(channel, "received", update))
    assert not protocol.knows(Message(channel, "received", None, b"session.created"))


def test_an_answer_s_end_is_told_with_its_status() -> None:
    protocol = RealtimeProtocol()
    response = {"id": "r", "status": "cancelled", "output": [], "conversation_id": "c"}
    read(protocol, {"type": "response.created", "response": response})
    told = read(protocol, {"type": "response.done", "response": response})
    assert told == [AnswerEnded("r", "cancelled", None, "")]


def test_an_answer_that_the_page_itself_plays_is_cut_where_the_page_truncates_it() -> None:
    truncated = {"type": "conversation.item.truncated", "item_id": "i", "audio_end_ms": 700}
    delta = {"type": "response.output_audio.delta", "response_id": "r", "item_id": "i"}
    over_socket = RealtimeProtocol()
    assert read(over_socket, {**delta, "delta": "…"}, SOCKET) == []
    told = read(over_socket, truncated, SOCKET)
    assert told == [AnswerTruncated("i", 700), AnswerAudioCleared("r")]
    # Where the server plays, it says itself what was cleared.
    assert read(RealtimeProtocol(), truncated) == [AnswerTruncated("i", 700)]


def test_bytes_mean_nothing() -> None:
    assert RealtimeProtocol().read(Message(SOCKET, "received", None, b"x")) == []


def test_a_turn_is_ended_and_a_tool_answered_by_two_events_each() -> None:
    protocol = RealtimeProtocol()
    assert [e["type"] for e in protocol.end_turn()] == [
        "input_audio_buffer.commit",
        "response.create",
    ]
    item, follow_up = protocol.tool_result("call_1", "done")
    assert item["item"] == {"type": "function_call_output", "call_id": "call_1", "output": "done"}
    assert follow_up["type"] == "response.create"
    assert protocol.asks_for_answer(follow_up)
