"""The network in memory: time that is moved by hand, and what happens in it."""

from __future__ import annotations

import numpy as np
import pytest

from harness.errors import NegotiationFailed, PeerLost
from harness.peer.interface import Samples
from harness.testing.recording_listener import RecordingListener
from harness.testing.simulated_peer import SimulatedNetwork, SimulatedPeer

LABEL = "events"


class Call:
    """Two ends on one network, connected."""

    def __init__(self, network: SimulatedNetwork) -> None:
        self.told = RecordingListener(), RecordingListener()
        self.peers = tuple(network.make_peer(listener) for listener in self.told)

    async def connect(self) -> None:
        caller, callee = self.peers
        caller.open_channel(LABEL)
        answer = await callee.accept_offer(await caller.create_offer())
        await caller.accept_answer(answer)


def test_what_is_due_happens_in_order_and_at_its_time() -> None:
    """Also what becomes due while time moves, and never what is due later."""
    network = SimulatedNetwork()
    seen: list[tuple[str, float]] = []

    def first() -> None:
        seen.append(("first", network.now_s()))
        network.later(0.5, lambda: seen.append(("after it", network.now_s())))

    network.later(2.0, lambda: seen.append(("second", network.now_s())))
    network.later(1.0, first)
    network.later(9.0, lambda: seen.append(("too late", network.now_s())))
    network.advance(3.0)
    assert seen == [("first", 1.0), ("after it", 1.5), ("second", 2.0)]
    assert (network.now_s(), network.next_due_s()) == (3.0, 9.0)


async def test_nothing_happens_while_time_stands_still() -> None:
    """Then a message needs the network's delay, and audio comes every 20 ms."""
    network = SimulatedNetwork(delay_s=0.050)
    call = Call(network)
    await call.connect()
    assert call.peers[0].connection_state == "connecting"
    network.advance(0.050)
    assert call.peers[0].connection_state == "connected"
    call.peers[0].send(LABEL, "hello")
    network.advance(0.049)
    assert not call.told[1].messages
    network.advance(0.001)
    assert call.told[1].messages == [(LABEL, "hello")]
    network.advance(1.0)
    assert call.told[1].received_frames == pytest.approx(48_000, abs=960)


async def test_samples_arrive_as_they_were_and_keep_their_place() -> None:
    """The remote peer's copy does not change when the microphone reuses its memory."""
    network = SimulatedNetwork()
    call = Call(network)
    await call.connect()
    block = np.zeros(960, np.float32)

    def pull(frames: int) -> Samples:
        block[:] += 0.125
        return block[:frames]

    call.peers[0].attach_microphone(pull)
    network.advance(network.delay_s + 0.075)
    heard = call.told[1].audio
    assert [float(piece[0]) for piece in heard[:3]] == [0.125, 0.25, 0.375]


async def test_a_lost_network_is_noticed_on_both_sides() -> None:
    """First disconnected, then failed; nothing passes any more."""
    network = SimulatedNetwork()
    call = Call(network)
    await call.connect()
    network.advance(1.0)
    network.cut_off(call.peers[0])
    call.peers[1].send(LABEL, "into the void")
    network.advance(60.0)
    for listener in call.told:
        assert listener.states_of("connection")[-2:] == ["disconnected", "failed"]
        assert isinstance(listener.errors[-1], PeerLost)
    assert not call.told[0].messages


async def test_two_runs_tell_the_same() -> None:
    """There is no chance in it."""

    async def run() -> list[object]:
        network = SimulatedNetwork()
        call = Call(network)
        await call.connect()
        for step in range(20):
            network.advance(0.033)
            call.peers[step % 2].send(LABEL, f"{step}")
        return [(listener.states, listener.messages, listener.told) for listener in call.told]

    assert await run() == await run()


async def test_an_offer_of_another_network_is_refused() -> None:
    """As is one whose maker is closed already."""
    here, there = SimulatedNetwork(), SimulatedNetwork()
    stranger: SimulatedPeer = there.make_peer(RecordingListener())
    offer = await stranger.create_offer()
    with pytest.raises(NegotiationFailed):
        await here.make_peer(RecordingListener()).accept_offer(offer)
    await stranger.aclose()
    with pytest.raises(NegotiationFailed):
        await there.make_peer(RecordingListener()).accept_offer(offer)
