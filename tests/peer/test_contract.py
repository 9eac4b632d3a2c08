"""The contract suite finds adapters that break the rules; tests/contract runs it on ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from harness.peer.contract import PeerContract
from harness.peer.contract_tools import Ends
from harness.peer.interface import PeerFactory, PeerListener
from harness.peer.simulated import SimulatedNetwork, SimulatedPeer


class TextOnly(SimulatedPeer):
    """Turns binary messages into text."""

    def _channel_message(self, label: str, data: Any) -> None:
        super()._channel_message(label, data if isinstance(data, str) else data.decode("latin-1"))


class Quiet(SimulatedPeer):
    """Never says that its far end went."""

    def _far_end_left(self) -> None:
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
BROKEN: list[tuple[type[SimulatedPeer], str]] = [
    (TextOnly, "test_binary_stays_binary"),
    (Quiet, "test_the_far_end_going_away_is_told"),
    (StatesTwice, "test_states_come_in_order"),
    (HalfVolume, "test_the_microphone_is_heard_while_attached"),
    (TalksOn, "test_nothing_is_told_after_the_end"),
    (Careless, "test_closing_leaves_nothing_behind"),
]


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


@pytest.mark.parametrize(("kind", "check"), BROKEN)
async def test_a_broken_adapter_is_found(
    kind: type[SimulatedPeer], check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by the check that is about it."""
    monkeypatch.setattr("harness.peer.contract_tools.LEFT_WITHIN_S", 0.1)
    method = getattr(PeerContract(), check)
    async with factory_of(kind) as make_peer:
        subject = Ends(make_peer, make_peer) if "ends" in _arguments(method) else make_peer
        with pytest.raises((AssertionError, TimeoutError)):
            await asyncio.wait_for(method(subject), 2)


def _arguments(method: Any) -> tuple[str, ...]:
    return tuple(method.__code__.co_varnames[: method.__code__.co_argcount])


def test_a_suite_without_a_factory_says_what_to_do() -> None:
    """The fixture to override is named."""
    factory = PeerContract.make_peer.__wrapped__  # type: ignore[attr-defined]
    with pytest.raises(NotImplementedError, match="make_peer"):
        factory(PeerContract())
