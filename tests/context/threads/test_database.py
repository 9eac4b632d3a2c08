"""Threads that outlive a process; one suite for a file and for memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.context.threads.database import ThreadDatabase
from harness.errors import ContextError
from tests.support.thread_rows import asked_row, thread_row


@pytest.fixture(params=["file", "memory"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ThreadDatabase]:
    one = ThreadDatabase(tmp_path / "threads.db" if request.param == "file" else None)
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


WRITER = """
import json, sys
from pathlib import Path
from harness.context.threads.database import ThreadDatabase
database = ThreadDatabase(Path(sys.argv[1]))
database.save_thread("kim", json.loads(sys.argv[2]))
for number in range(100000):
    database.save_item(json.loads(sys.argv[2])["id"], {"id": f"msg_{number}"})
    print(number, flush=True)
"""


def test_a_killed_process_loses_nothing_that_it_said_was_kept(tmp_path: Path) -> None:
    """Two processes write into one file; one is killed in the middle of it."""
    path = tmp_path / "threads.db"
    ThreadDatabase(path).close()
    for name in ("thr_1", "thr_2"):
        row = f'{{"id": "{name}", "created_at": ""}}'
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), row], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        other = ThreadDatabase(path)
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


def test_a_file_that_another_program_holds_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.context.threads.schema.BUSY_MS", 10)
    path = tmp_path / "threads.db"
    first, second = ThreadDatabase(path), ThreadDatabase(path)
    first._connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(ContextError, match="locked") as caught:
        second.save_thread("kim", thread_row())
    assert str(path) in str(caught.value)
    first._connection.execute("ROLLBACK")
    second.save_thread("kim", thread_row())
    first.close()
    second.close()
