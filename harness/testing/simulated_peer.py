"""Peer connections joined in memory, under a clock that is moved by hand.

No socket, thread, codec or waiting: a network does what is due when its time is moved on. Offers
and answers are the usual texts, so signalling code runs as it does elsewhere; an offer finds its
maker by a line of its own. What passes is unchanged: this is for logic, not for media.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from harness.errors import NegotiationFailed
from harness.peer.adapter import EngineAdapter
from harness.peer.interface import (
    FRAME_FRAMES,
    SAMPLE_RATE_HZ,
    PeerCapabilities,
    PeerListener,
    Pull,
    Samples,
    StatsSnapshot,
)
from harness.peer.sdp import check_description
from harness.testing.simulated_sdp import describe, maker_of

FRAME_S = FRAME_FRAMES / SAMPLE_RATE_HZ
DISCONNECTED_AFTER_S = 5.0
FAILED_AFTER_S = 15.0
"""What a remote peer that vanished looks like, in seconds from the last that was heard of it."""
MOST_MESSAGE_BYTES = 262_144

_networks = itertools.count()
_CAPABILITIES = PeerCapabilities(
    engine="simulated",
    max_message_bytes=MOST_MESSAGE_BYTES,
    counts_concealment=False,
    reports_closed_far_end=True,
)


class SimulatedNetwork:
    """The time, and what is due. A `Clock` whose time moves only when it is told to.

    Args:
        delay_s: how long messages and audio are on their way, each direction.
    """

    def __init__(self, delay_s: float = 0.010) -> None:
        self.delay_s = delay_s
        self._name = f"network-{next(_networks)}"
        self._now_s = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._peers: dict[str, SimulatedPeer] = {}

    def now_s(self) -> float:
        """Virtual seconds since the network was made."""
        return self._now_s

    def next_due_s(self) -> float | None:
        """When something happens next; None while nothing is under way."""
        return self._due[0][0] if self._due else None

    def later(self, delay_s: float, action: Callable[[], None]) -> None:
        """Do something `delay_s` from now, in virtual seconds.

        What is due at the same time keeps its order.
        """
        heapq.heappush(self._due, (self._now_s + delay_s, next(self._numbers), action))

    def advance(self, by_s: float) -> None:
        """Move the time on, and do what becomes due on the way, in order."""
        until_s = self._now_s + by_s
        while self._due and self._due[0][0] <= until_s:
            self._now_s, _, action = heapq.heappop(self._due)
            action()
        self._now_s = until_s

    async def run(self) -> None:
        """Move on from one thing to the next as fast as the machine can, until cancelled.

        Whoever waits in the event loop gets a turn after each.
        """
        while True:
            due_s = self.next_due_s()
            if due_s is None:
                await asyncio.sleep(0.001)  # nothing to do in virtual time: let real time pass
                continue
            self.advance(due_s - self._now_s)
            await asyncio.sleep(0)

    def make_peer(self, listener: PeerListener) -> SimulatedPeer:
        """A connection on this network; a `PeerFactory`."""
        return SimulatedPeer(listener, self)

    def cut_off(self, peer: SimulatedPeer) -> None:
        """Take the network from a connection: nothing passes, and both ends notice as ICE does."""
        peer._is_cut_off = True
        for end in filter(None, (peer, peer._far)):
            self.later(DISCONNECTED_AFTER_S, partial(end._move, "disconnected"))
            self.later(FAILED_AFTER_S, partial(end._move, "failed"))

    def _join(self, peer: SimulatedPeer) -> str:
        name = f"{self._name}-{next(self._numbers)}"
        self._peers[name] = peer
        return name

    def _leave(self, name: str) -> None:
        self._peers.pop(name, None)

    def _find(self, sdp: str, kind: str) -> SimulatedPeer:
        peer = self._peers.get(maker_of(sdp) or "")
        if peer is None:
            raise NegotiationFailed(
                f"The SDP {kind} cannot be used.",
                expected="one made by a connection of the same simulated network",
                found="another one's, or one that is closed",
            )
        return peer


class _Channel:
    """One end of a data channel, as an engine has it."""

    bufferedAmount = 0

    def __init__(self, label: str, peer: SimulatedPeer) -> None:
        self.label = label
        self.readyState = "connecting"
        self._peer = peer

    def send(self, data: str | bytes) -> None:
        length = len(data.encode() if isinstance(data, str) else data)
        if length > MOST_MESSAGE_BYTES:
            raise ValueError(f"the message is too large: {length} bytes")
        self._peer._carry_message(self.label, data)

    def close(self) -> None:
        self._peer._close_both(self.label)


class SimulatedPeer(EngineAdapter):
    """`PeerConnection` in memory."""

    def __init__(self, listener: PeerListener, network: SimulatedNetwork) -> None:
        super().__init__(listener)
        self._network = network
        self._name = network._join(self)
        self._state = "new"
        self._far: SimulatedPeer | None = None
        self._is_cut_off = False
        self._pull: Pull | None = None
        self._frames_sent = 0
        self._frames_received = 0

    @property
    def capabilities(self) -> PeerCapabilities:
        return _CAPABILITIES

    @property
    def connection_state(self) -> str:
        return "closed" if self._closed else self._state

    # Negotiation

    def open_channel(self, label: str) -> None:
        self._require_open()
        self._adopt(_Channel(label, self))

    async def create_offer(self) -> str:
        self._require_open()
        await self._gather()
        self._state_moved("signaling", "have-local-offer")
        return describe(self._name, "actpass")

    async def accept_answer(self, sdp: str) -> None:
        check_description(sdp, "answer")
        self._require_open()
        if self._last_states.get("signaling") != "have-local-offer":
            raise NegotiationFailed("The SDP answer cannot be used.", expected="an offer before it")
        far = self._network._find(sdp, "answer")
        self._state_moved("signaling", "stable")
        self._meet(far)
        labels = list(self._channels)
        self._network.later(self._network.delay_s, lambda: self._establish(far, labels))

    async def accept_offer(self, sdp: str) -> str:
        check_description(sdp, "offer")
        self._require_open()
        far = self._network._find(sdp, "offer")
        self._state_moved("signaling", "have-remote-offer")
        await self._gather()
        self._state_moved("signaling", "stable")
        self._meet(far)
        return describe(self._name, "active")

    async def add_candidate(self, candidate: str, mid: str) -> None:
        if self._far is None or not candidate.startswith("candidate:"):
            raise NegotiationFailed("The ICE candidate cannot be used.", found=candidate[:60])

    async def _gather(self) -> None:
        self._state_moved("gathering", "gathering")
        await asyncio.sleep(0)  # a place to be cancelled or closed, as every engine has one
        self._state_moved("gathering", "complete")
        if self._closed:
            raise NegotiationFailed("The connection was closed while it was negotiated.")

    def _meet(self, far: SimulatedPeer) -> None:
        self._far = far
        self._move("connecting")
        self._state_moved("ice", "checking")

    def _establish(self, far: SimulatedPeer, labels: list[str]) -> None:
        """Both ends are there: connect them, then open what the caller asked for."""
        if self._closed or far._closed or self._is_cut_off or far._is_cut_off:
            self._network.later(FAILED_AFTER_S, lambda: self._move("failed"))
            return
        for end in (self, far):
            end._state_moved("ice", "connected")
            end._move("connected")
            end._listener.remote_track(f"track-of-{end._far_name()}", (end._far_name(),))
            end._send_frame()
        for label in labels:
            far._adopt(_Channel(label, far))
            for end in (self, far):
                end._channels[label].readyState = "open"
                end._channel_opened(label)

    def _far_name(self) -> str:
        return "" if self._far is None else self._far._name

    def _move(self, state: str) -> None:
        if not self._closed:
            self._state = state
            self._state_moved("connection", state)

    def _watch_channel(self, label: str, channel: Any) -> None:
        """Nothing to watch: the network does what is due."""

    # What passes

    def _carry_message(self, label: str, data: str | bytes) -> None:
        self._carry(lambda far: far._channel_message(label, data))

    def _carry(self, arrive: Callable[[SimulatedPeer], None]) -> None:
        far = self._far

        def deliver() -> None:
            if far is not None and not (far._closed or far._is_cut_off or self._is_cut_off):
                arrive(far)

        self._network.later(self._network.delay_s, deliver)

    def _close_both(self, label: str) -> None:
        self._carry(lambda far: far._channel_closed(label))
        self._channel_closed(label)

    def attach_microphone(self, pull: Pull) -> None:
        self._pull = pull

    def detach_microphone(self) -> None:
        self._pull = None

    def _send_frame(self) -> None:
        if self._closed or self._state == "failed":
            return
        try:
            samples = self._next_samples()
        except Exception as error:
            self._microphone_broke(error)
            return
        self._frames_sent += 1
        self._carry(lambda far: far._hear(samples))
        self._network.later(FRAME_S, self._send_frame)

    def _next_samples(self) -> Samples:
        if self._pull is None:
            return np.zeros(FRAME_FRAMES, np.float32)
        return np.array(self._pull(FRAME_FRAMES), np.float32)

    def _hear(self, samples: Samples) -> None:
        self._frames_received += 1
        self._listener.remote_audio(samples)

    async def stats(self) -> StatsSnapshot:
        self._require_open()
        counts = {"packetsSent": self._frames_sent, "packetsReceived": self._frames_received}
        return StatsSnapshot(
            packets_sent=self._frames_sent,
            packets_received=self._frames_received,
            packets_lost=0,
            round_trip_s=2 * self._network.delay_s,
            report={"simulated": {"type": "simulated", **counts}},
        )

    # The end

    async def _close_engine(self) -> None:
        self._carry(lambda far: far._remote_left())
        self._network._leave(self._name)

    def _remote_left(self) -> None:
        for label in list(self._channels):
            self._channel_closed(label)
        self._move("disconnected")
        self._network.later(FAILED_AFTER_S - DISCONNECTED_AFTER_S, lambda: self._move("failed"))
