"""An offering `PeerConnection` without a network: the test plays the remote peer."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import numpy as np

from harness.errors import NegotiationFailed, PeerError, PeerLost
from harness.peer.interface import (
    PeerCapabilities,
    PeerListener,
    Pull,
    Samples,
    StatsSnapshot,
)

OFFER = "v=0 offer"
ANSWER = "v=0 answer"
SESSION = {"id": "sess_1", "type": "realtime", "model": "gpt-realtime"}


class FakePeer:
    """One connection. `far_open` lets it come up, `far_says` is the server, `far_goes` a loss."""

    def __init__(self, listener: PeerListener, peers: FakePeers) -> None:
        self.listener = listener
        self.sent: list[dict[str, Any]] = []
        self.pull: Pull | None = None
        self.closed = False
        self.last_item_id: str | None = None
        self._peers = peers
        self._label = ""
        self.connection_state = "new"

    @property
    def capabilities(self) -> PeerCapabilities:
        return PeerCapabilities("fake", 65_536, False, True)

    def open_channel(self, label: str) -> None:
        self._label = label

    async def create_offer(self) -> str:
        await asyncio.sleep(0)
        return OFFER

    async def accept_answer(self, sdp: str) -> None:
        if sdp != ANSWER:
            raise NegotiationFailed("no answer to our offer", found=sdp)
        if self._peers.opens_by_itself:
            asyncio.get_running_loop().call_soon(self.far_open)

    async def accept_offer(self, sdp: str) -> str:
        raise NotImplementedError

    async def add_candidate(self, candidate: str, mid: str) -> None:
        raise NotImplementedError

    def send(self, label: str, data: str | bytes) -> None:
        if self.closed or self.connection_state != "connected":
            raise PeerError("cannot send")
        if len(data) > self.capabilities.max_message_bytes:
            raise PeerError("too large")
        event = json.loads(data)
        self.sent.append(event)
        self._peers.answer(self, event)

    def close_channel(self, label: str) -> None:
        raise NotImplementedError

    def buffered_bytes(self, label: str) -> int:
        return 0

    def attach_microphone(self, pull: Pull) -> None:
        self.pull = pull

    def detach_microphone(self) -> None:
        self.pull = None

    async def stats(self) -> StatsSnapshot:
        return StatsSnapshot(packets_sent=7)

    async def aclose(self) -> None:
        self.closed = True
        await asyncio.sleep(0)

    # The remote peer

    def far_open(self) -> None:
        if self.closed:
            return
        self.connection_state = "connected"
        self.listener.state_changed("connection", "connected")
        self.listener.channel_opened(self._label)
        if self._peers.greets:
            self.far_says(type="session.created", session=SESSION)

    def far_says(self, **event: Any) -> None:
        numbered = {"event_id": f"event_far_{id(event)}", **event}
        self.listener.channel_message(self._label, json.dumps(numbered))

    def far_state(self, state: str) -> None:
        self.connection_state = state
        self.listener.state_changed("connection", state)

    def far_goes(self) -> None:
        self.connection_state = "failed"
        self.listener.failed(PeerLost("gone"))

    def far_sounds(self, samples: Samples) -> None:
        self.listener.remote_audio(samples)

    def sent_types(self) -> list[str]:
        return [event["type"] for event in self.sent]


class FakePeers:
    """A factory that remembers what it made, and a server that answers the simplest things."""

    def __init__(self) -> None:
        self.made: list[FakePeer] = []
        self.opens_by_itself = True
        self.greets = True
        self.answers = True
        self.offers: list[str] = []

    def __call__(self, listener: PeerListener) -> FakePeer:
        self.made.append(FakePeer(listener, self))
        return self.made[-1]

    @property
    def last(self) -> FakePeer:
        return self.made[-1]

    async def signalling(self, offer: str) -> str:
        self.offers.append(offer)
        await asyncio.sleep(0)
        return ANSWER

    def answer(self, peer: FakePeer, event: dict[str, Any]) -> None:
        if not self.answers:
            return
        reply: dict[str, Any] | None = None
        if event["type"] == "session.update":
            reply = {"type": "session.updated", "session": SESSION | event["session"]}
        elif event["type"] == "conversation.item.create":
            asked = event.get("previous_item_id")
            previous = None if asked == "root" else asked or peer.last_item_id
            peer.last_item_id = event["item"]["id"]
            item = {"status": "completed", **event["item"]}
            reply = {
                "type": "conversation.item.added", "item": item, "previous_item_id": previous,
            }  # fmt: skip
        elif event["type"] == "input_audio_buffer.clear":
            reply = {"type": "input_audio_buffer.cleared"}
        if reply is not None:
            asyncio.get_running_loop().call_soon(lambda: peer.far_says(**reply))


def silence(frames: int = 480) -> Samples:
    return np.zeros(frames, np.float32)
