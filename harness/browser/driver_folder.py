"""The temporary folder of one driver: locked while it is used, and gone at the end.

A run that is killed outright cannot remove its folder. Its lock ends with it, and by that the next
run knows the folder as one of nobody, and removes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

PREFIX = "harness-"
"""Short: Chromium's lock in it is a socket, whose path may have 107 bytes in all."""

LONGEST_FOLDER = 40
"""Bytes of the folder that ours is made in; with a longer one the socket's path does not fit."""

LOCK = "driver.lock"
"""Only a folder with this file is one of ours: what else has the prefix is left alone."""

YOUNG_S = 60.0
"""A folder is made a moment before its lock is held; no start takes as long as this."""

REMOVED_WITHIN_S = 5.0


@contextlib.asynccontextmanager
async def driver_folder() -> AsyncIterator[Path]:
    """Make a folder that is gone at the end; first remove those that killed runs have left."""
    above = Path(_short_folder())
    await remove_left(above, time.time())
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=above))
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            await _remove(folder)


async def remove_left(above: Path, now_s: float) -> None:
    """Remove the folders in ``above`` whose runs have ended without doing so.

    Args:
        above: the folder that they are made in.
        now_s: the time of day, in seconds since 1970.
    """
    for folder in _named_as_ours(above):
        with contextlib.suppress(OSError), _lock_of_nobody(folder, now_s):
            await _remove(folder)


def _named_as_ours(above: Path) -> list[Path]:
    return list(above.glob(f"{PREFIX}*"))


@contextlib.contextmanager
def _lock_of_nobody(folder: Path, now_s: float) -> Iterator[None]:
    """Hold the lock of a folder that nobody uses any more.

    Raises:
        OSError: somebody uses it, or it is not one of ours.
    """
    _expect_ours(folder.lstat(), stat.S_ISDIR)
    made = (folder / LOCK).lstat()
    _expect_ours(made, stat.S_ISREG)
    if now_s - made.st_mtime < YOUNG_S:
        raise BlockingIOError(f"{folder} was made just now")
    with (folder / LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _expect_ours(found: os.stat_result, is_kind: Callable[[int], bool]) -> None:
    if found.st_uid != os.getuid() or not is_kind(found.st_mode):
        raise PermissionError("of another user, or of another kind")


def _short_folder() -> str:
    """The usual temporary folder, or /tmp where a socket in that would have too long a path."""
    usual = tempfile.gettempdir()
    is_short = len(os.fsencode(usual)) <= LONGEST_FOLDER
    return usual if is_short or not os.access("/tmp", os.W_OK | os.X_OK) else "/tmp"


async def _remove(folder: Path) -> None:
    """End what still runs on the folder (it would make it anew as it dies), and remove it."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REMOVED_WITHIN_S):
            while (running := _running_on(folder)) or not _is_removed(folder):
                for pid in running:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(pid, signal.SIGKILL)
                await asyncio.sleep(0.02)


def _is_removed(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _running_on(folder: Path) -> list[int]:
    """Browsers and crash handlers whose options name something in the folder."""
    wanted = f"={folder}/".encode()
    found = []
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if wanted in command.read_bytes():
                found.append(int(command.parent.name))
    return found
