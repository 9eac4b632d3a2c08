"""Commands whose standard streams are closed or full: a code, and a word where one can be had."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")


def run(redirection: str, *arguments: str) -> tuple[int, str]:
    """The exit code of a command under a shell's redirections, and what is left of its errors."""
    command = " ".join([sys.executable, "-m", "harness", *arguments, redirection])
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="there is no full device here")
def test_a_full_device_is_named_and_no_success() -> None:
    code, errors = run(">/dev/full", "--version")
    assert code == 3
    assert errors == "harness: No space left on device (standard output)\n"


@pytest.mark.skipif(not FULL.exists(), reason="there is no full device here")
@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>/dev/full >/dev/full", "2>&-"])
def test_what_cannot_be_said_is_said_by_the_code(redirection: str) -> None:
    assert run(redirection, "nosuch") == (2, "")


def test_a_closed_output_is_no_failure_and_is_told() -> None:
    code, errors = run(">&-", "--version")
    assert code == 0
    assert errors == "harness: standard output is closed, so nothing was written there\n"


def test_nothing_at_all_is_open_and_the_code_is_right() -> None:
    assert run("<&- >&- 2>&-", "--version") == (0, "")
    assert run("<&- >&- 2>&-", "nosuch") == (2, "")


def test_a_reader_that_left_is_no_traceback() -> None:
    _, errors = run("| true", "--help")
    assert errors == ""
