"""Threads behind an event loop."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.context.threads.place import Place, place_of
from harness.errors import ContextError
from tests.support.postgres_server import a_place
from tests.support.thread_rows import asked_row, thread_row


@pytest.fixture(params=["file", "postgres", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place | None:
    return None if request.param == "memory" else place_of(a_place(request, tmp_path))


async def test_many_ask_at_once_and_each_is_answered(place: Place | None) -> None:
    threads = KeptThreads(place)
    await threads.ask(ThreadDatabase.save_thread, "kim", thread_row())
    names = [f"msg_{number}" for number in range(20)]
    rows = [asked_row(name) for name in names]
    await asyncio.gather(*(threads.ask(ThreadDatabase.save_item, "thr_1", row) for row in rows))
    assert sorted(row["id"] for row in await threads.all_items("thr_1")) == sorted(names)
    assert [row["id"] for row in await threads.all_threads("kim")] == ["thr_1"]
    await threads.aclose()
    kept = await threads.all_threads(None)  # opened again
    assert len(kept) == (0 if place is None else 1)
    await threads.aclose()


async def test_a_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    threads = KeptThreads(tmp_path)
    with pytest.raises(ContextError):
        await threads.all_threads(None)
    await threads.aclose()
