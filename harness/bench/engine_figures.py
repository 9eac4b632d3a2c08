"""Cost and quality of one WebRTC engine, measured in a process of its own.

`python -m harness.bench.engine_figures ENGINE` prints the figures as JSON. The callee is always
the same (libwebrtc, in another process), so that engines are compared and not pairs of them; its
jitter buffer judges how evenly an engine sends.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from harness.bench.callee import Callee, CalleeHere, open_callee, steady_tone
from harness.bench.processes import cpu_s, family, memory_bytes, require_proc
from harness.clock import Clock, MonotonicClock
from harness.peer.backends import peer_factory
from harness.peer.interface import PeerConnection, PeerFactory, Samples
from harness.testing.recording_listener import RecordingListener

LABEL = "bench"
ENGINES = ("browser", "wrtc", "aiortc", "simulated")
CONNECTS = 7
ECHOES = 300
ECHO_EVERY_S = 0.01
ECHO_BYTES = 500
SETTLE_S = 2.0
"""A call's first seconds are those of rate control and jitter buffer: they are not counted."""
HOLD_S = 8.0
MANY_CALLS = 4


class Ear(RecordingListener):
    """Counts the audio, and keeps none of it."""

    def remote_audio(self, samples: Samples) -> None:
        self.received_frames += len(samples)
        self._note()


@dataclass(frozen=True, slots=True)
class Bench:
    """An engine that can be measured."""

    make_peer: PeerFactory
    far: Callee
    hold: Callable[[float], Awaitable[None]]
    """Let so many of the engine's own seconds pass."""


@dataclass(frozen=True, slots=True)
class NearEnd:
    """The caller of one call."""

    peer: PeerConnection
    ear: Ear


async def measure_engine(bench: Bench, clock: Clock) -> dict[str, Any]:
    """All figures of one engine.

    Returns:
        connect_ms_median (from nothing to an open channel), echo_ms_median and echo_ms_p99 (a
        message of 500 bytes there and back), cpu_per_call (share of one core, all processes of
        the engine but not the callee), memory_per_call_bytes (what one more call adds), and for
        1 and 4 calls the share of samples that the remote peer made up of what the engine sent
        (concealed_share_sent_…) and that the engine made up itself (concealed_share_heard_…; None
        where it does not count).
    """
    connects_ms = [await _connect_ms(bench, clock) for _ in range(CONNECTS + 1)][1:]
    figures: dict[str, Any] = {"connect_ms_median": round(statistics.median(connects_ms), 1)}
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(call(bench))
        await bench.hold(SETTLE_S)
        echoes_ms = await _echoes_ms(first, clock, bench)
        figures["echo_ms_median"] = round(statistics.median(echoes_ms), 2)
        figures["echo_ms_p99"] = round(sorted(echoes_ms)[int(len(echoes_ms) * 0.99)], 2)
        figures |= _named(await _hold(bench, [first]), "1_call")
        memory_before = _memory(bench)
        more = [await stack.enter_async_context(call(bench)) for _ in range(MANY_CALLS - 1)]
        await bench.hold(SETTLE_S)
        grown = _memory(bench) - memory_before
        figures["memory_per_call_bytes"] = max(0, round(grown / (MANY_CALLS - 1)))
        figures |= _named(await _hold(bench, [first, *more]), f"{MANY_CALLS}_calls")
    return figures


@asynccontextmanager
async def call(bench: Bench) -> AsyncIterator[NearEnd]:
    """A call that speaks and listens; hung up on both sides at the end."""
    ear = Ear()
    peer = bench.make_peer(ear)
    try:
        peer.open_channel(LABEL)
        await peer.accept_answer(await bench.far.answer(await peer.create_offer()))
        peer.attach_microphone(steady_tone())
        await ear.until(lambda: LABEL in ear.opened)
        yield NearEnd(peer, ear)
    finally:
        await peer.aclose()


async def _connect_ms(bench: Bench, clock: Clock) -> float:
    start_s = clock.now_s()
    async with call(bench):
        took_ms = (clock.now_s() - start_s) * 1000
    await bench.far.hang_up()
    return took_ms


async def _echoes_ms(near: NearEnd, clock: Clock, bench: Bench) -> list[float]:
    echoes_ms = []
    for number in range(ECHOES):
        start_s = clock.now_s()
        near.peer.send(LABEL, "x" * ECHO_BYTES)
        await near.ear.until(_has_messages(near.ear, number + 1))
        echoes_ms.append((clock.now_s() - start_s) * 1000)
        await bench.hold(ECHO_EVERY_S)
    return echoes_ms


def _has_messages(ear: Ear, count: int) -> Callable[[], bool]:
    return lambda: len(ear.messages) >= count


async def _hold(bench: Bench, near: list[NearEnd]) -> dict[str, float | None]:
    """Let the calls go on for a while, and say what that cost."""
    sent = await bench.far.counts()
    heard = await _heard(near)
    cpu_before_s = cpu_s(_processes(bench))
    await bench.hold(HOLD_S)
    used_s = cpu_s(_processes(bench)) - cpu_before_s
    return {
        "cpu_per_call": round(used_s / HOLD_S / len(near), 4),
        "concealed_share_sent": _share(sent, await bench.far.counts()),
        "concealed_share_heard": _share(heard, await _heard(near)),
    }


async def _heard(near: list[NearEnd]) -> tuple[int, int] | None:
    concealed = played = 0
    for end in near:
        stats = await end.peer.stats()
        if stats.concealed_samples is None or stats.total_samples_received is None:
            return None
        concealed += stats.concealed_samples
        played += stats.total_samples_received
    return concealed, played


def _share(before: tuple[int, int] | None, after: tuple[int, int] | None) -> float | None:
    if before is None or after is None or after[1] <= before[1]:
        return None
    return round((after[0] - before[0]) / (after[1] - before[1]), 5)


def _named(figures: dict[str, float | None], calls: str) -> dict[str, Any]:
    return {f"{name}_{calls}": value for name, value in figures.items()}


def _processes(bench: Bench) -> list[int]:
    return [pid for pid in family(os.getpid()) if pid != bench.far.pid]


def _memory(bench: Bench) -> int:
    return memory_bytes(_processes(bench))


@asynccontextmanager
async def open_bench(engine: str) -> AsyncIterator[Bench]:
    """The engine by name, with somebody to call."""
    async with AsyncExitStack() as stack:
        if engine == "simulated":
            yield await _simulated(stack)
            return
        far = await stack.enter_async_context(open_callee("wrtc"))
        if engine != "browser":
            yield Bench(peer_factory(engine), far, asyncio.sleep)
            return
        from harness.browser.launch import open_chromium
        from harness.peer.page_peer import page_factory

        chromium = await stack.enter_async_context(open_chromium())
        yield Bench(page_factory(chromium), far, asyncio.sleep)


async def _simulated(stack: AsyncExitStack) -> Bench:
    from harness.testing.simulated_peer import SimulatedNetwork

    network = SimulatedNetwork()
    running = asyncio.create_task(network.run())
    stack.callback(running.cancel)
    far = CalleeHere(network.make_peer)
    stack.push_async_callback(far.hang_up)

    async def hold(seconds: float) -> None:
        passed = asyncio.Event()
        network.later(seconds, passed.set)
        await passed.wait()

    return Bench(network.make_peer, far, hold)


async def main(engine: str) -> dict[str, Any]:
    """Measure one engine."""
    require_proc()
    async with open_bench(engine) as bench:
        return await measure_engine(bench, MonotonicClock())


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1]))))
