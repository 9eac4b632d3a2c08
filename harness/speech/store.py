"""What speech engines answered, kept by content: on disk, so that another run finds it.

One SQLite file; several processes may use it. It is a cache and no more: one that is missing,
damaged, full or not allowed costs time, never a result.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import sys
import threading
from pathlib import Path

LAYOUT = "1"
"""Part of every key: another meaning of what is stored is another layout."""

MOST_BYTES = 256 * 1024 * 1024
"""A file that grew larger is begun anew."""

MOST_IN_MEMORY = 100_000
"""Without a file, a store that holds more values is begun anew."""

MOST_RECALLED = 200_000
"""Small values that `SpeechStore.recall` takes into memory: some 20 MB."""

SMALL_BYTES = 16
"""Values up to this size are small: a probability has 8."""

BUSY_S = 0.2
FILE_NAME = "speech.sqlite"


def default_folder() -> Path | None:
    """``HARNESS_CACHE`` where it is set ("" for no cache on disk); else the user's cache folder."""
    given = os.environ.get("HARNESS_CACHE")
    if given is not None:
        return Path(given) if given else None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "realtime-harness"


def content_key(*parts: str | bytes) -> bytes:
    """The key of what was made from these parts: engine and version, settings, samples."""
    digest = hashlib.blake2b(LAYOUT.encode(), digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.digest()


class SpeechStore:
    """Values by key, in a file and in memory. Safe for several threads.

    Args:
        folder: where its file is, made if missing; None keeps it in memory alone.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._new: dict[bytes, bytes] = {}
        self._recalled: dict[bytes, bytes] = {}
        self._database = _opened(folder)
        self.hits = 0
        self.misses = 0

    def recall(self) -> None:
        """Take the small values of the file into memory, in one go.

        Asking the file costs about 60 µs a value, and a call asks for one each 32 ms of each side.
        """
        with self._lock:
            if self._database is None:
                return
            with contextlib.suppress(sqlite3.Error):
                rows = self._database.execute(
                    "SELECT key, value FROM kept WHERE length(value) <= ? LIMIT ?",
                    (SMALL_BYTES, MOST_RECALLED),
                )
                self._recalled = {bytes(key): bytes(value) for key, value in rows}

    def get(self, key: bytes) -> bytes | None:
        """The value that was put under this key; None where there is none."""
        with self._lock:
            value = self._new.get(key)
            if value is None:
                value = self._recalled.get(key)
            if value is None:
                value = self._read(key)
            if value is None:
                self.misses += 1
            else:
                self.hits += 1
            return value

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value; in the file after the next `flush`."""
        with self._lock:
            if self._database is None and len(self._new) >= MOST_IN_MEMORY:
                self._new.clear()
            self._new[key] = value

    def flush(self) -> None:
        """Write what is new."""
        with self._lock:
            if self._database is None or not self._new:
                return
            try:
                with self._database:
                    self._database.executemany(
                        "INSERT OR REPLACE INTO kept VALUES (?, ?)", list(self._new.items())
                    )
            except sqlite3.Error:
                return  # a full disk, or others who write for long: kept in memory, tried again
            self._recalled |= {k: v for k, v in self._new.items() if len(v) <= SMALL_BYTES}
            self._new.clear()

    def close(self) -> None:
        """Write what is new and close the file."""
        self.flush()
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _read(self, key: bytes) -> bytes | None:
        if self._database is None:
            return None
        try:
            row = self._database.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error:
            return None
        return bytes(row[0]) if row else None


def _opened(folder: Path | None) -> sqlite3.Connection | None:
    if folder is None:
        return None
    path = folder / FILE_NAME
    for _ in range(2):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size > MOST_BYTES:
                path.unlink()
            return _connected(path)
        except sqlite3.DatabaseError:
            # Damaged: begun anew, once.
            with contextlib.suppress(OSError):
                path.unlink()
        except OSError:
            return None
    return None


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=BUSY_S, check_same_thread=False)
    try:
        database.execute("PRAGMA synchronous = OFF")
        database.execute(
            "CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID"
        )
        database.execute("SELECT count(*) FROM (SELECT 1 FROM kept LIMIT 1)").fetchone()
    except BaseException:
        database.close()
        raise
    return database
