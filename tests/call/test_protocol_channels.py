"""The protocol is known by what goes over a channel; two of them are two calls."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from harness.call.protocol_channels import ProtocolChannels
from harness.errors import UsageError
from harness.line.envelope import Envelope
from harness.protocols.choice import adapters
from harness.protocols.interface import Channel
from harness.protocols.realtime import RealtimeProtocol

CREATED = json.dumps({"type": "session.created", "session": {}})
PROBLEM = json.dumps({"type": "error", "error": {"message": "no"}})


def envelope(
    text: str | None,
    label: str,
    *,
    direction: str = "received",
    channel: str = "channel-0",
    connection: str = "c",
    realm: str = "top",
) -> Envelope:
    data: dict[str, Any] = {"connection": connection, "channel": channel, "label": label}
    data |= {"direction": direction, "text": text}
    kind = "data_channel.message"
    return Envelope(v=1, frame_id=realm, seq=0, page_ms=0.0, type=kind, data=data)


@pytest.fixture
def channels() -> ProtocolChannels:
    return ProtocolChannels([RealtimeProtocol()])


def test_the_usual_label_is_the_protocol_s_whatever_it_carries(channels: ProtocolChannels) -> None:
    assert channels.take_message(envelope(PROBLEM, "oai-events"))
    assert channels.label == "oai-events"


def test_another_label_is_known_by_its_first_event(channels: ProtocolChannels) -> None:
    assert not channels.take_message(envelope(PROBLEM, "realtime-channel"))  # could be anybody's
    assert channels.take_message(envelope(CREATED, "realtime-channel"))
    assert channels.take_message(envelope(PROBLEM, "realtime-channel"))
    assert channels.label == "realtime-channel"


@pytest.mark.parametrize("text", ["hello", "{}", '{"type": "position"}', '["session.created"]'])
def test_a_page_s_own_channel_is_none_of_the_protocol_s(
    channels: ProtocolChannels, text: str
) -> None:
    assert not channels.take_message(envelope(text, "game"))
    assert channels.label == "oai-events"


def test_what_is_no_text_is_no_event(channels: ProtocolChannels) -> None:
    assert not channels.take_message(envelope(None, "oai-events"))


def test_what_the_page_sends_names_the_channel_but_is_no_call(channels: ProtocolChannels) -> None:
    asked = json.dumps({"type": "response.create"})
    assert channels.take_message(envelope(asked, "mine", direction="sent"))
    assert (channels.label, channels.calls) == ("mine", 0)


def test_two_channels_at_once_are_two_calls(channels: ProtocolChannels) -> None:
    channels.take_message(envelope(CREATED, "oai-events"))
    channels.take_message(envelope(PROBLEM, "oai-events"))
    assert channels.calls == 1
    channels.take_message(envelope(CREATED, "oai-events", channel="channel-1", connection="d"))
    assert channels.calls == 2
    assert not channels.take_closed(envelope(None, "oai-events"))  # the other one lives
    assert channels.calls == 1
    assert channels.take_closed(envelope(None, "oai-events", channel="channel-1"))


def test_a_call_after_another_is_one_at_a_time(channels: ProtocolChannels) -> None:
    channels.take_message(envelope(CREATED, "oai-events"))
    channels.take_closed(envelope(None, "oai-events"))
    channels.take_message(envelope(CREATED, "oai-events", channel="channel-1"))
    assert channels.calls == 1


def opened(label: str, socket: str | None = None, subprotocol: str = "") -> Envelope:
    if socket is None:
        data = {"connection": "c", "channel": "channel-0", "label": label}
        kind = "data_channel.open"
    else:
        data = {"socket": socket, "label": label, "subprotocol": subprotocol}
        kind = "web_socket.open"
    return Envelope(v=1, frame_id="top", seq=0, page_ms=0.0, type=kind, data=data)


def on_socket(text: str | None, data: bytes | None = None) -> Envelope:
    told: dict[str, Any] = {
        "socket": "socket-0",
        "label": "wss://bot.example/",
        "direction": "received",
    }
    told |= {"text": text, "data": base64.b64encode(data).decode() if data else None}
    return Envelope(v=1, frame_id="top", seq=0, page_ms=0.0, type="web_socket.message", data=told)


RTVI = json.dumps({"label": "rtvi-ai", "type": "bot-ready", "id": "1"})


def test_the_first_channel_that_is_certain_decides_which_protocol_it_is() -> None:
    channels = ProtocolChannels(adapters("auto"))
    assert channels.protocol.name == "none"
    assert channels.label == ""
    assert not channels.take_message(envelope('{"type": "ping"}', "chat"))
    assert channels.take_message(envelope(RTVI, "chat"))
    assert (channels.protocol.name, channels.label) == ("RTVI", "chat")
    assert not channels.take_message(envelope(CREATED, "game"))  # no other one from here on
    assert channels.channel == Channel("chat")


@pytest.mark.parametrize(
    ("label", "socket", "subprotocol", "name"),
    [
        ("_reliable", None, "", "LiveKit"),
        ("wss://room.example/rtc", "socket-0", "", "LiveKit"),
        ("wss://proxy.example/", "socket-0", "realtime", "Realtime"),
        ("wss://proxy.example/", "socket-0", "", "none"),
        ("chat", None, "", "none"),
    ],
)
def test_a_channel_may_be_known_before_a_word_is_said(
    label: str, socket: str | None, subprotocol: str, name: str
) -> None:
    channels = ProtocolChannels(adapters("auto"))
    assert channels.take_open(opened(label, socket, subprotocol)) is (name != "none")
    assert channels.protocol.name == name
    assert not channels.take_open(opened(label, socket, subprotocol)), "told once"
    assert channels.is_call_on_socket is (socket is not None and name == "Realtime")


@pytest.mark.parametrize(
    ("first", "name"), [(CREATED, "Realtime"), ('{"type": "session.started"}', "Live")]
)
def test_a_name_that_two_protocols_use_is_decided_by_the_first_message(
    first: str, name: str
) -> None:
    """Until then it is likely the one that is asked first."""
    channels = ProtocolChannels(adapters("auto"))
    assert not channels.take_open(opened("oai-events"))
    assert channels.protocol.name == "Realtime"
    assert channels.sending_label == "oai-events"
    assert channels.take_message(envelope(PROBLEM, "oai-events"))
    not_yet = channels.channel
    assert channels.take_message(envelope(first, "oai-events"))
    assert (not_yet, channels.protocol.name) == (None, name)
    assert channels.channel == Channel("oai-events")
    assert channels.take_message(envelope(PROBLEM, "oai-events"))
    assert channels.take_closed(envelope(None, "oai-events"))


def test_where_an_event_goes_is_said_or_refused_with_the_reason() -> None:
    channels = ProtocolChannels(adapters("auto"))
    with pytest.raises(UsageError, match="no message of it so far"):
        _ = channels.sending_label
    channels.take_message(envelope(RTVI, "chat"))
    assert channels.sending_label == "chat"


def test_messages_of_a_web_socket_are_read_as_texts_and_as_bytes() -> None:
    channels = ProtocolChannels(adapters("rtvi"))
    assert channels.take_message(on_socket(RTVI))
    assert channels.channel == Channel("wss://bot.example/", "web_socket")
    packed = channels.take_message(on_socket(None, b"packed"))
    assert packed is not None
    assert packed.data == b"packed"
    assert channels.take_message(on_socket(None)) is None  # sound


def test_what_a_page_forges_for_bytes_is_no_message(channels: ProtocolChannels) -> None:
    forged = on_socket(None)
    forged.data["data"] = "no base64!"
    assert channels.take_message(forged) is None


def test_the_end_of_its_web_socket_is_the_protocol_s() -> None:
    channels = ProtocolChannels(adapters("auto"))
    channels.take_message(on_socket(RTVI))
    data = {"socket": "socket-0", "label": "wss://bot.example/", "code": 1006, "reason": ""}
    kind = "web_socket.closed"
    other = {**data, "socket": "socket-1", "label": "wss://news.example/"}
    closed = [
        Envelope(v=1, frame_id="top", seq=0, page_ms=0.0, type=kind, data=each)
        for each in (other, data)
    ]
    assert [channels.take_closed(each) for each in closed] == [False, True]


def test_frames_count_their_channels_alone_and_take_them_along(channels: ProtocolChannels) -> None:
    channels.take_message(envelope(CREATED, "oai-events"))
    channels.take_message(envelope(CREATED, "oai-events", realm="frame"))
    assert channels.calls == 2
    channels.forget_realm("frame")
    assert channels.calls == 1


def test_a_room_s_channels_and_its_signalling_are_one_call() -> None:
    channels = ProtocolChannels(adapters("livekit"))
    packet = base64.b64encode(b"a packet of text").decode()
    room = {"socket": "socket-0", "label": "wss://room.example/rtc/v1"}
    told = {"direction": "received", "text": None, "data": packet}
    signal = Envelope(
        v=1, frame_id="top", seq=0, page_ms=0.0, type="web_socket.message", data={**room, **told}
    )
    assert channels.take_message(signal)
    assert channels.calls == 0, "it arranges the call and is none"
    for label in ("_reliable", "_lossy"):
        each = envelope(None, label, channel=label)
        each.data["data"] = packet
        assert channels.take_message(each)
        assert channels.calls == 1, label
    assert not channels.take_closed(envelope(None, "_lossy", channel="_lossy"))
    assert channels.take_closed(envelope(None, "_reliable", channel="_reliable"))
