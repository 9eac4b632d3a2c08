"""Threads that outlive a process; one suite for a file, for memory and for PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.context.threads.database import AttachmentBounds, Row, ThreadDatabase
from harness.context.threads.place import place_of
from tests.support.postgres_server import a_place
from tests.support.thread_rows import asked_row, thread_row


@pytest.fixture(params=["file", "postgres"])
def kept_in(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where threads outlive a process."""
    return a_place(request, tmp_path)


@pytest.fixture(params=["file", "postgres", "memory"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ThreadDatabase]:
    in_memory = request.param == "memory"
    one = ThreadDatabase(None if in_memory else place_of(a_place(request, tmp_path)))
    yield one
    one.close()


def test_a_thread_is_its_users_alone(database: ThreadDatabase) -> None:
    database.save_thread("kim", thread_row())
    database.save_thread("kim", thread_row(title="Tables"))
    assert database.thread("thr_1", "kim") == thread_row(title="Tables")
    assert database.thread("thr_1") is not None
    assert database.thread("thr_1", "eve") is None
    assert (database.user_of("thr_1"), database.user_of("thr_2")) == ("kim", None)
    with pytest.raises(KeyError):
        database.save_thread("eve", thread_row(title="Mine"))
    assert database.threads("eve", None, 9, is_descending=True).data == []


def test_items_keep_their_place_and_come_in_pages(database: ThreadDatabase) -> None:
    database.save_thread("kim", thread_row())
    for number in range(5):
        database.save_item("thr_1", asked_row(f"msg_{number}"))
    database.save_item("thr_1", asked_row("msg_1", "Changed."))
    first = database.items("thr_1", None, 2, is_descending=False)
    assert [row["id"] for row in first.data] == ["msg_0", "msg_1"]
    assert first.data[1]["content"][0]["text"] == "Changed."
    assert (first.has_more, first.after) == (True, "msg_1")
    rest = database.items("thr_1", first.after, 9, is_descending=False)
    assert [row["id"] for row in rest.data] == ["msg_2", "msg_3", "msg_4"]
    assert (rest.has_more, rest.after) == (False, None)
    newest = database.items("thr_1", "msg_1", 9, is_descending=True)
    assert [row["id"] for row in newest.data] == ["msg_0"]
    with pytest.raises(KeyError):
        database.items("thr_1", "msg_9", 1, is_descending=True)
    with pytest.raises(KeyError):
        database.save_item("thr_9", asked_row())


def test_what_is_deleted_is_gone_with_all_that_was_in_it(database: ThreadDatabase) -> None:
    for name in ("thr_1", "thr_2"):
        database.save_thread("kim", thread_row(name))
        database.save_item(name, asked_row())
    database.save_feedback("thr_1", ["msg_1"], "positive")
    database.save_feedback("thr_1", ["msg_1", "msg_2"], "negative")
    assert database.feedback("thr_1") == {"msg_1": "negative", "msg_2": "negative"}
    assert database.delete_item("thr_2", "msg_1")
    assert not database.delete_item("thr_2", "msg_1")
    assert database.delete_thread("thr_1")
    assert not database.delete_thread("thr_1")
    assert (database.item("thr_1", "msg_1"), database.feedback("thr_1")) == (None, {})
    with pytest.raises(KeyError):
        database.save_feedback("thr_1", ["msg_1"], "positive")


def test_attachments_have_content_once_it_came(database: ThreadDatabase) -> None:
    database.save_attachment("kim", {"id": "atc_1", "name": "a"})
    assert database.content("atc_1") is None
    assert database.save_content("atc_1", b"abc")
    database.save_attachment("kim", {"id": "atc_1", "name": "b"})
    assert (database.content("atc_1"), database.attachment("atc_1", "kim")) == (
        b"abc",
        {"id": "atc_1", "name": "b"},
    )
    assert database.attachment("atc_1", "eve") is None
    with pytest.raises(KeyError):
        database.save_attachment("eve", {"id": "atc_1"})
    assert database.delete_attachment("atc_1")
    assert not database.save_content("atc_1", b"abc")


def test_a_list_has_those_alone_that_are_marked(database: ThreadDatabase) -> None:
    database.save_thread("kim", thread_row("thr_1", metadata={"harness": {"a": 1}}))
    database.save_thread("kim", thread_row("thr_2", metadata={"other": 1}))
    database.save_thread("kim", thread_row("thr_3", title="\x00 “quoted” \\u0000"))
    database.save_thread("kim", thread_row("thr_4", metadata={"harness": None}))
    database.save_thread("eve", thread_row("thr_5", metadata={"harness": {}}))
    mine = database.threads("kim", None, 9, is_descending=False, having="harness").data
    assert [row["id"] for row in mine] == ["thr_1"]
    all_of_them = database.threads(None, "thr_1", 9, is_descending=False, having="harness").data
    assert [row["id"] for row in all_of_them] == ["thr_5"]
    assert database.thread("thr_3") == thread_row("thr_3", title="\x00 “quoted” \\u0000")


def attachment_row(name: str, size: int = 10, announced_at: float = 100.0) -> Row:
    return {"id": name, "metadata": {"size": size, "announced_at": announced_at}}


def test_attachments_are_within_bounds_and_those_that_never_came_are_forgotten(
    database: ThreadDatabase,
) -> None:
    own, together = AttachmentBounds(2, 25), AttachmentBounds(9, 45)
    assert database.announce_attachment("kim", attachment_row("atc_1"), own, together)
    assert not database.announce_attachment("kim", attachment_row("atc_2", 16), own, together)
    assert database.announce_attachment("kim", attachment_row("atc_3", 15), own, together)
    assert not database.announce_attachment("kim", attachment_row("atc_4", 0), own, together)
    assert not database.announce_attachment("eve", attachment_row("atc_5", 21), own, together)
    assert database.announce_attachment("eve", attachment_row("atc_6", 20, 200.5), own, together)
    assert (database.attachment_use("kim"), database.attachment_use()) == ((2, 25), (3, 45))
    database.save_content("atc_1", b"0123456789")
    assert database.forget_unsent(200.5) == 1
    assert (database.attachment_use("kim"), database.attachment_use()) == ((1, 10), (2, 30))
    database.save_attachment("kim", {"id": "atc_7"})
    database.save_content("atc_7", b"abc")
    assert database.attachment_use("kim") == (2, 13)


def test_one_holder_at_a_time_has_a_lease(database: ThreadDatabase) -> None:
    database.save_thread("kim", thread_row())
    assert database.take_lease("thr_1", "a", 1_790_000_000.25, 1_790_000_000.5)
    assert not database.take_lease("thr_1", "b", 1_790_000_000.375, 1_790_000_001.0)
    assert database.lease_of("thr_1", 1_790_000_000.375) == "a"
    assert database.lease_of("thr_1", 1_790_000_000.5) is None
    assert database.take_lease("thr_1", "b", 1_790_000_000.5, 1_790_000_001.0)
    database.end_lease("thr_1", "a")  # not its to end
    assert database.lease_of("thr_1", 1_790_000_000.75) == "b"
    database.end_lease("thr_1", "b")
    assert database.lease_of("thr_1", 1_790_000_000.75) is None
    with pytest.raises(KeyError):
        database.take_lease("thr_9", "a", 1.0, 2.0)


def test_what_is_done_at_once_is_done_whole_or_not_at_all(database: ThreadDatabase) -> None:
    database.save_thread("kim", thread_row())
    with contextlib.suppress(ZeroDivisionError), database.at_once():
        database.save_item("thr_1", asked_row("msg_1"))
        raise ZeroDivisionError
    assert database.item("thr_1", "msg_1") is None
    with database.at_once():
        database.save_item("thr_1", asked_row("msg_1"))
        database.save_item("thr_1", asked_row("msg_2"))
    assert len(database.items("thr_1", None, 9, is_descending=False).data) == 2


WRITER = """
import json, sys
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.place import place_of
database = ThreadDatabase(place_of(sys.argv[1]))
database.save_thread("kim", json.loads(sys.argv[2]))
for number in range(100000):
    database.save_item(json.loads(sys.argv[2])["id"], {"id": f"msg_{number}"})
    print(number, flush=True)
"""


def test_a_killed_process_loses_nothing_that_it_said_was_kept(kept_in: str) -> None:
    """Two processes write into one place; one is killed in the middle of it."""
    place = place_of(kept_in)
    ThreadDatabase(place).close()
    for name in ("thr_1", "thr_2"):
        row = f'{{"id": "{name}", "created_at": ""}}'
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, kept_in, row], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        other = ThreadDatabase(place)
        said = -1
        while said < 200:
            said = int(writer.stdout.readline())
            if said == 100:
                other.save_thread("kim", thread_row(f"{name}_other"))
        os.kill(writer.pid, signal.SIGKILL)
        said = max([said, *(int(line) for line in writer.stdout.read().split("\n")[:-1])])
        writer.wait()
        kept = other.items(name, None, 10**6, is_descending=False).data
        assert [row["id"] for row in kept][: said + 1] == [f"msg_{n}" for n in range(said + 1)]
        assert other.thread(f"{name}_other") is not None
        other.close()
