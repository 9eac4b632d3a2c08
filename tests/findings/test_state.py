"""What is known of a call at an event."""

from __future__ import annotations

import json

import pytest

from harness.facts.call import CallHungUp
from harness.facts.connection import ConnectionClosed, ConnectionCreated, DataChannelMessage
from harness.facts.media import MicrophoneStopped
from harness.facts.page import PageUnloaded
from harness.facts.sockets import SocketOpen
from harness.findings.seen import Seen, message_of
from harness.findings.state import CallState, in_conversation, turn_detection
from tests.support.healthy_call import (
    CHANNEL,
    HEALTHY,
    PEER,
    At,
    events_of,
    received,
    said,
)


def after(*facts: At) -> CallState:
    return state_of(*HEALTHY, *facts)


def state_of(*facts: At) -> CallState:
    state = CallState()
    for event in events_of(facts):
        fact = event.fact
        state.take(Seen(event, fact, event.t_s or 0.0, message_of(fact)))
    return state


def test_a_connection_that_is_up() -> None:
    connection = after().connections[PEER]
    assert connection.is_up
    assert connection.labels == ["oai-events"]
    assert connection.local is not None
    assert connection.local.type == "offer"
    assert len(connection.candidates("local")) == 2
    assert not after((2.0, ConnectionClosed(PEER))).connections[PEER].is_up


def test_a_name_that_is_used_again_is_another_connection() -> None:
    state = after((2.0, ConnectionCreated(PEER, {})))
    assert [one.was_up is not None for one in state.all_connections()] == [True, False]


def test_microphones_that_are_open() -> None:
    assert list(after().microphones) == ["microphone-0"]
    assert not after((2.0, MicrophoneStopped("microphone-0"))).microphones
    assert not after((2.0, PageUnloaded("http://a/"))).microphones


def test_a_call_goes_on_over_a_connection_else_over_a_websocket() -> None:
    assert after().is_going_on
    assert not after((2.0, ConnectionClosed(PEER))).is_going_on
    assert not after((2.0, CallHungUp())).is_going_on
    opened = (2.1, SocketOpen("socket-0", "wss://a/", ""))
    assert not after((2.0, ConnectionClosed(PEER)), opened).is_going_on
    assert state_of(opened).is_going_on


def test_when_the_user_speaks() -> None:
    state = after(said(2.0, 3.0), said(5.0, 6.0, muted=True))
    assert state.is_speaking(2.5)
    assert not state.is_speaking(3.2)
    assert state.is_speaking(3.2, before_s=0.5)
    assert state.is_speaking(1.9, after_s=0.2)
    assert not state.is_speaking(5.5)


def test_the_session_has_the_settings_that_the_server_told_last() -> None:
    assert after().sessions[PEER].settings["model"] == "gpt-realtime-2.1"
    assert len(after().updates[PEER]) == 1
    other = {"type": "session.updated", "session": {"model": "other"}}
    assert after(received(2.0, other)).sessions[PEER].settings == {"model": "other"}


@pytest.mark.parametrize(
    ("response", "is_in"),
    [
        ({"conversation_id": "c"}, True),
        ({}, True),
        ({"conversation_id": None}, False),
        ({"conversation": "none"}, False),
    ],
)
def test_responses_of_the_conversation_and_beside_it(
    response: dict[str, str | None], is_in: bool
) -> None:
    text = json.dumps({"type": "response.created", "response": response})
    message = message_of(DataChannelMessage(*CHANNEL, "received", text, len(text)))
    assert message is not None
    assert in_conversation(message) == is_in


def test_who_hangs_up_ends_the_call() -> None:
    assert after().ending is None
    assert after((2.0, CallHungUp())).ending is not None


def test_turn_detection_is_there_off_or_not_told() -> None:
    assert turn_detection({}) == {}
    assert turn_detection({"audio": {"input": {"turn_detection": None}}}) is None
    on = {"type": "server_vad"}
    assert turn_detection({"audio": {"input": {"turn_detection": on}}}) == on
