"""The cost of recording and statistics: CPU, memory and delay, on against off.

Three measurements in one run. A call of hours in simulated time tells what the harness keeps of it
in memory and on disk, and what its report needs. Calls of a page in Chromium, in turns with
everything on (probe, statistics each second, trace and recordings on disk) and with everything off
(the same page, nobody listening), tell the processor time of browser and harness and what an event
takes there and back.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from harness.audio.clip import AudioClip
from harness.audio.fixtures import find_fixture
from harness.bench.long_call import WARM_S, LongCall, hold, report_of, slope_mb_per_hour
from harness.bench.page_calls import FIXTURE, SCRIPT
from harness.bench.page_overhead import (
    CYCLE_S,
    STATS_EVERY_S,
    Kind,
    Round,
    as_figures,
    cycle,
    ended,
    held,
    in_turns,
    median_round,
    plain_page,
    speak,
)
from harness.bench.processes import cpu_s, require_proc
from harness.browser.launch import Chromium, open_chromium
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.call.recorder import CallRecorder
from harness.call.recordings import Recordings
from harness.clock import MonotonicClock
from harness.protocols.choice import AUTO, adapters
from harness.server.process.launch import RunningServer, start_server
from harness.speech.silero import SileroDetector
from harness.speech.voice_activity import VoiceActivity
from harness.trace import TraceWriter

ON, OFF = "on", "off"
SHORT_S = 60.0
"""The short call whose report is beside the long one's."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One call's figures."""

    page: Round
    harness_cores: float
    """Of this process: processor seconds a second."""


async def measure(
    hours: float = 2.0, rounds: int = 3, seconds: float = 2 * CYCLE_S
) -> dict[str, Any]:
    """The figures of `harness bench overhead`; takes about six minutes.

    Args:
        hours: of the simulated call.
        rounds: calls of each kind in Chromium.
        seconds: how long each of them is held.

    Returns:
        ``memory_mb_per_hour`` (the slope of this process's memory over the simulated call after
        its first half hour; None for a call too short to tell), ``long_call``, ``report``
        and ``short_report`` (what `harness report` needs for it and for a call of a minute),
        ``added_cores`` (browser and harness together), ``added_connect_ms``, ``added_message_ms``,
        ``added_memory_mb`` (of the browser), and ``on``, ``off``: each kind's own medians.

    Raises:
        UsageError: this system has no /proc to read.
        HarnessError: server or browser did not start, or a call did not come up.
    """
    require_proc()
    with tempfile.TemporaryDirectory() as folder:
        costs = await in_chromium(Path(folder), rounds, seconds)
        # A call that does not count has loaded what is loaded once.
        await hold(Path(folder) / "short", SHORT_S)
        short = await report_of(Path(folder) / "short")
        long = await hold(Path(folder) / "long", hours * 3600)
        report = await report_of(Path(folder) / "long")
    return {**long_figures(long), "report": report, "short_report": short, **page_figures(costs)}


def long_figures(call: LongCall) -> dict[str, Any]:
    """Of the simulated call."""
    slope = slope_mb_per_hour(call.memory_mb)
    hours = call.seconds / 3600
    return {
        "memory_mb_per_hour": None if slope is None else round(slope, 2),
        "long_call": {
            "hours": round(hours, 2),
            "slope_from_s": WARM_S,
            "turns": call.turns,
            "memory_mb": [round(each, 1) for each in call.memory_mb],
            "cores_at_real_time": round(call.cpu_s / call.seconds, 4),
            "disk_mb_per_hour": round(call.disk_mb / hours, 1),
        },
    }


def page_figures(costs: dict[str, Sequence[Cost]]) -> dict[str, Any]:
    """Of the calls in Chromium: medians by kind, and their differences."""
    pages = {kind: median_round([cost.page for cost in found]) for kind, found in costs.items()}
    ours = {
        kind: median_round([replace(cost.page, cores=cost.harness_cores) for cost in found]).cores
        for kind, found in costs.items()
    }
    on, off = pages[ON], pages[OFF]
    return {
        "added_cores": round(on.cores + ours[ON] - off.cores - ours[OFF], 4),
        "added_connect_ms": round(on.connect_ms - off.connect_ms, 1),
        "added_message_ms": round(on.message_ms - off.message_ms, 3),
        "added_memory_mb": round(on.memory_mb - off.memory_mb, 1),
        **{
            kind: {**as_figures(page), "harness_cores": round(ours[kind], 4)}
            for kind, page in pages.items()
        },
        "rounds": len(costs[ON]),
    }


async def in_chromium(folder: Path, rounds: int, seconds: float) -> dict[str, Sequence[Cost]]:
    """Calls of a page with everything on and with everything off, in turns."""
    clip = find_fixture(FIXTURE).load().clip
    async with (
        start_server(script=SCRIPT) as server,
        open_chromium(
            device_mode=True, fake_audio_file=cycle(clip, str(folder)), fake_audio_loops=True
        ) as chromium,
    ):
        kinds: dict[str, Kind] = {
            ON: lambda: _recorded_page(chromium, clip, folder / "call"),
            OFF: lambda: plain_page(chromium),
        }
        async with kinds[ON]() as page:
            await held(page, server, 0.0)
        found: dict[str, list[Cost]] = {kind: [] for kind in kinds}
        for kind in in_turns(list(kinds), rounds):
            async with kinds[kind]() as page:
                found[kind].append(await _cost(page, server, seconds))
    return dict(found)


async def _cost(page: Page, server: RunningServer, seconds: float) -> Cost:
    clock = MonotonicClock()
    began_s, before_s = clock.now_s(), cpu_s([os.getpid()])
    measured = await held(page, server, seconds)
    return Cost(measured, (cpu_s([os.getpid()]) - before_s) / (clock.now_s() - began_s))


@asynccontextmanager
async def _recorded_page(chromium: Chromium, clip: AudioClip, folder: Path) -> AsyncIterator[Page]:
    """A page with all that a call of ours does while it runs, but for judging answers."""
    async with AsyncExitStack() as stack:
        page = await stack.enter_async_context(
            open_voice_page(chromium, stats_every_s=STATS_EVERY_S)
        )
        await stack.enter_async_context(_recorder(page, folder))
        speaking = asyncio.create_task(speak(page.microphone, clip))
        stack.push_async_callback(ended, speaking)
        yield page.page


@asynccontextmanager
async def _recorder(page: VoicePage, folder: Path) -> AsyncIterator[None]:
    with TraceWriter(folder / "trace.jsonl", {"name": "overhead"}) as trace:
        recordings = Recordings(folder)
        recorder = CallRecorder(
            page, trace, recordings, adapters(AUTO), lambda: VoiceActivity(SileroDetector())
        )
        async with recorder:
            yield
        recordings.close()
