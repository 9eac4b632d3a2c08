"""What the adapters have in common, without an engine under it."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from harness.errors import NegotiationFailed, PeerError, PeerLost
from harness.peer.adapter import EngineAdapter, lost_or_never_there, next_pcm, stats_of_type
from harness.peer.interface import FRAME_FRAMES
from tests.support.recording_listener import RecordingListener


class BrokenChannel:
    """Open, and cannot send."""

    label, readyState, bufferedAmount = "events", "open", 7

    def send(self, data: str | bytes) -> None:
        raise OverflowError("too large\nand more")


class Adapter(EngineAdapter):
    """An engine that does nothing, and closes badly."""

    def _watch_channel(self, label: str, channel: Any) -> None:
        """Nothing happens on it."""

    async def _close_engine(self) -> None:
        raise AttributeError("half built")


async def test_engine_errors_become_ours() -> None:
    """Whatever an engine raises; our own pass unchanged."""

    async def fail(error: Exception) -> None:
        raise error

    adapter = Adapter(RecordingListener())
    with pytest.raises(NegotiationFailed, match="take the offer") as caught:
        await adapter._engine(fail(KeyError("mid")), "take the offer")
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(PeerLost):
        await adapter._engine(fail(PeerLost("gone")), "take the offer")


def test_a_channel_that_refuses_is_an_error_of_ours() -> None:
    """With the engine's first line."""
    adapter = Adapter(RecordingListener())
    adapter._adopt(BrokenChannel())
    assert adapter.buffered_bytes("events") == 7
    with pytest.raises(PeerError) as caught:
        adapter.send("events", "text")
    assert caught.value.found == "too large"


def test_the_second_channel_of_a_name_is_left_alone() -> None:
    """Labels need not be unique; the first counts."""
    listener = RecordingListener()
    adapter = Adapter(listener)
    adapter._adopt(BrokenChannel())
    adapter._adopt(BrokenChannel())
    assert listener.opened == ["events"]


async def test_a_lost_peer_is_told_as_such_by_a_task_too() -> None:
    """The kind of an error of ours is kept: reconnection depends on it."""

    async def fail() -> None:
        raise PeerLost("gone")

    listener = RecordingListener()
    adapter = Adapter(listener)
    adapter._spawn(fail(), "outgoing audio")
    await listener.until(lambda: bool(listener.errors))
    assert isinstance(listener.errors[0], PeerLost)


async def test_a_task_that_fails_is_reported() -> None:
    """And closing is quiet although the engine is not."""

    async def fail() -> None:
        raise ValueError("no more samples")

    listener = RecordingListener()
    adapter = Adapter(listener)
    adapter._spawn(fail(), "outgoing audio")
    await listener.until(lambda: bool(listener.errors))
    assert "outgoing audio" in str(listener.errors[0])
    adapter._spawn(asyncio.sleep(3600), "waiting")
    await adapter.aclose()
    await adapter.aclose()
    assert adapter._tasks == set()


def test_states_are_told_once_each() -> None:
    """And failing is told apart by what was before."""
    listener = RecordingListener()
    adapter = Adapter(listener)
    for state in ("connecting", "connecting", "connected", "failed"):
        adapter._state_moved("connection", state)
    assert listener.states_of("connection") == ["connecting", "connected", "failed"]
    assert isinstance(listener.errors[0], PeerLost)
    assert isinstance(lost_or_never_there("failed", False), NegotiationFailed)


class Connection:
    """Reports states as engines do: as text or as an enumeration, with an event or without."""

    connectionState = "new"
    iceConnectionState: object = "new"

    def __init__(self) -> None:
        self.told: dict[str, Callable[..., None]] = {}

    def on(self, event: str, told: Callable[..., None]) -> None:
        self.told[event] = told


class IceState(enum.Enum):
    CHECKING = "checking"


def test_states_are_read_from_the_engine_whatever_it_holds_them_in() -> None:
    listener, connection = RecordingListener(), Connection()
    Adapter(listener)._watch_states(connection)
    assert sorted(connection.told) == [
        "connectionstatechange",
        "iceconnectionstatechange",
        "icegatheringstatechange",
        "signalingstatechange",
    ]
    connection.connectionState = "connecting"
    connection.told["connectionstatechange"]()
    connection.iceConnectionState = IceState.CHECKING
    connection.told["iceconnectionstatechange"](object())
    assert listener.states_of("connection") == ["connecting"]
    assert listener.states_of("ice") == ["checking"]


def test_the_nominated_pair_is_the_one() -> None:
    """Others were only tried."""
    report = {
        "a": {"type": "candidate-pair", "nominated": False},
        "b": {"type": "candidate-pair", "nominated": True, "id": "b"},
    }
    assert stats_of_type(report, "candidate-pair")["id"] == "b"
    assert stats_of_type(report, "codec") == {}


def test_the_microphone_s_next_frame_is_held_at_full_scale_and_silent_without_one() -> None:
    assert not next_pcm(None).any()
    assert len(next_pcm(None)) == FRAME_FRAMES
    loud = next_pcm(lambda frames: np.full(frames, 2.0, np.float32))
    assert set(loud.tolist()) == {32767}
