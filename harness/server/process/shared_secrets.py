"""Client secrets that several processes honour: minted by one, good for a call with any.

They lie in a folder that only we can open, each in a file that is named by the secret's hash and
encrypted with the secret: neither it nor its session (which may hold keys of tool servers) can be
read from the disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from harness.server.http.client_secrets import (
    ClientSecret,
    ClientSecrets,
    digest_of,
    packed,
    surplus_of,
    unpacked,
)

_IS_DIGEST = re.compile(r"[0-9a-f]{64}")
FORGET_EVERY_S = 10.0
FORGET_EVERY_BYTES = 4 * 1024 * 1024
"""Written by one process; whichever comes first."""


class SharedClientSecrets(ClientSecrets):
    """`ClientSecrets` of all the processes that use one folder.

    Args:
        folder: exists, and nobody else may read it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._forgotten_at_s = 0.0
        self._written_bytes = 0
        """Since then, by this process."""

    def mint(
        self,
        session: dict[str, Any],
        lifetime_s: int,
        now_unix_s: float,
        faults: tuple[dict[str, Any], ...] = (),
    ) -> ClientSecret:
        """A new secret, written where all workers find it."""
        secret = super().mint(session, lifetime_s, now_unix_s, faults)
        path = self._path(secret.value)
        half = path.with_suffix(f".{os.getpid()}")
        locked = _locked(packed(session, faults), secret.value)
        half.write_bytes(locked)
        os.utime(half, (secret.expires_at, secret.expires_at))
        half.rename(path)
        self._written_bytes += len(locked)
        self._forget_files(now_unix_s)
        return secret

    def find(self, value: str, now_unix_s: float) -> ClientSecret | None:
        """A secret that any worker has minted; None where it is unknown or has expired."""
        found = super().find(value, now_unix_s)
        if found is not None:
            return found
        try:
            path = self._path(value)
            expires_at = int(path.stat().st_mtime)
            secret = unpacked(_locked(path.read_bytes(), value), value, expires_at)
        except (OSError, ValueError):
            return None
        return secret if now_unix_s < expires_at else None

    def knows(self, digest: str, now_unix_s: float) -> bool:
        if super().knows(digest, now_unix_s):
            return True
        try:
            return _IS_DIGEST.fullmatch(digest) is not None and (
                now_unix_s < (self._folder / digest).stat().st_mtime
            )
        except OSError:
            return False

    def _path(self, value: str) -> Path:
        return self._folder / digest_of(value)

    def _forget_files(self, now_unix_s: float) -> None:
        """Remove what has expired, and of the others those too many; once in a while."""
        is_soon = now_unix_s < self._forgotten_at_s + FORGET_EVERY_S
        if is_soon and self._written_bytes < FORGET_EVERY_BYTES:
            return
        self._forgotten_at_s, self._written_bytes = now_unix_s, 0
        with contextlib.suppress(OSError):
            stats = [(path, path.stat()) for path in self._folder.iterdir()]
            files = sorted((stat.st_mtime, stat.st_size, path) for path, stat in stats)
            surplus = surplus_of([size for _, size, _ in files])
            for number, (expires_at_s, _size, path) in enumerate(files):
                if number < surplus or expires_at_s <= now_unix_s:
                    path.unlink(missing_ok=True)


def _locked(data: bytes, value: str) -> bytes:
    """Encrypt, or decrypt, with a secret that is random and locks this one file alone."""
    key = b"content of " + value.encode("utf-8", "surrogatepass")
    stream = hashlib.shake_256(key).digest(len(data))
    return bytes(np.frombuffer(data, np.uint8) ^ np.frombuffer(stream, np.uint8))
