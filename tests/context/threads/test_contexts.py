"""Contexts that are kept: one suite for files, memory and PostgreSQL; and what spoils a file."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from harness.context.context import KEY, context_id
from harness.context.definition import ContextDefinition
from harness.context.errors import (
    ContextDamaged,
    ContextEnded,
    ContextExists,
    ContextInUse,
    ContextLocked,
    ContextNotFound,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreNewer,
    StoreReadOnly,
)
from harness.context.thread_items import history_of_thread, written_row
from harness.context.threads.contexts import LEASE_S, Contexts, new_holder
from harness.context.threads.database import DAMAGED, ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.context.threads.schema import VERSION
from tests.support.contexts import NOW
from tests.support.postgres_server import a_place
from tests.support.thread_rows import asked_row, thread_row

SHOP = ContextDefinition(name="shop", state={"city": "Rome"})
MINE = ContextDefinition(name="mine", owner="user", expires_after_days=1)


class HandTime:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.unix_s = NOW

    def __call__(self) -> float:
        return self.unix_s


@pytest.fixture
def now() -> HandTime:
    return HandTime()


@pytest.fixture(params=["file", "postgres", "memory"])
async def contexts(
    request: pytest.FixtureRequest, tmp_path: Path, now: HandTime
) -> AsyncIterator[Contexts]:
    place = None if request.param == "memory" else a_place(request, tmp_path)
    one = Contexts(place, unix_time_s=now)
    yield one
    await one.aclose()


async def test_it_is_begun_once_and_found_again(contexts: Contexts) -> None:
    begun = await contexts.create(SHOP)
    assert await contexts.load("shop") == await contexts.load(begun.id) == begun
    assert await contexts.open(SHOP) == begun
    with pytest.raises(ContextExists, match="there already"):
        await contexts.create(SHOP)
    other = await contexts.open(ContextDefinition(name="shop", instructions="Be brief."))
    assert (other.id, other.state) == (begun.id, {"city": "Rome"})
    assert (await contexts.load("shop")).definition.instructions == "Be brief."


async def test_nobody_finds_what_is_anothers(contexts: Contexts) -> None:
    begun = await contexts.create(MINE, "kim")
    await contexts.create(SHOP)
    for user in ("eve", None):
        for name in ("mine", begun.id):
            with pytest.raises(ContextNotFound):
                await contexts.load(name, user)
        assert begun not in (await contexts.list(user)).data
    assert (await contexts.list("kim")).data == [begun]
    with pytest.raises(ContextNotFound):
        await contexts.list(None, after="thr_none")


async def test_a_chats_thread_is_no_context(contexts: Contexts) -> None:
    await contexts.threads.ask(ThreadDatabase.save_thread, "kim", thread_row())
    assert (await contexts.list("kim")).data == []
    with pytest.raises(ContextNotFound):
        await contexts.load("thr_1", "kim")


async def test_a_list_comes_in_pages_the_newest_first(contexts: Contexts) -> None:
    for number in range(5):
        await contexts.create(ContextDefinition(name=f"shop-{number}"))
    first = await contexts.list(limit=2)
    assert [one.name for one in first.data] == ["shop-4", "shop-3"]
    rest = await contexts.list(after=first.after, limit=9)
    assert [one.name for one in rest.data] == ["shop-2", "shop-1", "shop-0"]
    assert (first.has_more, rest.has_more, rest.after) == (True, False, None)


async def test_it_is_changed_locked_closed_and_deleted(contexts: Contexts) -> None:
    one = await contexts.create(SHOP)
    one = await contexts.set_state(one, {"guests": 2})
    await contexts.save_items(one, [asked_row("msg_1"), asked_row("msg_2")])
    locked = await contexts.lock(one, "on holiday")
    for change in (
        contexts.set_state(one, {}),
        contexts.save_items(one, [asked_row("msg_3")]),
        contexts.begin_call(one, new_holder()),
    ):
        with pytest.raises(ContextLocked, match="on holiday"):
            await change
    assert (await contexts.load("shop")) == locked
    assert await contexts.open(ContextDefinition(name="shop", instructions="Sell hats.")) == locked
    assert (await contexts.load("shop")) == locked
    await contexts.unlock(one)
    await contexts.delete_item(one, "msg_1")
    assert [row["id"] for row in await contexts.items(one)] == ["msg_2"]
    closed = await contexts.close(one)
    with pytest.raises(ContextEnded):
        await contexts.save_items(one, [asked_row("msg_3")])
    assert (closed.status, closed.state) == ("closed", {"city": "Rome", "guests": 2})
    await contexts.delete(one)
    for gone in (contexts.load("shop"), contexts.delete(one), contexts.lock(one)):
        with pytest.raises(ContextNotFound):
            await gone


async def test_what_has_expired_is_deleted_of_every_owner(
    contexts: Contexts, now: HandTime
) -> None:
    await contexts.create(SHOP)
    await contexts.create(MINE, "kim")
    used = await contexts.create(MINE, "eve")
    now.unix_s += 60_000
    await contexts.set_state(used, {"a": 1})
    now.unix_s += 60_000
    assert await contexts.delete_expired() == 1
    assert (await contexts.list("kim")).data == []
    assert len((await contexts.list("eve")).data) == 1


async def test_changes_at_once_are_all_kept(contexts: Contexts) -> None:
    one = await contexts.create(SHOP)
    await asyncio.gather(*(contexts.set_state(one, {f"k{n}": n}) for n in range(20)))
    assert len((await contexts.load("shop")).state) == 21


async def test_one_call_at_a_time_has_it(contexts: Contexts, now: HandTime) -> None:
    one = await contexts.create(SHOP)
    first, second = "elsewhere:1:a", "elsewhere:1:b"
    assert (await contexts.begin_call(one, first)).calls == 1
    with pytest.raises(ContextInUse, match="one call at a time"):
        await contexts.begin_call(one, second)
    now.unix_s += LEASE_S * 0.9
    assert await contexts.keep_call(one, first)
    now.unix_s += LEASE_S * 0.9
    with pytest.raises(ContextInUse):
        await contexts.begin_call(one, second)
    await contexts.end_call(one, second)  # not its to end
    await contexts.end_call(one, first)
    assert (await contexts.begin_call(one, second)).calls == 2
    now.unix_s += LEASE_S
    assert (await contexts.begin_call(one, first)).calls == 3
    assert not await contexts.keep_call(one, second)
    await contexts.delete(one)
    assert not await contexts.keep_call(one, first)


def ended_process_id() -> int:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return gone.pid


async def test_a_call_whose_process_has_died_holds_nobody_up(contexts: Contexts) -> None:
    one = await contexts.create(SHOP)
    mine = new_holder()
    host, _, rest = mine.partition(":")
    dead = f"{host}:{ended_process_id()}:{rest.rpartition(':')[2]}"
    await contexts.begin_call(one, dead)
    assert (await contexts.begin_call(one, mine)).calls == 2
    with pytest.raises(ContextInUse):
        await contexts.begin_call(one, new_holder())


async def test_a_damaged_context_is_in_nobodys_way(contexts: Contexts) -> None:
    await contexts.create(SHOP)
    row = thread_row(context_id("half", "@application"), metadata={KEY: {"definition": 1}})
    await contexts.threads.ask(ThreadDatabase.save_thread, "@application", row)
    assert [one.name for one in (await contexts.list()).data] == ["shop"]
    assert await contexts.delete_expired() == 0


async def test_what_is_half_written_is_told_and_the_rest_of_the_thread_is_there(
    tmp_path: Path,
) -> None:
    """As another program, or a disk, might leave it: JSON that ends in its middle."""
    path = tmp_path / "contexts.db"
    contexts = Contexts(path)
    context = await contexts.open(SHOP)
    for number in (1, 2):
        row = written_row(context, f"msg_{number}", "Hello.", NOW)
        await contexts.save_items(context, [row])
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("UPDATE items SET data = substr(data, 1, 20) WHERE id = 'msg_1'")
    rows = await contexts.items(context)
    assert [row["type"] for row in rows] == [DAMAGED, "user_message"]
    (left,) = history_of_thread(rows, 1000).left_out
    assert left.item_id == "msg_1"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("UPDATE threads SET data = substr(data, 1, 20)")
    with pytest.raises(ContextDamaged, match="cannot be read"):
        await contexts.load("shop")
    with pytest.raises(ContextDamaged):
        await contexts.open(SHOP)
    await contexts.aclose()


async def test_a_server_and_its_contexts_share_what_keeps_them() -> None:
    threads = KeptThreads()
    contexts = Contexts(threads=threads)
    await contexts.create(SHOP)
    (row,) = await threads.all_threads("@application")
    assert row["title"] == "shop"
    await threads.aclose()


# --- files that cannot be used -------------------------------------------------------------------


async def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "contexts.db"
    ThreadDatabase(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()
    with pytest.raises(StoreNewer, match="newer version"):
        await Contexts(path).create(SHOP)


async def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "contexts.db"
    path.write_bytes(b"x" * 4096)
    with pytest.raises(StoreDamaged):
        await Contexts(path).create(SHOP)


async def test_a_full_file_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "contexts.db"
    contexts = Contexts(path)
    one = await contexts.create(SHOP)
    await contexts.save_items(one, [asked_row("msg_1")])

    def limit(database: ThreadDatabase) -> None:
        ((pages,),) = database.connection.read("PRAGMA page_count", ())
        database.connection.read(f"PRAGMA max_page_count = {pages}", ())

    await contexts.threads.ask(limit)
    with pytest.raises(StoreFull, match=r"contexts\.db"):
        await contexts.save_items(one, [asked_row("msg_2", "x" * 100_000)])
    assert [row["id"] for row in await contexts.items(one)] == ["msg_1"]
    await contexts.aclose()


async def test_a_busy_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "contexts.db"
    monkeypatch.setattr("harness.context.threads.schema.BUSY_MS", 20)
    contexts = Contexts(path)
    one = await contexts.create(SHOP)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        await contexts.save_items(one, [asked_row()])
    other.execute("ROLLBACK")
    other.close()
    await contexts.save_items(one, [asked_row()])
    await contexts.aclose()


async def test_a_file_that_may_only_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "contexts.db"
    contexts = Contexts(path)
    one = await contexts.create(SHOP)

    def protect(database: ThreadDatabase) -> None:  # root may write any file
        database.connection.read("PRAGMA query_only = 1", ())

    await contexts.threads.ask(protect)
    with pytest.raises(StoreReadOnly):
        await contexts.save_items(one, [asked_row()])
    assert await contexts.items(one) == []
    await contexts.aclose()


WRITER = """
import asyncio, sys
from harness.context.threads.contexts import Contexts
from tests.support.thread_rows import asked_row
async def main(path, name):
    contexts = Contexts(path)
    one = await contexts.load("shop")
    for number in range(1_000_000):
        await contexts.save_items(one, [asked_row(f"msg_{name}_{number}")])
        print(number, flush=True)
asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture(params=["file", "postgres"])
def kept_in(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where contexts outlive a process."""
    return a_place(request, tmp_path)


def test_two_processes_that_are_killed_lose_nothing_that_was_acknowledged(kept_in: str) -> None:
    async def begin() -> None:
        contexts = Contexts(kept_in)
        await contexts.create(SHOP)
        await contexts.aclose()

    async def rows() -> list[str]:
        contexts = Contexts(kept_in)
        found = [row["id"] for row in await contexts.items(await contexts.load("shop"))]
        await contexts.aclose()
        return found

    asyncio.run(begin())
    writers = {
        name: subprocess.Popen(
            [sys.executable, "-c", WRITER, kept_in, name], stdout=subprocess.PIPE, text=True
        )
        for name in ("a", "b")
    }
    acknowledged: dict[str, int] = {}
    for name, writer in writers.items():
        assert writer.stdout is not None
        for line in writer.stdout:
            acknowledged[name] = int(line)
            if acknowledged[name] == 20:
                break
    for name, writer in writers.items():
        os.kill(writer.pid, signal.SIGKILL)
        rest, _ = writer.communicate()
        whole = [line for line in rest.splitlines() if line]
        acknowledged[name] = int(whole[-1]) if whole else acknowledged[name]
    kept = asyncio.run(rows())
    for name, last in acknowledged.items():
        mine = [row for row in kept if row.startswith(f"msg_{name}_")]
        assert mine[: last + 1] == [f"msg_{name}_{number}" for number in range(last + 1)]
