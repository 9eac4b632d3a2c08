"""A file of SQLite that others use, too; what all stores do is in `test_database.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.context.threads.sqlite import SqliteConnection
from harness.errors import ContextError

INSERT = "INSERT INTO threads (id, user, data) VALUES (?, ?, ?)"


def test_a_file_that_another_program_holds_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.context.threads.schema.BUSY_MS", 10)
    path = tmp_path / "threads.db"
    first, second = SqliteConnection(path), SqliteConnection(path)
    with first.at_once():
        with pytest.raises(ContextError, match="locked") as caught:
            second.write(INSERT, ("thr_1", "kim", "{}"))
        assert str(path) in str(caught.value)
    assert second.write(INSERT, ("thr_1", "kim", "{}")) == 1
    first.close()
    second.close()
