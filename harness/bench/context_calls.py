"""Calls with a context: how soon a late result is answered, and what looking things up costs."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from harness.client.client import RealtimeClient
from harness.context.definition import ContextDefinition, ContextTool
from harness.context.delivery import QUIET_S
from harness.context.knowledge.files import files_in
from harness.context.knowledge.index import FileIndex
from harness.resources import fixtures_dir
from harness.server.process.launch import RunningServer, start_server

DELIVERIES = 20
RETRIEVALS_A_SECOND = 20
HOLD_S = 10.0
SETTLE_S = 2.0
COPIES = 40
"""Of the shipped documents, in the folder that is searched: 200 files."""

EVENT_WITHIN_S = 20.0
ASKS = "find"
SCRIPT = {
    "rules": [
        {"when": {"tool": "find_out", "result": "Found"}, "say": "It is there."},
        {"when": {"tool": "find_out"}, "say": "I am looking."},
        {"when": {"words": [ASKS]}, "call": {"name": "find_out", "arguments": {}}},
        {"say": "I am telling you all that there is to tell about this house. " * 8},
    ]
}

_there = asyncio.Event()


async def find_out() -> str:
    """Find out; done when the benchmark says so."""
    await _there.wait()
    _there.clear()
    return "Found."


async def delivery(times: int = DELIVERIES) -> dict[str, Any]:
    """How soon an answer begins, once long work is done and neither side speaks.

    Returns:
        ``delivery_delay_ms_p50``, ``delivery_delay_ms_p95`` of ``deliveries``: from the return of
        the function that works to the server's ``response.created``, in calls of the local server.
        Both sides have been silent for longer than the assistant waits for (0.6 s).
    """
    tool = ContextTool(python=f"{__name__}:find_out", long=True)
    context = ContextDefinition(name="desk", tools=[tool])
    async with _call(context) as (client, _):
        delays_ms = sorted([await _delivery_ms(client) for _ in range(times)])
    return {
        "delivery_delay_ms_p50": round(delays_ms[len(delays_ms) // 2], 1),
        "delivery_delay_ms_p95": round(delays_ms[int(len(delays_ms) * 0.95)], 1),
        "deliveries": times,
    }


async def _delivery_ms(client: RealtimeClient) -> float:
    events = client.events("realtime_event", from_start=False)
    await client.type_text(f"Please {ASKS} it.")
    await _until(events, "output_audio_buffer.stopped")  # it has said that it is looking
    await asyncio.sleep(QUIET_S + 0.2)
    events.take_available()
    began_s = time.perf_counter()
    _there.set()
    await _until(events, "response.created")
    took_ms = (time.perf_counter() - began_s) * 1000
    await _until(events, "output_audio_buffer.stopped")
    events.close()
    return took_ms


async def _until(events: Any, kind: str) -> None:
    async with asyncio.timeout(EVENT_WITHIN_S):
        async for event in events:
            if event.data["event"].get("type") == kind:
                return


async def concealment(hold_s: float = HOLD_S) -> dict[str, Any]:
    """What a call's audio suffers from searches in its own process.

    Returns:
        ``audio_concealed_share``: of the samples that the client hears and of those that the server
        hears, the worse share that was made up, while a folder of 200 documents is searched 20
        times a second and each of them is read again once; ``audio_concealed_share_alone``: the
        same call without; ``retrievals`` and ``files_read_again`` that there were,
        ``retrieval_ms_p95``.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = _documents(Path(folder))
        index = FileIndex([folder])
        await index.retrieve("soup", 3)  # the first reading is before a call
        async with _call(ContextDefinition(name="house")) as (client, server):
            await client.type_text("Tell me all.")  # spoken all the while
            await asyncio.sleep(SETTLE_S)
            alone = await _share_during(client, server, asyncio.sleep(hold_s))
            took_ms: list[float] = []
            share = await _share_during(client, server, _search(index, files, hold_s, took_ms))
        index.close()
    took_ms.sort()
    return {
        "audio_concealed_share": share,
        "audio_concealed_share_alone": alone,
        "retrievals": len(took_ms),
        "files_read_again": len(files),
        "retrieval_ms_p95": round(took_ms[int(len(took_ms) * 0.95)], 1),
    }


def _documents(folder: Path) -> list[Path]:
    files = []
    shipped = files_in([fixtures_dir() / "contexts" / "knowledge"])
    for path, number in itertools.product(shipped, range(COPIES)):
        files.append(folder / f"{path.stem}-{number}{path.suffix}")
        shutil.copy(path, files[-1])
    return files


async def _search(index: FileIndex, files: list[Path], hold_s: float, took_ms: list[float]) -> None:
    """Ask at a steady pace, whether the last question is answered or not; and touch all files."""
    text = (fixtures_dir() / "contexts" / "questions.yaml").read_text(encoding="utf-8")
    questions = itertools.cycle(one["ask"] for one in yaml.safe_load(text)["questions"])

    async def ask(question: str) -> None:
        began_s = time.perf_counter()
        await index.retrieve(question, 3)
        took_ms.append((time.perf_counter() - began_s) * 1000)

    loop = asyncio.get_running_loop()
    began_s = loop.time()
    async with asyncio.TaskGroup() as asking:
        for number in range(round(hold_s * RETRIEVALS_A_SECOND)):
            if number == round(hold_s * RETRIEVALS_A_SECOND) // 2:
                for path in files:
                    os.utime(path)
            asking.create_task(ask(next(questions)))
            await asyncio.sleep(began_s + (number + 1) / RETRIEVALS_A_SECOND - loop.time())


async def _share_during(client: RealtimeClient, server: RunningServer, work: Any) -> float | None:
    before = await _samples(client, server)
    await work
    after = await _samples(client, server)
    shares = [
        (new[0] - old[0]) / (new[1] - old[1])
        for old, new in zip(before, after, strict=True)
        if new[1] > old[1]
    ]
    return round(max(shares), 5) if len(shares) == len(before) else None


async def _samples(client: RealtimeClient, server: RunningServer) -> list[tuple[int, int]]:
    """Made up, and all: of what the client has heard, and of what the server has."""
    stats = await client.stats()
    headers = {"Authorization": f"Bearer {server.api_key}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.get(f"{server.url}/harness/calls") as answer,
    ):
        (call,) = (one for one in (await answer.json())["calls"] if "packets_sent" in one)
    return [
        (stats.concealed_samples or 0, stats.total_samples_received or 0),
        (call["concealed_samples"] or 0, call["total_samples_received"] or 0),
    ]


@asynccontextmanager
async def _call(context: ContextDefinition) -> AsyncIterator[tuple[RealtimeClient, RunningServer]]:
    async with start_server(script=SCRIPT) as server:
        client = RealtimeClient(server.url, api_key=server.api_key, context=context)
        await client.connect()
        try:
            yield client, server
        finally:
            with contextlib.suppress(Exception):
                await client.aclose()
