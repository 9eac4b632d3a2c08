"""Contexts: what a thread adds to the opening of a call, and what a killed process loses of it."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from harness.client.client import RealtimeClient
from harness.context.context import Context
from harness.context.definition import ContextDefinition
from harness.context.thread_items import written_row
from harness.context.threads.choice import ContextChoice
from harness.context.threads.contexts import Contexts
from harness.server.process.launch import RunningServer, start_server

ITEMS = 200
PAIRS = 15
SAVES = 10_000
MOST_AT_ONCE = 1_000
"""A process is killed before it has kept more items than this."""

RESUMED_WITHIN_S = 20.0

WRITER = """
import asyncio, sys
from harness.bench.contexts import write
asyncio.run(write(sys.argv[1]))
"""


async def measure(pairs: int = PAIRS, saves: int = SAVES) -> dict[str, Any]:
    """The figures of `harness bench contexts`; takes about two minutes.

    Args:
        pairs: calls with a thread, and as many without one, in turns.
        saves: items that are kept while processes are killed.

    Returns:
        ``open_ms_added`` (median over the pairs: from `connect` to the last of 200 items being in,
        against a call whose thread is empty), its ``open_ms_added_p95``, ``items_lost`` of
        ``items_acknowledged``, ``items_out_of_order``, and ``kills``.
    """
    with tempfile.TemporaryDirectory() as folder:
        opening = await _opening(Path(folder) / "calls.db", pairs)
        kept = await killed(Path(folder) / "killed.db", saves)
    return {**opening, **kept}


async def _opening(path: Path, pairs: int) -> dict[str, Any]:
    contexts = Contexts(path)
    empty = await contexts.open(ContextDefinition(name="empty"))
    full = await contexts.open(ContextDefinition(name="full", history_tokens=100_000))
    rows = [_row(full, number) for number in range(ITEMS)]
    await contexts.save_items(full, rows)
    added_ms: list[float] = []
    async with start_server() as server:
        await _open_s(server, contexts, empty, 0)
        for pair in range(pairs):
            first, second = ((empty, 0), (full, ITEMS))[:: 1 if pair % 2 else -1]
            took_s = {one.name: await _open_s(server, contexts, one, count)
                      for one, count in (first, second)}  # fmt: skip
            added_ms.append((took_s["full"] - took_s["empty"]) * 1000)
    await contexts.aclose()
    added_ms.sort()
    return {
        "open_ms_added": round(statistics.median(added_ms), 1),
        "open_ms_added_p95": round(added_ms[int(len(added_ms) * 0.95)], 1),
        "pairs": pairs,
    }


async def _open_s(server: RunningServer, contexts: Contexts, context: Context, count: int) -> float:
    """Seconds from `connect` to the thread being in."""
    choice = ContextChoice(context, contexts)
    client = RealtimeClient(server.url, api_key=server.api_key, context=choice)
    began_s = time.perf_counter()
    try:
        await client.connect()
        if count:
            resumed = await client.expect("resumed", within_s=RESUMED_WITHIN_S)
            assert resumed.data["count"] == count, resumed.data
        return time.perf_counter() - began_s
    finally:
        await client.aclose()


async def killed(path: Path, saves: int, most_at_once: int = MOST_AT_ONCE) -> dict[str, Any]:
    """Keep items in processes that are killed at any moment; see what is there afterwards."""
    contexts, chance = Contexts(path), random.Random(13)
    context = await contexts.open(ContextDefinition(name="killed"))
    acknowledged = kills = lost = out_of_order = 0
    while acknowledged < saves:
        last = await _write_until(path, chance.randint(1, most_at_once))
        kills += 1
        there = [int(row["id"].rpartition("_")[2]) for row in await contexts.items(context)]
        lost += len(set(range(last + 1)) - set(there))
        out_of_order += there != sorted(there)
        acknowledged += last + 1
        await contexts.delete(context)
        await contexts.open(context.definition)
    await contexts.aclose()
    return {
        "items_lost": lost,
        "items_acknowledged": acknowledged,
        "items_out_of_order": out_of_order,
        "kills": kills,
    }


async def _write_until(path: Path, wanted: int) -> int:
    """The number of the last item that a process says it has kept, before it is killed."""
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, str(path), stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout is not None
    last = -1
    try:
        while last < wanted - 1 and (line := await writer.stdout.readline()):
            last = int(line)
    finally:
        os.kill(writer.pid, signal.SIGKILL)
    while line := await writer.stdout.readline():
        if line.endswith(b"\n"):
            last = int(line)
    await writer.wait()
    return last


async def write(path: str) -> None:
    """Keep items for ever, and print the number of each that is kept."""
    contexts = Contexts(path)
    context = await contexts.load("killed")
    for number in itertools.count():
        await contexts.save_items(context, [_row(context, number)])
        print(number, flush=True)


def _row(context: Context, number: int) -> dict[str, Any]:
    text = f"This is what was said as number {number} of this conversation."
    return written_row(context, f"msg_{number:08d}", text, context.created_unix_s + number)
