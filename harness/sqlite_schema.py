"""Schemas of SQLite files: whose a file is, of which version, and the way to the newest."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

LOOK_EVERY_S = 0.002

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class FoundSchema:
    """What a file says of itself, all of it from one moment."""

    application_id: int
    objects: int
    """Tables and indexes."""

    version: int

    def is_foreign(self, application_id: int) -> bool:
        """Whether the file is another program's: it is not empty, and not of this id."""
        return self.application_id != application_id and bool(self.objects or self.application_id)


def found_schema(connection: sqlite3.Connection) -> FoundSchema:
    """What the file of a connection (``isolation_level=None``) is.

    It is read in one transaction: another process may be making the file just then.

    Raises:
        sqlite3.Error: it is no database, or cannot be read.
    """
    connection.execute("BEGIN")
    try:
        return FoundSchema(
            _number(connection, "PRAGMA application_id"),
            _number(connection, "SELECT count(*) FROM sqlite_master"),
            _number(connection, "PRAGMA user_version"),
        )
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def when_free(
    act: Callable[[], Result],
    busy_ms: int,
    now_s: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> Result:
    """What is done with a file, as soon as others let it be done.

    SQLite's own ``busy_timeout`` looks after ever longer pauses, at last every 100 ms: beside a
    process that writes without a pause it comes at the wrong moment each time, until its time is
    over. Here every look has the same chance; let it be 0.

    Args:
        act: does one thing, or nothing where the file is busy.
        busy_ms: how long others may hold the file.
        now_s: tells the time.
        wait: lets seconds pass.

    Raises:
        sqlite3.Error: they hold it longer; and what `act` raises.
    """
    until_s = now_s() + busy_ms / 1000
    while True:
        try:
            return act()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or now_s() >= until_s:
                raise
            wait(LOOK_EVERY_S)


def use_wal(
    connection: sqlite3.Connection,
    busy_ms: int,
    now_s: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Let readers and one writer of a file go on beside each other (SQLite's write-ahead log).

    Two processes that make the same new file want this at once, and of two that could wait for each
    other SQLite refuses one at once, whatever its ``busy_timeout``: so the waiting is done here.

    Args:
        busy_ms, now_s, wait: see `when_free`.

    Raises:
        sqlite3.Error: others hold it longer, or it cannot be written.
    """
    when_free(lambda: connection.execute("PRAGMA journal_mode = WAL"), busy_ms, now_s, wait)


def bring_up_to_date(
    connection: sqlite3.Connection, application_id: int, migrations: Sequence[str]
) -> None:
    """Take the steps that the file lacks, all of them or none; other processes wait meanwhile.

    Args:
        connection: with ``isolation_level=None``, outside of a transaction.
        migrations: step N leads from version N to N + 1; statements end with a semicolon.

    Raises:
        sqlite3.Error: a step fails, or the file cannot be written; it is as it was.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in migrations[_number(connection, "PRAGMA user_version") :]:
            for statement in step.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {application_id}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _number(connection: sqlite3.Connection, question: str) -> int:
    (number,) = connection.execute(question).fetchone()
    return int(number)
