"""The schema of a file of threads, its version, and the way from each version to the next."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from harness.context.errors import StoreDamaged, StoreNewer
from harness.sqlite_schema import (
    FoundSchema,
    bring_up_to_date,
    found_schema,
    use_wal,
    when_free,
)

APPLICATION_ID = 0x48_43_54_58
"""Marks a file as one of ours (“HCTX”)."""

MIGRATIONS = (
    """
    CREATE TABLE threads (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        user TEXT NOT NULL,
        data TEXT NOT NULL
    );
    CREATE INDEX threads_of_user ON threads (user, seq);
    CREATE TABLE items (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        data TEXT NOT NULL,
        UNIQUE (thread_id, id)
    );
    CREATE INDEX items_of_thread ON items (thread_id, seq);
    CREATE TABLE attachments (
        id TEXT PRIMARY KEY,
        user TEXT NOT NULL,
        data TEXT NOT NULL,
        content BLOB
    );
    """,
    """
    CREATE TABLE feedback (
        thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        item_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        PRIMARY KEY (thread_id, item_id)
    );
    """,
    """
    CREATE TABLE leases (
        thread_id TEXT PRIMARY KEY REFERENCES threads (id) ON DELETE CASCADE,
        holder TEXT NOT NULL,
        until_unix_s REAL NOT NULL
    );
    """,
)
"""Step N leads from version N to N + 1."""

VERSION = len(MIGRATIONS)
BUSY_MS = 5_000
"""How long others may hold the file; see `when_free`, which waits in place of SQLite."""


def prepare(connection: sqlite3.Connection, path: Path | None) -> None:
    """Make a connection's file one of this version; an older one is brought up to it.

    Raises:
        StoreDamaged, StoreNewer: the file is somebody else's, or of a newer version.
        sqlite3.Error: it is no database, damaged, locked or cannot be written.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute("PRAGMA foreign_keys = ON")
    if path is not None:
        _refuse_foreign(when_free(lambda: found_schema(connection), BUSY_MS), path)
        use_wal(connection, BUSY_MS)
        connection.execute("PRAGMA synchronous = FULL")
    when_free(lambda: bring_up_to_date(connection, APPLICATION_ID, MIGRATIONS), BUSY_MS)


def _refuse_foreign(found: FoundSchema, path: Path) -> None:
    if found.is_foreign(APPLICATION_ID):
        raise StoreDamaged(
            f"{path} is a database of another program.",
            expected="a file that the harness made, or a name that is free",
            found=f"{found.objects} tables and indexes of something else",
        )
    if found.version > VERSION:
        raise StoreNewer(
            f"{path} was written by a newer version of the harness.",
            expected=f"a schema of version {VERSION} or less",
            found=f"version {found.version}",
            hint="update the harness, or name another file",
        )
