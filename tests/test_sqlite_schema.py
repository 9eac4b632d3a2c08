"""Schemas of SQLite files: told from one moment, brought up to date whole or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harness.sqlite_schema import (
    LOOK_EVERY_S,
    FoundSchema,
    bring_up_to_date,
    found_schema,
    use_wal,
    when_free,
)

OURS = 0x54_45_53_54
STEPS = (
    "CREATE TABLE cups (id INTEGER PRIMARY KEY); CREATE INDEX cups_id ON cups (id);",
    "ALTER TABLE cups ADD COLUMN colour TEXT;",
)


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection


def test_a_new_file_takes_every_step_and_a_later_one_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "cups.sqlite"
    with closing(opened(path)) as first:
        assert found_schema(first) == FoundSchema(0, 0, 0)
        bring_up_to_date(first, OURS, STEPS[:1])
        first.execute("INSERT INTO cups (id) VALUES (7)")
    with closing(opened(path)) as later:
        assert found_schema(later) == FoundSchema(OURS, 2, 1)
        bring_up_to_date(later, OURS, STEPS)
        bring_up_to_date(later, OURS, STEPS)  # there is nothing left to do
        assert later.execute("SELECT id, colour FROM cups").fetchall() == [(7, None)]
        assert found_schema(later).version == 2


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "cups.sqlite")) as connection:
        bring_up_to_date(connection, OURS, STEPS[:1])
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            bring_up_to_date(connection, OURS, (*STEPS, "INSERT INTO plates VALUES (1);"))
        assert found_schema(connection) == FoundSchema(OURS, 2, 1)
        assert "colour" not in {row[1] for row in connection.execute("PRAGMA table_info(cups)")}


@pytest.mark.parametrize(
    ("found", "is_foreign"),
    [
        (FoundSchema(0, 0, 0), False),
        (FoundSchema(OURS, 3, 1), False),
        (FoundSchema(0, 3, 0), True),
        (FoundSchema(5, 0, 0), True),
    ],
)
def test_a_file_of_another_program_is_known(found: FoundSchema, is_foreign: bool) -> None:
    assert found.is_foreign(OURS) is is_foreign


def test_a_file_that_another_process_makes_just_then_is_told_from_one_moment(
    tmp_path: Path,
) -> None:
    """Between the two questions the other one makes the file: no id, and tables, is nobody's."""
    path = tmp_path / "cups.sqlite"
    with closing(opened(path)) as looks, closing(opened(path)) as makes:
        makes.execute("PRAGMA journal_mode = WAL")

        def make(statement: str) -> None:
            if "sqlite_master" in statement and not found_schema(makes).objects:
                bring_up_to_date(makes, OURS, STEPS)

        looks.set_trace_callback(make)
        found = found_schema(looks)
        looks.set_trace_callback(None)
        assert found == FoundSchema(0, 0, 0)
        assert found_schema(looks) == FoundSchema(OURS, 2, 2), "it was made meanwhile"


def test_the_log_is_waited_for_while_another_process_reads(tmp_path: Path) -> None:
    path = tmp_path / "cups.sqlite"
    with closing(opened(path)) as reader, closing(opened(path)) as other:
        bring_up_to_date(reader, OURS, STEPS)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM cups").fetchone()
        other.execute("PRAGMA busy_timeout = 0")
        waits: list[float] = []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                reader.execute("COMMIT")

        use_wal(other, 1_000, wait=wait)
        assert len(waits) == 3
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_whoever_holds_a_file_for_too_long_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cups.sqlite"
    with closing(opened(path)) as reader, closing(opened(path)) as other:
        bring_up_to_date(reader, OURS, STEPS)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM cups").fetchone()
        other.execute("PRAGMA busy_timeout = 0")
        waits: list[float] = []
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            use_wal(other, 100, lambda: sum(waits), waits.append)
        assert sum(waits) == pytest.approx(0.1, abs=0.03)


def test_one_who_writes_without_a_pause_is_met_in_a_short_one(tmp_path: Path) -> None:
    """SQLite's own waiting would look every 100 ms, and give up."""
    path = tmp_path / "cups.sqlite"
    with closing(opened(path)) as writer, closing(opened(path)) as other:
        bring_up_to_date(writer, OURS, STEPS)
        writer.execute("BEGIN IMMEDIATE")
        other.execute("PRAGMA busy_timeout = 0")
        waits: list[float] = []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            writer.execute("COMMIT")
            if len(waits) < 400:  # it writes on before anybody could look
                writer.execute("BEGIN IMMEDIATE")

        insert = "INSERT INTO cups (id) VALUES (7)"
        assert when_free(lambda: other.execute(insert).rowcount, 1_000, lambda: sum(waits), wait)
        assert set(waits) == {LOOK_EVERY_S}


def test_what_is_wrong_is_not_waited_for(tmp_path: Path) -> None:
    connection = opened(tmp_path / "cups.sqlite")
    waits: list[float] = []
    with closing(connection), pytest.raises(sqlite3.OperationalError, match="no such table"):
        when_free(lambda: connection.execute("SELECT * FROM plates"), 1_000, wait=waits.append)
    assert not waits
