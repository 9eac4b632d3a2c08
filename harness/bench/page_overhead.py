"""The cost of the probe for a page that holds a call, beside no probe and beside a public client.

The same page calls the local server, is spoken to and answered, in one Chromium: as it is, with
everything the harness does (microphone, recordings, statistics, events), and with the rtcstats
client, which traces the API and reads statistics at the same interval, and has no audio and no
messages of data channels. The kinds take turns, after one call that does not count, and medians
are compared.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web
from playwright.async_api import Page

from harness.audio.clip import AudioClip, joined, silence
from harness.audio.fixtures import find_fixture
from harness.audio.wav import write_wav
from harness.bench.overhead_page import CALL, rtcstats_script
from harness.bench.page_calls import FIXTURE, SCRIPT
from harness.bench.processes import cpu_s, family, memory_bytes, require_proc
from harness.bench.progress import told
from harness.browser.launch import Chromium, open_chromium
from harness.browser.voice_page import open_voice_page
from harness.clock import MonotonicClock
from harness.server.process.launch import RunningServer, start_server

STATS_EVERY_S = 1.0
SETTLE_S = 2.0
"""After the call is up: what opening it cost is another figure."""
CYCLE_S = 6.0
"""The user's sentence, its answer, and a pause."""
CONNECT_WITHIN_MS = 20_000

NONE, FULL, RTCSTATS = "none", "full", "rtcstats"


@dataclass(frozen=True, slots=True)
class Round:
    """One call's figures."""

    cores: float
    """Of the whole browser: processor seconds a second, while the call was held."""
    connect_ms: float
    """From getUserMedia to the open data channel, by the page's own clock."""
    message_ms: float
    """Median of an event's way to the server and of the answer's back, as the page's handler sees
    it."""
    heap_mb: float
    """The page's own script heap after its garbage was collected."""
    memory_mb: float
    """The whole browser's, by proportional shares."""


async def measure(rounds: int = 5, seconds: float = 2 * CYCLE_S) -> dict[str, Any]:
    """The figures of `harness bench page-overhead`; takes about four minutes.

    Args:
        rounds: calls of each kind.
        seconds: how long each is held.

    Returns:
        Medians over the rounds: ``cpu_ratio`` (the browser's processor time with everything
        against none), ``cpu_ratio_to_rtcstats`` (with everything against rtcstats; None without
        the package), ``added_connect_ms``, ``added_message_ms``, ``heap_mb`` (added),
        ``memory_mb`` (added), and ``none``, ``full``, ``rtcstats``: each kind's own figures.

    Raises:
        UsageError: this system has no /proc to read.
        HarnessError: server or browser did not start, or a page got no call.
    """
    require_proc()
    with tempfile.TemporaryDirectory() as folder:
        clip = find_fixture(FIXTURE).load().clip
        async with (
            start_server(script=SCRIPT) as server,
            open_chromium(
                device_mode=True, fake_audio_file=cycle(clip, folder), fake_audio_loops=True
            ) as chromium,
            _sink() as sink_url,
        ):
            kinds = _kinds(chromium, clip, rtcstats_script(sink_url, STATS_EVERY_S))
            found = await measured_rounds(kinds, server, rounds, seconds)
    return figures(found)


def figures(found: dict[str, Sequence[Round]]) -> dict[str, Any]:
    """Medians, and their ratios and differences, of the rounds by kind."""
    medians = {kind: median_round(rounds) for kind, rounds in found.items() if rounds}
    none, full = medians[NONE], medians[FULL]
    public = medians.get(RTCSTATS)
    return {
        "cpu_ratio": round(full.cores / none.cores, 3),
        "cpu_ratio_to_rtcstats": None if public is None else round(full.cores / public.cores, 3),
        "added_connect_ms": round(full.connect_ms - none.connect_ms, 1),
        "added_message_ms": round(full.message_ms - none.message_ms, 3),
        "heap_mb": round(full.heap_mb - none.heap_mb, 2),
        "memory_mb": round(full.memory_mb - none.memory_mb, 1),
        **{kind: as_figures(median) for kind, median in medians.items()},
        "rounds": len(found[NONE]),
    }


def median_round(rounds: Sequence[Round]) -> Round:
    """The median of each figure."""
    columns = zip(*(asdict(one).values() for one in rounds), strict=True)
    return Round(*(statistics.median(column) for column in columns))


def as_figures(median: Round) -> dict[str, float]:
    """The same for JSON."""
    return {name: round(value, 3) for name, value in asdict(median).items()}


