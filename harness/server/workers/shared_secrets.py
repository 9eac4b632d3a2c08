"""Client secrets that several processes honour: minted by one, good for a call with any.

They lie in a folder that only we can open, each in a file that is named by the secret's hash and
encrypted with the secret: neither it nor its session (which may hold keys of tool servers) can be
read from the disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from harness.server.client_secrets import MOST_KEPT, ClientSecret, ClientSecrets

FORGET_EVERY_S = 10.0


class SharedClientSecrets(ClientSecrets):
    """`ClientSecrets` of all the processes that use one folder.

    Args:
        folder: exists, and nobody else may read it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._forgotten_at_s = 0.0

    def mint(
        self,
        session: dict[str, Any],
        lifetime_s: int,
        now_unix_s: float,
        faults: tuple[dict[str, Any], ...] = (),
    ) -> ClientSecret:
        secret = super().mint(session, lifetime_s, now_unix_s, faults)
        self._forget_files(now_unix_s)
        path = self._path(secret.value)
        half = path.with_suffix(f".{os.getpid()}")
        text = json.dumps({**asdict(secret), "value": ""})
        half.write_bytes(_locked(text.encode(), secret.value))
        os.utime(half, (secret.expires_at, secret.expires_at))
        half.rename(path)
        return secret

    def find(self, value: str, now_unix_s: float) -> ClientSecret | None:
        found = super().find(value, now_unix_s)
        if found is not None:
            return found
        try:
            kept = json.loads(_locked(self._path(value).read_bytes(), value))
        except (OSError, ValueError):
            return None
        secret = ClientSecret(**{**kept, "value": value, "faults": tuple(kept["faults"])})
        return secret if now_unix_s < secret.expires_at else None

    def _path(self, value: str) -> Path:
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / digest

    def _forget_files(self, now_unix_s: float) -> None:
        """Remove what has expired, and the oldest beyond MOST_KEPT; once in a while."""
        if now_unix_s < self._forgotten_at_s + FORGET_EVERY_S:
            return
        self._forgotten_at_s = now_unix_s
        with contextlib.suppress(OSError):
            files = sorted((path.stat().st_mtime, path) for path in self._folder.iterdir())
            surplus = len(files) - MOST_KEPT
            for number, (expires_at_s, path) in enumerate(files):
                if number < surplus or expires_at_s <= now_unix_s:
                    path.unlink(missing_ok=True)


def _locked(data: bytes, value: str) -> bytes:
    """Encrypt, or decrypt, with a secret that is random and locks this one file alone."""
    key = b"content of " + value.encode("utf-8", "surrogatepass")
    stream = hashlib.shake_256(key).digest(len(data))
    return bytes(np.frombuffer(data, np.uint8) ^ np.frombuffer(stream, np.uint8))
