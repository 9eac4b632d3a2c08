"""What every WebRTC engine has to do, run on each of them and on each pair of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np
import pytest

from harness.errors import NegotiationFailed, PeerError
from harness.peer.engines import ENGINE_NAMES, peer_factory
from harness.peer.interface import SAMPLE_RATE_HZ, PeerConnection, Samples
from harness.peer.sdp import media_kinds
from tests.support.recording_listener import RecordingListener

LABEL = "events"
LEVEL = 0.5 / np.sqrt(2)
"""Of the tone, as RMS."""
PAIRS = [(a, b) for a in ENGINE_NAMES for b in ENGINE_NAMES]


@dataclass
class Side:
    peer: PeerConnection
    listener: RecordingListener


def make_side(engine: str) -> Side:
    listener = RecordingListener()
    return Side(peer_factory(engine)(listener), listener)


class Tone:
    """A sine with a continuous phase, as a microphone."""

    def __init__(self, frequency_hz: float) -> None:
        self._frequency_hz = frequency_hz
        self._position = 0

    def __call__(self, frames: int) -> Samples:
        at = np.arange(self._position, self._position + frames)
        self._position += frames
        wave = 0.5 * np.sin(2 * np.pi * self._frequency_hz * at / SAMPLE_RATE_HZ)
        return wave.astype(np.float32)


@asynccontextmanager
async def connected(caller_engine: str, callee_engine: str) -> AsyncIterator[tuple[Side, Side]]:
    """Two ends with an open channel between them."""
    caller, callee = make_side(caller_engine), make_side(callee_engine)
    try:
        caller.peer.open_channel(LABEL)
        answer = await callee.peer.accept_offer(await caller.peer.create_offer())
        await caller.peer.accept_answer(answer)
        for side in (caller, callee):
            await side.listener.until(lambda s=side: LABEL in s.listener.opened)  # type: ignore[misc]
            await side.listener.until(lambda s=side: s.peer.connection_state == "connected")  # type: ignore[misc]
        yield caller, callee
    finally:
        await caller.peer.aclose()
        await callee.peer.aclose()


def loudest_hz(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * SAMPLE_RATE_HZ / len(samples)


def rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0


async def hear(side: Side, seconds: float) -> Samples:
    """The next so many seconds of what a side receives."""
    start = len(side.listener.samples())
    wanted = start + int(seconds * SAMPLE_RATE_HZ)
    await side.listener.until(lambda: sum(map(len, side.listener.audio)) >= wanted)
    return side.listener.samples()[start:wanted]


async def hear_until(side: Side, fits: Callable[[Samples], bool]) -> None:
    """Listen in pieces of 100 ms until one fits."""
    async with asyncio.timeout(5):
        while not fits(await hear(side, 0.1)):
            pass


@pytest.mark.parametrize(("caller_engine", "callee_engine"), PAIRS)
async def test_text_goes_both_ways_and_in_order(caller_engine: str, callee_engine: str) -> None:
    """Also 60 000 bytes in one message, as a long session.update is."""
    async with connected(caller_engine, callee_engine) as (caller, callee):
        sent = ["hello", "é" * 30_000, *(f"message {n}" for n in range(50))]
        for text in sent:
            caller.peer.send(LABEL, text)
            callee.peer.send(LABEL, text)
        for side in (caller, callee):
            await side.listener.until(lambda s=side: len(s.listener.messages) >= len(sent))  # type: ignore[misc]
            assert side.listener.messages == [(LABEL, text) for text in sent]


@pytest.mark.parametrize(("caller_engine", "callee_engine"), PAIRS)
async def test_binary_stays_binary(caller_engine: str, callee_engine: str) -> None:
    """Bytes arrive as bytes, unchanged."""
    async with connected(caller_engine, callee_engine) as (caller, callee):
        caller.peer.send(LABEL, bytes(range(256)))
        await callee.listener.until(lambda: bool(callee.listener.messages))
        assert callee.listener.messages == [(LABEL, bytes(range(256)))]


@pytest.mark.parametrize(("caller_engine", "callee_engine"), PAIRS)
async def test_the_microphone_is_heard_while_attached(
    caller_engine: str, callee_engine: str
) -> None:
    """Each side hears the other's tone; after detaching, silence."""
    async with connected(caller_engine, callee_engine) as (caller, callee):
        caller.peer.attach_microphone(Tone(440.0))
        callee.peer.attach_microphone(Tone(1000.0))
        await hear_until(callee, lambda heard: rms(heard) > 0.2)
        await hear_until(caller, lambda heard: rms(heard) > 0.2)
        for side, frequency_hz in ((callee, 440.0), (caller, 1000.0)):
            heard = await hear(side, 0.5)
            assert loudest_hz(heard) == pytest.approx(frequency_hz, abs=4.0)
            assert 20 * np.log10(rms(heard) / LEVEL) == pytest.approx(0.0, abs=1.0)
        caller.peer.detach_microphone()
        await hear_until(callee, lambda heard: rms(heard) < 0.01)
        assert all(block.dtype == np.float32 and block.ndim == 1 for block in callee.listener.audio)


