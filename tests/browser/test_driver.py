"""Playwright's driver, and what stays of it and its browsers in the temporary folder: nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.browser.driver import first_line, run_playwright
from harness.browser.launch import open_chromium
from tests.support.waiting import until


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder for this test alone, with a path that is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def drivers() -> set[str]:
    """The drivers that run as children of this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    found = set()
    for pid in children:
        with contextlib.suppress(OSError):  # it ended meanwhile
            if b"run-driver" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
    return found


@pytest.mark.browser
async def test_a_browser_keeps_its_things_in_our_folder(temporary: Path) -> None:
    """All of them: profile, artifacts, the folder of its lock."""
    async with open_chromium() as chromium:
        assert chromium.browser.is_connected()
        (ours,) = names(temporary)
        assert any("profile" in name for name in names(temporary / ours))
        assert ours not in os.environ.get("TMPDIR", ""), "nobody else is told of it"
    assert names(temporary) == []


@pytest.mark.browser
@pytest.mark.parametrize("made", ["*profile*", "SingletonSocket"])
async def test_nothing_stays_of_a_launch_that_was_cancelled(temporary: Path, made: str) -> None:
    """Ctrl-C while the browser starts: at its first file, and when it has its lock."""

    async def start() -> None:
        async with open_chromium():
            await asyncio.Event().wait()

    task = asyncio.create_task(start())
    await until(lambda: bool(list(temporary.rglob(made))), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert names(temporary) == []


PROGRAMME = """
import asyncio, tempfile, sys
from harness.browser.launch import open_chromium
from harness.cli.interrupts import run_async

async def work():
    tempfile.tempdir = sys.argv[1]
    async with open_chromium():
        print("open", flush=True)
        await asyncio.Event().wait()

run_async(work())
"""


@pytest.mark.browser
def test_nothing_stays_where_the_driver_is_killed_too(temporary: Path) -> None:
    """``timeout`` and CI send their signal to the whole process group."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAMME, str(temporary)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM
    assert names(temporary) == []


async def test_a_driver_without_a_browser_leaves_nothing(temporary: Path) -> None:
    async with run_playwright():
        assert len(names(temporary)) == 1
    assert names(temporary) == []


async def test_a_driver_whose_start_was_cancelled_does_not_stay(temporary: Path) -> None:
    before = drivers()

    async def start() -> None:
        async with run_playwright():
            await asyncio.Event().wait()

    task = asyncio.create_task(start())
    await until(lambda: drivers() != before, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert drivers() == before
    assert names(temporary) == []


def test_of_a_long_message_the_first_line_counts() -> None:
    assert first_line(ValueError("\n  broken \n call log")) == "broken"
    assert first_line(ValueError()) == "no message"
