"""The file of the speech cache: one SQLite table of bounded size, for several processes at once.

Every method says by its answer whether it worked, and none raises: whoever keeps a cache goes on
without it. A file that is damaged, or has another layout than ours, is begun anew.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FILE_NAME = "speech.sqlite"
FILE_LAYOUT = 2
"""Of the table; kept in the file as its ``user_version``. Version 1 had neither kinds nor uses."""

BUSY_S = 0.2
KEEP_SHARE = 0.8
"""Of the limit, left after room was made: so it is not made at every write."""

ROW_BYTES = 60
"""What a row takes beside its value."""

SMALL_BYTES = 16
"""Values up to this size are small: a probability has 8."""

MOST_RECALLED = 200_000
"""Small values that are taken into memory at once: some 20 MB."""

TABLE = """
CREATE TABLE IF NOT EXISTS kept
  (key BLOB PRIMARY KEY, kind TEXT NOT NULL, used_s REAL NOT NULL, value BLOB NOT NULL)
"""
INDICES = (
    "CREATE INDEX IF NOT EXISTS kept_used ON kept (used_s)",
    f"CREATE INDEX IF NOT EXISTS kept_small ON kept (key) WHERE length(value) <= {SMALL_BYTES}",
)

GIVE_BACK = "PRAGMA incremental_vacuum"
"""Free pages to the system. As a script: a plain execute() gives one page back and stops."""


@dataclass(frozen=True, slots=True)
class Row:
    """One value with what is known of it."""

    key: bytes
    kind: str
    used_s: float
    """When it was put or last used, seconds since 1970."""

    value: bytes

    @property
    def is_small(self) -> bool:
        """Whether it is one of the small ones, at most `SMALL_BYTES`."""
        return len(self.value) <= SMALL_BYTES


@dataclass(frozen=True, slots=True)
class KindSize:
    """How much there is of one kind."""

    kind: str
    entries: int
    value_bytes: int


class StoreFile:
    """An open file; made by `opened`. Used under its owner's lock."""

    def __init__(self, path: Path, database: sqlite3.Connection, limit_bytes: int) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = database
        self._limit_bytes = limit_bytes

    @classmethod
    def opened(cls, folder: Path, limit_bytes: int) -> StoreFile | None:
        """The file in this folder, made where it is missing; None where there can be none."""
        path = folder / FILE_NAME
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = _connected(path)
        return None if database is None else cls(path, database, limit_bytes)

    def read(self, key: bytes) -> Row | None:
        """The row of this key; None where there is none, or the file cannot be read."""
        for row in self._rows("SELECT key, kind, used_s, value FROM kept WHERE key = ?", (key,)):
            return row
        return None

    def small(self) -> list[Row]:
        """The small values, the most recently used first."""
        return self._rows(
            "SELECT key, kind, used_s, value FROM kept"
            f" WHERE length(value) <= {SMALL_BYTES} ORDER BY used_s DESC LIMIT ?",
            (MOST_RECALLED,),
        )

    def write(self, rows: Sequence[Row], used: Collection[bytes], now_s: float) -> bool:
        """Keep rows, note that others were used, and stay below the limit; whether it worked."""
        if self._database is None:
            return False
        values = [(row.key, row.kind, row.used_s, row.value) for row in rows]
        with self._forgiving():
            with self._database as database:
                database.execute("BEGIN IMMEDIATE")
                database.executemany(
                    "UPDATE kept SET used_s = ? WHERE key = ?", [(now_s, key) for key in used]
                )
                database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", values)
                made_room = self._make_room(database)
            if made_room:
                self._database.executescript(GIVE_BACK)
            return True
        return False

    def sizes(self) -> list[KindSize]:
        """How much there is of each kind, by name."""
        if self._database is None:
            return []
        with self._forgiving():
            found = self._database.execute(
                "SELECT kind, count(*), sum(length(value)) FROM kept GROUP BY kind ORDER BY kind"
            )
            return [KindSize(*row) for row in found]
        return []

    def clear(self) -> bool:
        """Forget everything; whether it worked."""
        if self._database is None:
            return False
        with self._forgiving():
            with self._database as database:
                database.execute("DELETE FROM kept")
            self._database.executescript(GIVE_BACK)
            return True
        return False

    def close(self) -> None:
        """Close the file. Safe to call again."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _make_room(self, database: sqlite3.Connection) -> bool:
        used_bytes = _used_bytes(database)
        if used_bytes <= self._limit_bytes:
            return False
        too_much = used_bytes - KEEP_SHARE * self._limit_bytes
        going: list[tuple[int]] = []
        by_age = database.execute("SELECT rowid, length(value) FROM kept ORDER BY used_s, rowid")
        for rowid, value_bytes in by_age:
            going.append((rowid,))
            too_much -= value_bytes + ROW_BYTES
            if too_much <= 0:
                break
        database.executemany("DELETE FROM kept WHERE rowid = ?", going)
        return True

    def _rows(self, query: str, values: tuple[object, ...]) -> list[Row]:
        if self._database is None:
            return []
        with self._forgiving():
            return [Row(*row) for row in self._database.execute(query, values)]
        return []

    @contextlib.contextmanager
    def _forgiving(self) -> Iterator[None]:
        """What fails has not worked; a file that turns out to be damaged is begun anew."""
        try:
            yield
        except sqlite3.OperationalError:
            pass  # locked for long, read-only, or the disk is full
        except sqlite3.DatabaseError:
            self.close()
            _remove(self._path)
            self._database = _connected(self._path)


def _connected(path: Path) -> sqlite3.Connection | None:
    for _ in range(2):
        try:
            return _checked(sqlite3.connect(path, timeout=BUSY_S, check_same_thread=False))
        except (sqlite3.OperationalError, OSError):
            return None
        except sqlite3.DatabaseError:
            if not _remove(path):  # damaged, or of another layout: begun anew, once
                return None
    return None


def _checked(database: sqlite3.Connection) -> sqlite3.Connection:
    """A connection that has our table.

    Raises:
        sqlite3.OperationalError: it cannot be used now.
        sqlite3.DatabaseError: it is none, or has another layout.
    """
    try:
        database.isolation_level = None  # transactions begin where we say
        database.execute("PRAGMA synchronous = OFF")
        layout = database.execute("PRAGMA user_version").fetchone()[0]
        tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if layout != FILE_LAYOUT:
            if tables:
                raise sqlite3.DatabaseError(f"layout {layout}")
            _make_table(database)
    except BaseException:
        database.close()
        raise
    return database


def _make_table(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA auto_vacuum = INCREMENTAL")
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.execute(TABLE)
        for index in INDICES:
            database.execute(index)
        database.execute(f"PRAGMA user_version = {FILE_LAYOUT}")


def _used_bytes(database: sqlite3.Connection) -> int:
    pages, free, size = (
        database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def _remove(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
        path.with_name(path.name + "-journal").unlink(missing_ok=True)
    except OSError:
        return False
    return True
