"""The user speaks once a connection takes what the microphone hears, if one is to."""

from __future__ import annotations

import asyncio

import pytest

from harness.call.events import CallEvent
from harness.call.microphone_way import is_unsent, until_sent
from harness.streams.event_stream import EventStream


def state(connection: str, state: str, kind: str = "connection") -> CallEvent:
    data = {"connection": connection, "kind": kind, "state": state}
    return CallEvent(0.0, "page", "peer_connection.state", data)


def answer(connection: str, side: str, *directions: str) -> CallEvent:
    sections = [f"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na={each}" for each in directions]
    sdp = "\r\n".join(["v=0", *sections, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", ""])
    data = {"connection": connection, "side": side, "sdp": sdp}
    return CallEvent(0.0, "page", "peer_connection.answer", data)


HEARS = [answer("0", "local", "recvonly"), state("0", "connected")]
"""A connection that only brings the agent's voice."""


@pytest.mark.parametrize(
    ("events", "unsent"),
    [
        ([], False),
        ([answer("0", "remote"), state("0", "connected")], False),
        ([answer("0", "remote", "sendrecv"), state("0", "connected")], False),
        ([answer("0", "local", "sendrecv"), state("0", "connected")], False),
        ([answer("0", "remote", "inactive"), state("0", "connected")], True),
        (HEARS, True),
        ([*HEARS, answer("1", "remote", "recvonly")], True),
        ([*HEARS, answer("1", "remote", "recvonly"), state("1", "connected", "ice")], True),
        ([*HEARS, answer("1", "remote", "recvonly"), state("1", "connected")], False),
        ([*HEARS, answer("0", "remote", "sendonly", "recvonly")], False),
        ([answer("0", "local", "sendrecv"), state("0", "connected"), state("0", "failed")], True),
    ],
)
def test_a_microphone_is_sent_by_a_connection_that_is_up(
    events: list[CallEvent], unsent: bool
) -> None:
    assert is_unsent(events) is unsent


async def test_it_is_waited_for_until_the_connection_for_it_is_up() -> None:
    events: EventStream[CallEvent] = EventStream("events")
    for event in HEARS:
        events.push(event)
    waiting = asyncio.ensure_future(until_sent(events, within_s=60))
    await asyncio.sleep(0)
    assert not waiting.done()
    events.push(answer("1", "remote", "recvonly"))
    events.push(state("1", "connected"))
    await asyncio.wait_for(waiting, 30)


async def test_a_page_that_never_sends_it_is_not_waited_for_for_long() -> None:
    events: EventStream[CallEvent] = EventStream("events")
    for event in HEARS:
        events.push(event)
    await until_sent(events, within_s=0.01)
    assert is_unsent(events.snapshot())
