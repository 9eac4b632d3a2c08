"""The schema of a history: older files are brought up to date, strange and newer ones refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harness.errors import HarnessError, UsageError
from harness.history.schema import MIGRATIONS, prepare
from harness.history.store import HistoryFile
from tests.support.make_history import nights


def test_an_older_file_keeps_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "voice.sqlite"
    with HistoryFile(path) as history:
        history.add(nights([0.8])[0])
    later = (*MIGRATIONS, "ALTER TABLE suites ADD COLUMN note TEXT NOT NULL DEFAULT 'none'")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        prepare(connection, path, later)
        assert connection.execute("SELECT key, note FROM suites").fetchall() == [("key 1", "none")]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        prepare(connection, path, later)
    with pytest.raises(UsageError, match="written by a newer version") as told:
        HistoryFile(path)
    assert "version 2" in str(told.value)
    assert str(path) in str(told.value)


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "voice.sqlite"
    HistoryFile(path).close()
    broken = (*MIGRATIONS, "CREATE TABLE notes (text TEXT); CREATE NONSENSE")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.Error):
            prepare(connection, path, broken)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    HistoryFile(path).close()


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "songs.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE songs (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="another program"):
        HistoryFile(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"x" * 4096, b"SQLite format 3\0" + b"\xff" * 4096])
def test_what_is_no_database_is_told_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "voice.sqlite"
    path.write_bytes(content)
    with pytest.raises(HarnessError, match=r"voice\.sqlite"):
        HistoryFile(path)
    assert path.read_bytes() == content
