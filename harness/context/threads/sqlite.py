"""Threads in a file of SQLite, or in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.context.errors import store_error
from harness.context.threads import schema
from harness.context.threads.connection import Values
from harness.sqlite_schema import when_free


class SqliteConnection:
    """See `StoreConnection`.

    Args:
        path: the file; None for memory, gone with the process.

    Raises:
        ContextError: the file cannot be used; says why.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        with self._told_plainly():
            self.raw = sqlite3.connect(
                ":memory:" if path is None else path, check_same_thread=False, isolation_level=None
            )
            try:
                schema.prepare(self.raw, path)
            except BaseException:
                self.raw.close()
                raise

    def write(self, query: str, values: Values) -> int:
        """See `StoreConnection`."""
        with self._told_plainly():
            return self._done(query, values).rowcount

    def read(self, query: str, values: Values) -> list[Values]:
        """See `StoreConnection`."""
        with self._told_plainly():
            return when_free(lambda: self.raw.execute(query, values).fetchall(), schema.BUSY_MS)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """See `StoreConnection`."""
        with self._told_plainly():
            self._done("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with self._told_plainly():
                self.raw.execute("ROLLBACK")
            raise
        with self._told_plainly():
            self._done("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self.raw.close()

    def _done(self, query: str, values: Values = ()) -> sqlite3.Cursor:
        return when_free(lambda: self.raw.execute(query, values), schema.BUSY_MS)

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise store_error(self._path, error) from error
