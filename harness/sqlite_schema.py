"""Schemas of SQLite files: whose a file is, of which version, and the way to the newest."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass


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
