"""Machines that lack something: what can work does, and what cannot names its cause."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAMME = """
import asyncio, sys
from harness.browser.launch import open_chromium
from harness.cli.failures import report_failure
from harness.errors import HarnessError

async def main():
    async with open_chromium() as chromium:
        page = await chromium.browser.new_page()
        print(await page.evaluate("6 * 7"))

try:
    asyncio.run(main())
except HarnessError as error:
    sys.exit(report_failure(error))
"""
CHROMIUM = [sys.executable, "-c", PROGRAMME]
SERVE = [sys.executable, "-m", "harness", "serve", "--port", "0", "--workers", "1"]

NO_LOOPBACK = "unshare --user --map-root-user --net"
can_unshare = pytest.mark.skipif(
    subprocess.run([*shlex.split(NO_LOOPBACK), "true"], capture_output=True, check=False).returncode
    != 0,
    reason="this machine gives nobody a network of their own",
)


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Short enough for sockets, which pytest's own need not be."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        yield Path(folder)


def run(
    command: list[str], before: str = "", *, tmpdir: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """A command in a shell that was told something before."""
    environ = {**os.environ} if tmpdir is None else {**os.environ, "TMPDIR": str(tmpdir)}
    line = f"{before} exec {shlex.join(command)}"
    return subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, timeout=200, check=False, env=environ
    )


def named(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """It could not be done, and is told in the usual form."""
    assert done.returncode == 3, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert "found: " in done.stderr
    assert "to do: " in done.stderr
    assert [word for word in words if word not in done.stderr] == [], done.stderr


@pytest.mark.browser
def test_a_temporary_folder_may_have_spaces_and_signs_in_its_path(temporary: Path) -> None:
    folder = temporary / "a b's \N{SNOWMAN}"
    folder.mkdir()
    done = run(CHROMIUM, tmpdir=folder)
    assert (done.returncode, done.stdout) == (0, "42\n"), done.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.browser
def test_a_temporary_folder_that_is_too_deep_for_sockets_works_or_is_named(
    temporary: Path,
) -> None:
    folder = temporary / ("x" * 60) / ("y" * 60)
    folder.mkdir(parents=True)
    done = run(CHROMIUM, tmpdir=folder)
    if done.returncode:
        named(done, "temporary folder is too long", "TMPDIR")
    assert list(folder.iterdir()) == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("limit", "cause", "hint"),
    [
        ("-n 40", "too many open files", "ulimit -n"),
        ("-f 8", "beyond the limit", "ulimit -f"),
    ],
)
def test_a_limit_is_named_with_what_raises_it(
    temporary: Path, limit: str, cause: str, hint: str
) -> None:
    done = run(CHROMIUM, f"ulimit {limit};", tmpdir=temporary)
    named(done, cause, hint)
    assert list(temporary.iterdir()) == []


@can_unshare
@pytest.mark.browser
def test_a_browser_without_a_loopback_interface_says_so(temporary: Path) -> None:
    done = run([*shlex.split(NO_LOOPBACK), *CHROMIUM], tmpdir=temporary)
    named(done, "ip link set lo up")
    assert list(temporary.iterdir()) == []


@can_unshare
def test_a_server_without_a_loopback_interface_says_so() -> None:
    named(run([*shlex.split(NO_LOOPBACK), *SERVE]), "ip link set lo up")
