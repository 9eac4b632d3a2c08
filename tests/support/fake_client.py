"""A client on fake peers: its whole state machine, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from harness.client.client import RealtimeClient
from harness.client.reconnect import ReconnectPolicy
from harness.realtime.client.outputs import SessionEvent
from tests.support.fake_peer import FakePeer, FakePeers

AT_ONCE = ReconnectPolicy(most_attempts=3, first_delay_s=0, disconnected_grace_s=0.02)


@dataclass
class FakeCall:
    client: RealtimeClient
    peers: FakePeers

    @property
    def peer(self) -> FakePeer:
        return self.peers.last

    def told(self, *patterns: str) -> list[SessionEvent]:
        """The events so far."""
        return self.client.events(*patterns).take_available()

    def types(self) -> list[str]:
        """Their types, without the wire's own."""
        return [event.type for event in self.told() if event.type != "realtime_event"]


def make_call(peers: FakePeers | None = None, **options: Any) -> FakeCall:
    """Not connected yet."""
    peers = peers or FakePeers()
    given: dict[str, Any] = {"reconnect": AT_ONCE, "signalling": peers.signalling, **options}
    return FakeCall(RealtimeClient("http://127.0.0.1:9", engine=peers, seed=1, **given), peers)


@asynccontextmanager
async def open_call(**options: Any) -> AsyncIterator[FakeCall]:
    """Connected; closed at the end of the block."""
    call = make_call(**options)
    async with call.client:
        yield call


async def settle() -> None:
    """Let everything that is due in the loop happen."""
    for _ in range(20):
        await asyncio.sleep(0)
