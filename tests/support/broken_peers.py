"""Adapters that break a rule each, for tests of the contract suite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from harness.peer.interface import PeerFactory, PeerListener
from harness.testing.peer_contract import PeerContract
from harness.testing.peer_contract_tools import Ends
from harness.testing.simulated_peer import SimulatedNetwork, SimulatedPeer


class TextOnly(SimulatedPeer):
    """Turns binary messages into text."""

    def _channel_message(self, label: str, data: Any) -> None:
        super()._channel_message(label, data if isinstance(data, str) else data.decode("latin-1"))


class Quiet(SimulatedPeer):
    """Never says that its remote peer went."""

    def _remote_left(self) -> None:
        """Nothing."""


class StatesTwice(SimulatedPeer):
    """Tells each connection state again."""

    def _move(self, state: str) -> None:
        super()._move(state)
        self._listener.state_changed("connection", state)


class HalfVolume(SimulatedPeer):
    """Sends what the microphone has 6 dB quieter."""

    def _next_samples(self) -> Any:
        return super()._next_samples() * 0.5


class Careless(SimulatedPeer):
    """Leaves a task behind with each connection."""

    async def _gather(self) -> None:
        LEFT.append(asyncio.create_task(asyncio.sleep(3600), name="forgotten"))
        await super()._gather()


class TalksOn(SimulatedPeer):
    """Reports what comes in after its end."""

    async def aclose(self) -> None:
        await super().aclose()
        self._listener.state_changed("connection", "closed")
        self._network.later(0.005, lambda: self._listener.channel_message("events", "late"))


LEFT: list[asyncio.Task[None]] = []


@asynccontextmanager
async def factory_of(kind: type[SimulatedPeer]) -> AsyncIterator[PeerFactory]:
    network = SimulatedNetwork()
    running = asyncio.create_task(network.run())

    def make(listener: PeerListener) -> SimulatedPeer:
        return kind(listener, network)

    try:
        yield make
    finally:
        running.cancel()
        for task in [*LEFT, running]:
            task.cancel()
        await asyncio.gather(running, *LEFT, return_exceptions=True)
        LEFT.clear()


async def run_check(kind: type[SimulatedPeer], check: str) -> None:
    """Run one test of the suite on an adapter; raises what the test raises."""
    method = getattr(PeerContract(), check)
    async with factory_of(kind) as make_peer:
        names = method.__code__.co_varnames[: method.__code__.co_argcount]
        subject = Ends(make_peer, make_peer) if "ends" in names else make_peer
        await asyncio.wait_for(method(subject), 2)
