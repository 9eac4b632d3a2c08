"""What a server did in faults' names, in the trace of a call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.call.fault_log_reader import (
    FaultLogReader,
    LocalFaultLog,
    ServerFaultLog,
    write_faults,
)
from harness.clock import MonotonicClock
from harness.realtime.faults.log import FaultLog
from harness.realtime.faults.triggers import Applied
from harness.timeline import Timeline
from harness.trace import TraceEvent, TraceWriter, read_trace
from tests.support.local_server import API_KEY, local_server


@dataclass
class At:
    url: str
    api_key: str = API_KEY


def timeline() -> Timeline:
    """Python's time is the call's."""
    line = Timeline()
    line.start(0.0)
    line.pair_python(0.0, 0.0, 0.0)
    return line


async def written(witness: FaultLogReader, folder: Path) -> list[TraceEvent]:
    with TraceWriter(folder / "trace.jsonl", {}) as trace:
        await write_faults(witness, trace, timeline(), 0.002)
    return read_trace(folder / "trace.jsonl").events


async def test_a_server_in_memory_shares_our_clock(tmp_path: Path) -> None:
    log = FaultLog()
    log.add(Applied("event_late", "response.done is 2 s late", 3.25))
    (event,) = await written(LocalFaultLog(log), tmp_path)
    assert (event.source, event.type, event.t_s) == ("server", "fault.applied", 3.25)
    assert event.data == {
        "name": "event_late",
        "detail": "response.done is 2 s late",
        "uncertainty_s": 0.002,
    }


async def test_a_local_server_is_asked_and_its_clock_compared(tmp_path: Path) -> None:
    async with local_server() as server:
        log, clock = server.state.fault_sources.log, MonotonicClock()
        witness = ServerFaultLog(At(str(server.client.make_url("/"))), clock)
        log.add(Applied("http_error", "of an earlier call", clock.now_s()))
        await witness.begin()
        now_s = clock.now_s()
        log.add(Applied("http_error", "calls is answered 429", now_s), "rtc_A")
        (event,) = await written(witness, tmp_path)
    assert (event.data["detail"], event.data["call_id"]) == ("calls is answered 429", "rtc_A")
    assert event.t_s == pytest.approx(now_s, abs=event.data["uncertainty_s"])


async def test_a_voice_that_was_too_slow_is_a_fallback_and_no_fault(tmp_path: Path) -> None:
    async with local_server() as server:
        witness = ServerFaultLog(At(str(server.client.make_url("/"))), MonotonicClock())
        await witness.begin()
        await asyncio.to_thread(server.state.speech.when_slow, "it took 3 s")
        await asyncio.sleep(0)
        (event,) = await written(witness, tmp_path)
    assert (event.source, event.type) == ("server", "fallback")
    assert event.data == {"what": "a quicker voice", "why": "it took 3 s"}


async def test_a_server_that_is_not_ours_has_nothing_to_tell(tmp_path: Path) -> None:
    async with local_server() as server:
        witness = ServerFaultLog(
            At(str(server.client.make_url("/")), "wrong key"), MonotonicClock()
        )
        await witness.begin()
        assert await written(witness, tmp_path) == []


async def test_a_server_that_is_gone_is_a_fact(tmp_path: Path) -> None:
    async with local_server() as server:
        witness = ServerFaultLog(At(str(server.client.make_url("/"))), MonotonicClock())
        await witness.begin()
    (event,) = await written(witness, tmp_path)
    assert (event.source, event.type) == ("server", "server.unreachable")
