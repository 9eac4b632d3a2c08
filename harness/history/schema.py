"""The schema of a history, its version, and the way from each version to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from harness.errors import ArtifactError, UsageError
from harness.sqlite_schema import FoundSchema, bring_up_to_date, found_schema, use_wal

APPLICATION_ID = 0x48_48_53_54
"""Marks a file as one of ours (“HHST”)."""

MIGRATIONS = (
    """
    CREATE TABLE suites (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        began_at TEXT NOT NULL,
        source TEXT NOT NULL,
        build TEXT NOT NULL,
        machine TEXT NOT NULL,
        harness TEXT NOT NULL
    ) STRICT;
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        suite_id INTEGER NOT NULL REFERENCES suites (id) ON DELETE CASCADE,
        scenario TEXT NOT NULL,
        engine TEXT NOT NULL,
        repeat INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        verdict TEXT NOT NULL,
        reason TEXT,
        wall_s REAL,
        UNIQUE (suite_id, scenario, engine, repeat, attempt)
    ) STRICT;
    CREATE INDEX runs_of_scenario ON runs (scenario, engine);
    CREATE TABLE numbers (
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        median REAL NOT NULL,
        count INTEGER NOT NULL,
        UNIQUE (run_id, name)
    ) STRICT;
    """,
)
"""Step N leads from version N to N + 1."""

BUSY_MS = 30_000
"""So long a suite that ended waits for another one that writes."""


def prepare(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[str] = MIGRATIONS
) -> None:
    """Make a connection's file one of this version; an older one is brought up to it.

    Raises:
        UsageError: the file is another program's, or of a newer version.
        ArtifactError: it is damaged.
        sqlite3.Error: it is no database, locked, or cannot be written.
    """
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    found = found_schema(connection)
    _refuse_foreign(found, path, len(migrations))
    _refuse_damaged(connection, path)
    use_wal(connection, BUSY_MS)
    if found.version < len(migrations):
        bring_up_to_date(connection, APPLICATION_ID, migrations)


def damaged(path: Path, found: str) -> ArtifactError:
    """The error of a file that was a history once, or is none at all; it stays as it is."""
    return ArtifactError(
        f"The history {path} is damaged, or is none; it was left as it is.",
        expected="a file that “harness run --history FILE” made, whole",
        found=found,
        hint=f"“harness history {path} --rescue NEW.sqlite” copies what can still be read into a "
        "new file; “harness history NEW.sqlite --add RUN” adds runs whose results.json you have",
    )


def _refuse_foreign(found: FoundSchema, path: Path, newest: int) -> None:
    if found.is_foreign(APPLICATION_ID):
        raise UsageError(
            f"{path} is a database of another program.",
            expected="a history of runs, or a name that is free",
            found=f"{found.objects} tables and indexes of something else",
        )
    if found.version > newest:
        raise UsageError(
            f"The history {path} was written by a newer version of the harness.",
            expected=f"a history of version {newest} or less",
            found=f"version {found.version}",
            hint="update the harness, or name another file",
        )


def _refuse_damaged(connection: sqlite3.Connection, path: Path) -> None:
    (told,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if told != "ok":
        raise damaged(path, str(told).splitlines()[-1])
