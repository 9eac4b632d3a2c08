"""A driver's temporary folder: gone at the end, and what a killed run left is gone at the next."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.browser.driver_folder import LOCK, PREFIX, YOUNG_S, driver_folder, remove_left


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder for this test alone, with a path that is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def left_in(above: Path, *, age_s: float = YOUNG_S + 1, locked: bool = True) -> Path:
    """A folder as a killed run leaves it."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=above))
    (folder / "profile").mkdir()
    (folder / "profile" / "Cookies").write_bytes(b"")
    if locked:
        (folder / LOCK).touch()
        os.utime(folder / LOCK, (time.time() - age_s,) * 2)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_folder_is_locked_while_it_is_used_and_gone_then(temporary: Path) -> None:
    async with driver_folder() as folder:
        assert folder.parent == temporary
        with (folder / LOCK).open() as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert names(temporary) == []


async def test_what_a_killed_run_left_is_gone_when_the_next_begins(temporary: Path) -> None:
    left = left_in(temporary)
    async with driver_folder() as folder:
        assert names(temporary) == [folder.name]
    assert not left.exists()


async def test_a_folder_that_somebody_uses_stays(temporary: Path) -> None:
    used = left_in(temporary)
    with (used / LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        await remove_left(temporary, time.time())
        assert names(used) == [LOCK, "profile"]
    await remove_left(temporary, time.time())
    assert not used.exists()


async def test_a_folder_whose_lock_is_about_to_be_held_stays(temporary: Path) -> None:
    young = left_in(temporary, age_s=YOUNG_S - 5)
    await remove_left(temporary, time.time())
    assert young.exists()
    await remove_left(temporary, time.time() + 10)
    assert not young.exists()


async def test_what_others_made_stays(temporary: Path) -> None:
    """Another version, which had no lock; a file of the name; a way to somewhere else."""
    unlocked = left_in(temporary, locked=False)
    (temporary / f"{PREFIX}file").touch()
    elsewhere = temporary / "elsewhere"
    shutil.copytree(left_in(temporary), elsewhere)
    (temporary / f"{PREFIX}link").symlink_to(elsewhere)
    linked = left_in(temporary, locked=False)
    (linked / LOCK).symlink_to(elsewhere / LOCK)
    await remove_left(temporary, time.time())
    assert names(temporary) == sorted(
        ["elsewhere", f"{PREFIX}file", f"{PREFIX}link", unlocked.name, linked.name]
    )
    assert names(elsewhere) == [LOCK, "profile"]


async def test_what_another_user_made_stays(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = left_in(temporary)
    monkeypatch.setattr(os, "getuid", lambda: theirs.stat().st_uid + 1)
    await remove_left(temporary, time.time())
    assert theirs.exists()


def test_what_still_runs_on_a_folder_of_nobody_is_ended(temporary: Path) -> None:
    left = left_in(temporary)
    waits = "print('here', flush=True); input()"
    command = [sys.executable, "-c", waits, f"--user-data-dir={left}/profile"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as orphan:
        assert orphan.stdout is not None
        assert orphan.stdout.readline() == b"here\n"
        asyncio.run(remove_left(temporary, time.time()))
        assert orphan.wait(timeout=30) < 0
    assert not left.exists()


PROGRAMME = """
import asyncio, sys, tempfile
from harness.browser.driver_folder import driver_folder

async def work():
    tempfile.tempdir = sys.argv[1]
    async with driver_folder():
        print("open", flush=True)
        sys.stdin.read()

asyncio.run(work())
"""


def test_the_lock_of_a_killed_run_is_free(temporary: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAMME, str(temporary)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        later_s = time.time() + YOUNG_S + 1
        asyncio.run(remove_left(temporary, later_s))
        assert len(names(temporary)) == 1, "it runs"
        process.kill()
        process.wait(timeout=30)
    asyncio.run(remove_left(temporary, later_s))
    assert names(temporary) == []
