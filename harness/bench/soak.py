"""Calls opened and closed for a while: what fails, what slows down, what is left behind.

Both ends run the same engine, the remote peer in a process of its own, and each call carries audio
both ways and a message there and back.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import threading
from dataclasses import dataclass, field
from typing import Any

from harness.bench.callee import open_callee
from harness.bench.engine_figures import LABEL, Bench, call, open_bench
from harness.bench.processes import cpu_s, family, file_handles, memory_bytes, require_proc
from harness.clock import Clock, MonotonicClock
from harness.errors import PeerError
from harness.peer.backends import DEFAULT_ENGINE, peer_factory

WARM_CALLS = 20
"""Calls before counting starts: what an engine makes once and keeps."""
TALK_S = 0.3
HEARD_FRAMES = 4_800
TENTH = 10


@dataclass(slots=True)
class Soak:
    """What a soak has seen so far."""

    connects_ms: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def slow_down(self) -> float | None:
        """Median connect time of the last tenth over that of the first."""
        part = len(self.connects_ms) // TENTH
        if not part:
            return None
        first, last = self.connects_ms[:part], self.connects_ms[-part:]
        return round(statistics.median(last) / statistics.median(first), 3)


async def measure(engine: str = DEFAULT_ENGINE, minutes: float = 20.0) -> dict[str, Any]:
    """The figures of `harness bench soak`.

    Returns:
        engine, minutes, calls, failures (their number) and first_failures; connect_ms_median,
        connect_ms_worst, slow_down (last tenth over first); memory_growth_per_call_bytes and
        handle_growth for near and remote peer, thread_growth; cpu_s_per_call.

    Raises:
        UsageError: no such engine, or no /proc to read.
    """
    require_proc()
    clock = MonotonicClock()
    if engine in ("browser", "simulated"):
        async with open_bench(engine) as bench:
            return await _soak(bench, clock, engine, minutes)
    make_peer = peer_factory(engine)  # told before a process is begun for it
    async with open_callee(engine) as far:
        return await _soak(Bench(make_peer, far, asyncio.sleep), clock, engine, minutes)


async def _soak(bench: Bench, clock: Clock, engine: str, minutes: float) -> dict[str, Any]:
    for _ in range(WARM_CALLS):
        await _one_call(bench, clock, Soak())
    soak = Soak()
    before = _Size(bench)
    start_s = clock.now_s()
    while clock.now_s() - start_s < minutes * 60:
        await _one_call(bench, clock, soak)
    after = _Size(bench)
    calls = max(1, len(soak.connects_ms))
    return {
        "engine": engine,
        "minutes": round((clock.now_s() - start_s) / 60, 2),
        "calls": len(soak.connects_ms),
        "failures": len(soak.failures),
        "first_failures": soak.failures[:5],
        "connect_ms_median": _median(soak.connects_ms),
        "connect_ms_worst": round(max(soak.connects_ms, default=0.0), 1),
        "slow_down": soak.slow_down(),
        "cpu_s_per_call": round((after.cpu_s - before.cpu_s) / calls, 4),
        "memory_growth_per_call_bytes": round((after.near_bytes - before.near_bytes) / calls),
        "far_memory_growth_per_call_bytes": round((after.far_bytes - before.far_bytes) / calls),
        "handle_growth": after.handles - before.handles,
        "far_handle_growth": after.far_handles - before.far_handles,
        "thread_growth": after.threads - before.threads,
    }


async def _one_call(bench: Bench, clock: Clock, soak: Soak) -> None:
    start_s = clock.now_s()
    try:
        async with call(bench) as near:
            soak.connects_ms.append((clock.now_s() - start_s) * 1000)
            near.peer.send(LABEL, "are you there?")
            await near.ear.until(
                lambda: bool(near.ear.messages) and near.ear.received_frames >= HEARD_FRAMES
            )
            await bench.hold(TALK_S)
            if near.ear.errors:
                raise near.ear.errors[0]
    except (PeerError, TimeoutError) as error:
        soak.failures.append(str(error) or type(error).__name__)
    finally:
        await bench.far.hang_up()


class _Size:
    """What the processes of a soak hold at this moment."""

    def __init__(self, bench: Bench) -> None:
        near = [pid for pid in family(os.getpid()) if pid != bench.far.pid]
        far = [] if bench.far.pid is None else [bench.far.pid]
        self.near_bytes, self.far_bytes = memory_bytes(near), memory_bytes(far)
        self.cpu_s = cpu_s([*near, *far])
        self.handles = file_handles(os.getpid())
        self.far_handles = sum(map(file_handles, far))
        self.threads = threading.active_count()


def _median(values: list[float]) -> float | None:
    return round(statistics.median(values), 1) if values else None
