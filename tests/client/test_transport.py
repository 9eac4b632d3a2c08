"""One connection: it opens, carries messages, breaks once, and is silent after its end."""

from __future__ import annotations

import asyncio

import pytest

from harness.client.signalling import ThroughHost
from harness.client.transport import Link
from harness.errors import ClosedWhileConnecting, NegotiationFailed, PeerError
from harness.peer.interface import Samples, StateKind
from harness.realtime.wire import EVENTS_LABEL
from tests.support.fake_peer import FakePeers, silence


class Owner:
    def __init__(self) -> None:
        self.told: list[object] = []

    def peer_state(self, kind: StateKind, state: str) -> None:
        self.told.append((kind, state))

    def channel_state(self, label: str, state: str) -> None:
        self.told.append((label, state))

    def received(self, data: str | bytes) -> None:
        self.told.append(data)

    def on_samples(self, samples: Samples) -> None:
        self.told.append(len(samples))

    def lost(self, error: PeerError) -> None:
        self.told.append(error)


async def opened() -> tuple[Link, Owner, FakePeers]:
    owner, peers = Owner(), FakePeers()
    peers.greets = False
    link = Link(peers, owner)
    await link.open(ThroughHost(peers.signalling), silence, 5)
    return link, owner, peers


async def test_it_opens_with_channel_and_microphone() -> None:
    link, owner, peers = await opened()
    assert link.is_open
    assert owner.told == [("connection", "connected"), (EVENTS_LABEL, "open")]
    assert peers.last.pull is silence
    await link.aclose()


async def test_messages_and_audio_pass() -> None:
    link, owner, peers = await opened()
    link.send('{"type": "x"}')
    peers.last.listener.channel_message(EVENTS_LABEL, "hello")
    peers.last.listener.channel_message("another", "unheard")
    peers.last.far_sounds(silence(480))
    assert peers.last.sent_types() == ["x"]
    assert owner.told[2:] == ["hello", 480]
    assert (await link.stats()).packets_sent == 7
    await link.aclose()


async def test_a_channel_that_closes_is_a_loss_and_told_once() -> None:
    link, owner, peers = await opened()
    peers.last.listener.channel_closed(EVENTS_LABEL)
    peers.last.far_goes()
    assert [type(told).__name__ for told in owner.told[2:]] == ["tuple", "PeerLost"]
    assert not link.is_open
    await link.aclose()


async def test_a_failure_before_it_is_open_fails_the_opening() -> None:
    owner, peers = Owner(), FakePeers()
    peers.opens_by_itself = False
    link = Link(peers, owner)
    opening = asyncio.create_task(link.open(ThroughHost(peers.signalling), silence, 5))
    await asyncio.sleep(0)
    peers.last.listener.failed(NegotiationFailed("no way to the remote peer"))
    with pytest.raises(NegotiationFailed, match="no way"):
        await opening
    await link.aclose()


async def test_after_its_end_it_says_nothing() -> None:
    link, owner, peers = await opened()
    await link.aclose()
    await link.aclose()
    told = len(owner.told)
    listener = peers.last.listener
    listener.state_changed("connection", "closed")
    listener.channel_opened("late")
    listener.channel_message(EVENTS_LABEL, "late")
    listener.channel_closed(EVENTS_LABEL)
    peers.last.far_goes()
    assert len(owner.told) == told


async def test_closing_tells_who_waits_for_the_opening() -> None:
    owner, peers = Owner(), FakePeers()
    peers.opens_by_itself = False
    link = Link(peers, owner)
    opening = asyncio.create_task(link.open(ThroughHost(peers.signalling), silence, 5))
    await asyncio.sleep(0)
    await link.aclose()
    with pytest.raises(ClosedWhileConnecting):
        await opening
