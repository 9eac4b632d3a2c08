"""A signal ends the work by its own clean-up, with the exit code a shell expects."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli.interrupts import refuse_platform, run_async
from harness.errors import HarnessError

WITHIN_S = 100

PROGRAMME = """
import asyncio, pathlib, sys
from harness.cli.interrupts import run_async

async def work():
    try:
        print("working", flush=True)
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0)  # a clean-up that itself has to wait
        pathlib.Path(sys.argv[1]).write_text("cleaned up")

try:
    run_async(work())
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_lets_the_work_clean_up(tmp_path: Path, number: signal.Signals, code: int) -> None:
    mark = tmp_path / "mark"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAMME, str(mark)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        os.kill(process.pid, number)
        _, errors = process.communicate(timeout=WITHIN_S)
    assert process.returncode == code
    assert mark.read_text() == "cleaned up"
    assert "stopping" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_the_whole_process_with_its_code(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    """What a shell, a service manager and a container look at."""
    command = [sys.executable, "-m", "harness", "serve", "--port", "0", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert "page_url" in process.stdout.readline()
        os.kill(process.pid, number)
        _, errors = process.communicate(timeout=WITHIN_S)
    assert process.returncode == code
    assert "Traceback" not in errors


KEEPS = """
import asyncio, sys
from harness.cli.interrupts import ending_signal, run_async

async def work():
    assert ending_signal() is None
    try:
        print("working", flush=True)
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        asyncio.current_task().uncancel()
        return ending_signal()

sys.exit(100 + run_async(work()))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_work_that_keeps_something_knows_what_ended_it(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KEEPS],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        os.kill(process.pid, number)
        _, errors = process.communicate(timeout=WITHIN_S)
    assert process.returncode == 100 + number, errors


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_work_that_fails_because_it_was_ended_was_ended(number: signal.Signals, code: int) -> None:
    """A page that is asked while its browser closes, say; an error of ours is told as ever."""

    async def work(error: Exception) -> None:
        os.kill(os.getpid(), number)
        try:
            await asyncio.sleep(WITHIN_S)
        finally:
            raise error

    with pytest.raises((KeyboardInterrupt, SystemExit)) as caught:
        run_async(work(RuntimeError("the browser has been closed")))
    assert getattr(caught.value, "code", 130) == code
    with pytest.raises(HarnessError, match="disk is full"):
        run_async(work(HarnessError("The disk is full.")))


def test_a_terminal_that_hangs_up_lets_the_work_clean_up(tmp_path: Path) -> None:
    """Nothing can be written to it any more."""
    mark, (ours, its) = tmp_path / "mark", os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAMME, str(mark)], stdout=subprocess.PIPE, stderr=its, text=True
    ) as process:
        os.close(its)
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        os.close(ours)
        os.kill(process.pid, signal.SIGHUP)
        process.communicate(timeout=WITHIN_S)
    assert process.returncode == 129
    assert mark.read_text() == "cleaned up"


def test_a_platform_without_what_it_takes_is_refused_at_once() -> None:
    async def work() -> None:
        raise AssertionError("it begins")

    with pytest.raises(HarnessError, match="WSL"):
        refuse_platform(work(), "win32")


def test_work_that_ends_by_itself_gives_its_result() -> None:
    async def work() -> int:
        return 7

    assert run_async(work()) == 7


def test_an_error_in_the_work_comes_through() -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        run_async(work())