Kind = Callable[[], AbstractAsyncContextManager[Page]]


def _kinds(chromium: Chromium, clip: AudioClip, script: str | None) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {
        NONE: lambda: plain_page(chromium),
        FULL: lambda: _probed_page(chromium, clip),
    }
    if script is not None:
        kinds[RTCSTATS] = lambda: plain_page(chromium, script)
    return kinds


async def measured_rounds(
    kinds: dict[str, Kind], server: RunningServer, rounds: int, seconds: float
) -> dict[str, Sequence[Round]]:
    """So many calls of each kind, in turns, after one that does not count."""
    async with kinds[NONE]() as page:
        await held(page, server, 0.0)
    found: dict[str, list[Round]] = {kind: [] for kind in kinds}
    for kind in in_turns(list(kinds), rounds):
        async with kinds[kind]() as page:
            found[kind].append(await held(page, server, seconds))
    return dict(found)


def in_turns(kinds: list[str], rounds: int) -> Iterator[str]:
    """Each kind in each round; it is said which is at work."""
    order = [kind for number in range(rounds) for kind in turns(kinds, number)]
    return told(order, len(order), str)


def turns(kinds: list[str], number: int) -> list[str]:
    """The order of one round: another kind begins each, so that none always comes first."""
    first = number % len(kinds)
    return kinds[first:] + kinds[:first]


async def held(page: Page, server: RunningServer, seconds: float) -> Round:
    """Hold one call on a page, and read its figures."""
    clock = MonotonicClock()
    await page.goto(f"{server.page_url}healthz")
    connect_ms = await page.evaluate(CALL, CONNECT_WITHIN_MS)
    await asyncio.sleep(SETTLE_S)
    browser = _browser_pids()
    began_s, before_s = clock.now_s(), cpu_s(browser)
    await asyncio.sleep(seconds)
    cores = (cpu_s(browser) - before_s) / (clock.now_s() - began_s)
    waits_ms = await page.evaluate("overheadCall.waitsMs") or [0.0]
    memory_mb = memory_bytes(browser) / 2**20
    heap_mb = await _heap_mb(page)
    await page.evaluate("overheadCall.end()")
    return Round(cores, connect_ms, statistics.median(waits_ms), heap_mb, memory_mb)


def _browser_pids() -> list[int]:
    return [
        pid
        for pid in family(os.getpid())
        if "chrom" in Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").lower()
    ]


async def _heap_mb(page: Page) -> float:
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    usage = await session.send("Runtime.getHeapUsage")
    await session.detach()
    return float(usage["usedSize"]) / 2**20


@asynccontextmanager
async def plain_page(chromium: Chromium, script: str | None = None) -> AsyncIterator[Page]:
    """A page without us, with a script of others before its own."""
    context = await chromium.browser.new_context(permissions=["microphone"])
    try:
        if script is not None:
            await context.add_init_script(script)
        yield await context.new_page()
    finally:
        await context.close()


@asynccontextmanager
async def _probed_page(chromium: Chromium, clip: AudioClip) -> AsyncIterator[Page]:
    async with AsyncExitStack() as stack:
        voice_page = await stack.enter_async_context(
            open_voice_page(chromium, stats_every_s=STATS_EVERY_S)
        )
        for frames in (voice_page.sent, voice_page.received, voice_page.heard):
            reading = asyncio.create_task(_read(frames.reader()))
            stack.push_async_callback(ended, reading)
        speaking = asyncio.create_task(speak(voice_page.microphone, clip))
        stack.push_async_callback(ended, speaking)
        yield voice_page.page


async def _read(frames: AsyncIterator[Any]) -> None:
    async for _ in frames:
        pass


async def speak(microphone: Any, clip: AudioClip) -> None:
    """Say the clip over and over, each `CYCLE_S`."""
    await microphone.ready(within_s=CONNECT_WITHIN_MS / 1000)
    while True:
        await microphone.play(clip)
        await asyncio.sleep(CYCLE_S)


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def cycle(clip: AudioClip, folder: str) -> Path:
    """The file that the browser's own microphone plays, over and over."""
    path = Path(folder) / "cycle.wav"
    whole = joined(clip, silence(CYCLE_S - clip.duration_s))
    write_wav(path, whole.samples, whole.sample_rate_hz)
    return path


@asynccontextmanager
async def _sink() -> AsyncIterator[str]:
    """Where rtcstats sends to; what comes is read and left."""

    async def read(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("2.0",))
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.ERROR:
                break
        return socket

    app = web.Application()
    app.router.add_get("/{anything:.*}", read)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"ws://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