@pytest.mark.parametrize(("caller_engine", "callee_engine"), PAIRS)
async def test_states_come_in_order(caller_engine: str, callee_engine: str) -> None:
    """No state twice in a row, and connected comes last."""
    async with connected(caller_engine, callee_engine) as (caller, callee):
        for side in (caller, callee):
            states = side.listener.states_of("connection")
            assert states == ["connecting", "connected"]
            assert side.listener.states_of("signaling")[-1] == "stable"
            assert side.listener.states_of("gathering") == ["gathering", "complete"]


@pytest.mark.parametrize(("caller_engine", "callee_engine"), PAIRS)
async def test_the_far_end_going_away_is_told(caller_engine: str, callee_engine: str) -> None:
    """A side that closes is noticed by the other within seconds, by its channel or its state."""
    async with connected(caller_engine, callee_engine) as (caller, callee):
        await caller.peer.aclose()
        await callee.listener.until(
            lambda: LABEL in callee.listener.closed or bool(callee.listener.errors)
        )


@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_descriptions_are_complete(engine: str) -> None:
    """Candidates inside, loopback among them, one audio section with a stream id."""
    caller, callee = make_side(engine), make_side(engine)
    try:
        caller.peer.open_channel(LABEL)
        offer = await caller.peer.create_offer()
        answer = await callee.peer.accept_offer(offer)
    finally:
        await caller.peer.aclose()
        await callee.peer.aclose()
    for sdp in (offer, answer):
        assert media_kinds(sdp) == ["audio", "application"]
        assert " 127.0.0.1 " in sdp
        assert "a=msid:" in sdp
        assert "a=sendrecv" in sdp
        assert "opus/48000/2" in sdp


@pytest.mark.parametrize("engine", ENGINE_NAMES)
@pytest.mark.parametrize("sdp", ["", "nonsense", "v=0\r\n", "v=0\r\nm=audio 9 UDP/TLS x\r\n"])
async def test_nonsense_is_refused(engine: str, sdp: str) -> None:
    """Text that is no offer is an error of ours, never the engine's own."""
    side = make_side(engine)
    try:
        with pytest.raises(NegotiationFailed):
            await side.peer.accept_offer(sdp)
        with pytest.raises(NegotiationFailed):
            await side.peer.accept_answer(sdp)
        with pytest.raises(NegotiationFailed):
            await side.peer.add_candidate("nonsense", "0")
    finally:
        await side.peer.aclose()


@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_sending_needs_an_open_channel(engine: str) -> None:
    """Unknown channel, closed connection and too large a message are all PeerError."""
    async with connected(engine, engine) as (caller, _callee):
        with pytest.raises(PeerError):
            caller.peer.send("no such channel", "text")
        with pytest.raises(PeerError):
            caller.peer.send(LABEL, "x" * 20_000_000)
        assert caller.peer.buffered_bytes("no such channel") == 0
        await caller.peer.aclose()
        with pytest.raises(PeerError):
            caller.peer.send(LABEL, "text")
        with pytest.raises(PeerError):
            await caller.peer.stats()


@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_stats_count_packets(engine: str) -> None:
    """Packets of both directions are counted once audio flows."""
    async with connected(engine, engine) as (caller, callee):
        await hear(callee, 0.5)
        await hear(caller, 0.5)
        stats = await caller.peer.stats()
        assert (stats.packets_sent or 0) > 10
        assert (stats.packets_received or 0) > 10
        assert stats.report


@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_closing_leaves_nothing_behind(engine: str) -> None:
    """No task and no thread survives, and closing again does nothing."""
    tasks_before, threads_before = asyncio.all_tasks(), set(threading.enumerate())
    async with connected(engine, engine) as (caller, callee):
        caller.peer.attach_microphone(Tone(440.0))
        await hear(callee, 0.2)
        await caller.peer.aclose()
        told = len(caller.listener.states)
    await caller.peer.aclose()
    assert caller.peer.connection_state == "closed"
    async with asyncio.timeout(5):
        while left := asyncio.all_tasks() - tasks_before:
            await asyncio.wait(left, timeout=1)
    assert len(caller.listener.states) == told
    started = set(threading.enumerate()) - threads_before
    assert not [thread.name for thread in started if "asyncio" not in thread.name]


@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_closing_while_negotiating(engine: str) -> None:
    """A side that never got its answer closes as quietly."""
    side = make_side(engine)
    side.peer.open_channel(LABEL)
    await side.peer.create_offer()
    await side.peer.aclose()
    assert side.listener.errors == []
