"""Answers of speech engines, kept by content: on disk, so that another run finds them.

One SQLite file of bounded size, shared by every run and process of a user; what was used least
recently goes first. It is a cache and no more: one that is missing, damaged, full, read-only or
not allowed costs time, never a result.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from harness.environment import variable
from harness.errors import UsageError
from harness.speech.store_file import Row, StoreFile

LAYOUT = "2"
"""Part of every key: another meaning of what is stored is another layout."""

DEFAULT_LIMIT_MB = 512
"""On disk, where ``HARNESS_CACHE_MB`` says nothing: some four hours of speech."""

MEMORY_BYTES = 64 * 1024 * 1024
"""Held in memory at most, of what is not in the file; the least recently used goes first."""

ENTRY_BYTES = 120
"""What a value costs in memory beside its own bytes."""

STALE_S = 3600.0
"""A use is noted where the last one noted is longer ago than this: so reading seldom writes."""


def default_folder() -> Path | None:
    """``HARNESS_CACHE`` where it is set ("" for no cache on disk); else the user's cache folder."""
    given = variable("HARNESS_CACHE")
    if given is not None:
        return Path(given) if given else None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "realtime-harness"


def size_limit_bytes() -> int:
    """``HARNESS_CACHE_MB`` (megabytes of 10^6 bytes), else the default.

    Raises:
        UsageError: it is no number above 0.
    """
    given = variable("HARNESS_CACHE_MB") or str(DEFAULT_LIMIT_MB)
    try:
        megabytes = float(given)
    except ValueError:
        megabytes = 0.0
    if not 0 < megabytes < 1e9:
        raise UsageError(
            "HARNESS_CACHE_MB cannot be used.",
            expected="a number of megabytes above 0",
            found=given,
            hint=f"unset it for {DEFAULT_LIMIT_MB}; HARNESS_CACHE= (empty) switches the cache off",
        )
    return int(megabytes * 1_000_000)


def content_key(*parts: str | bytes) -> bytes:
    """The key of what was made from these parts: engine and version, settings, samples."""
    digest = hashlib.blake2b(LAYOUT.encode(), digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.digest()


def shared_store() -> SpeechStore:
    """The store of the user's cache folder, one for this process; open until the process ends.

    Raises:
        UsageError: the limit that the environment says cannot be used.
    """
    return _shared(default_folder())


@functools.lru_cache(maxsize=4)
def _shared(folder: Path | None) -> SpeechStore:
    store = SpeechStore(folder)
    atexit.register(store.close)
    return store


class SpeechStore:
    """Values by key, in a file and in memory. Safe for several threads.

    Args:
        folder: where its file is, made if missing; None keeps it in memory alone.
        limit_bytes: how large the file may become; None asks `size_limit_bytes`.
        now_s: seconds since 1970.

    Raises:
        UsageError: the limit that the environment says cannot be used.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        limit_bytes: int | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._lock = threading.Lock()
        self._now_s = now_s
        self._new: dict[bytes, tuple[str, bytes]] = {}
        self._new_bytes = 0
        self._recalled: dict[bytes, bytes] = {}
        self._used_s: dict[bytes, float] = {}
        self._touched: set[bytes] = set()
        limit = size_limit_bytes() if limit_bytes is None else limit_bytes
        self._file = StoreFile.opened(folder, limit) if folder is not None else None
        self.hits = 0
        self.misses = 0

    def recall(self) -> None:
        """Take the small values of the file into memory, in one go.

        Asking the file costs about 60 µs a value, and a call asks for one each 32 ms of each side.
        """
        with self._lock:
            if self._file is None:
                return
            for row in self._file.small():
                self._recalled[row.key] = row.value
                self._used_s[row.key] = row.used_s

    def get(self, key: bytes) -> bytes | None:
        """The value that was put under this key; None where there is none."""
        with self._lock:
            value = self._found(key)
            if value is None:
                self.misses += 1
            else:
                self.hits += 1
            return value

    def has(self, key: bytes) -> bool:
        """Whether there is a value; counts as neither a hit nor a miss."""
        with self._lock:
            return self._found(key) is not None

    def put(self, key: bytes, value: bytes, kind: str = "other") -> None:
        """Keep a value; in the file after the next `flush`.

        Args:
            kind: what it is, for `harness cache`: "speech", "words", "detection".
        """
        with self._lock:
            self._forget_new(key)
            self._new[key] = (kind, value)
            self._new_bytes += len(value) + ENTRY_BYTES
            while self._new_bytes > MEMORY_BYTES:
                self._forget_new(next(iter(self._new)))

    def flush(self) -> None:
        """Write what is new, and what was used; make room where that is too much."""
        with self._lock:
            if self._file is None or not (self._new or self._touched):
                return
            now_s = self._now_s()
            rows = [Row(key, kind, now_s, value) for key, (kind, value) in self._new.items()]
            if not self._file.write(rows, self._touched, now_s):
                return  # a full disk, or others who write for long: kept in memory, tried again
            for row in rows:
                if row.is_small:
                    self._recalled[row.key] = row.value
            self._new.clear()
            self._new_bytes = 0
            self._touched.clear()

    def close(self) -> None:
        """Write what is new and close the file."""
        self.flush()
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _found(self, key: bytes) -> bytes | None:
        if key in self._new:
            kind, value = self._new.pop(key)
            self._new[key] = (kind, value)  # now the most recently used
            return value
        recalled = self._recalled.get(key)
        if recalled is not None:
            self._note_use(key, self._used_s.get(key))
            return recalled
        if self._file is None:
            return None
        row = self._file.read(key)
        if row is None:
            return None
        self._note_use(key, row.used_s)
        return row.value

    def _note_use(self, key: bytes, used_s: float | None) -> None:
        if used_s is not None and self._now_s() - used_s > STALE_S:
            self._touched.add(key)

    def _forget_new(self, key: bytes) -> None:
        if key in self._new:
            self._new_bytes -= len(self._new.pop(key)[1]) + ENTRY_BYTES
