"""The protocol is known by what goes over a channel; two of them are two calls."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.call.protocol_channels import ProtocolChannels
from harness.line.envelope import Envelope
from harness.protocols.realtime import RealtimeProtocol

CREATED = json.dumps({"type": "session.created", "session": {}})
PROBLEM = json.dumps({"type": "error", "error": {"message": "no"}})


def envelope(
    text: str | None,
    label: str,
    *,
    direction: str = "received",
    channel: str = "channel-0",
    realm: str = "top",
) -> Envelope:
    data: dict[str, Any] = {"connection": "c", "channel": channel, "label": label}
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
    channels.take_message(envelope(CREATED, "oai-events", channel="channel-1"))
    assert channels.calls == 2
    assert not channels.take_closed(envelope(None, "oai-events"))  # the other one lives
    assert channels.calls == 1
    assert channels.take_closed(envelope(None, "oai-events", channel="channel-1"))


def test_a_call_after_another_is_one_at_a_time(channels: ProtocolChannels) -> None:
    channels.take_message(envelope(CREATED, "oai-events"))
    channels.take_closed(envelope(None, "oai-events"))
    channels.take_message(envelope(CREATED, "oai-events", channel="channel-1"))
    assert channels.calls == 1


def test_frames_count_their_channels_alone_and_take_them_along(channels: ProtocolChannels) -> None:
    channels.take_message(envelope(CREATED, "oai-events"))
    channels.take_message(envelope(CREATED, "oai-events", realm="frame"))
    assert channels.calls == 2
    channels.forget_realm("frame")
    assert channels.calls == 1
