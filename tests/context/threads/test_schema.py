"""The schema of a file of threads."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from harness.context.threads.database import ThreadDatabase
from harness.context.threads.schema import APPLICATION_ID, MIGRATIONS, VERSION
from harness.errors import ContextError
from tests.support.thread_rows import thread_row


def test_an_older_file_is_brought_up_to_date_with_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "threads.db"
    old = sqlite3.connect(path)
    old.executescript(MIGRATIONS[0])
    old.execute("INSERT INTO threads (id, user, data) VALUES ('thr_0', 'kim', '{\"id\": 1}')")
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    database = ThreadDatabase(path)
    assert database.thread("thr_0") == {"id": 1}
    database.save_feedback("thr_0", ["msg_1"], "positive")
    assert database.feedback("thr_0") == {"msg_1": "positive"}
    database.close()
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_a_file_is_opened_again_as_it_was(tmp_path: Path) -> None:
    for _ in range(2):
        database = ThreadDatabase(tmp_path / "threads.db")
        database.save_thread("kim", thread_row())
        database.close()


def made_by_another(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE songs (name TEXT)")
    other.close()


def of_a_newer_version(path: Path) -> None:
    ThreadDatabase(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()


def no_database(path: Path) -> None:
    path.write_bytes(b"x" * 4096)


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (made_by_another, "another program"),
        (of_a_newer_version, "newer version"),
        (no_database, "not a database"),
        (a_folder, "unable to open"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_left_alone(
    tmp_path: Path, spoil: object, found: str
) -> None:
    path = tmp_path / "threads.db"
    assert callable(spoil)
    spoil(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(ContextError) as caught:
        ThreadDatabase(path)
    assert found in str(caught.value)
    assert str(path) in str(caught.value)
    assert (path.read_bytes() if path.is_file() else b"") == before
