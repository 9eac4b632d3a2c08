"""The Chromium program: found on this machine, or installed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.environment import variable
from harness.errors import ChromiumMissing
from harness.programs import kill_group

Source = Literal["HARNESS_CHROMIUM", "playwright", "system"]

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_HINT = "run “harness doctor --install”, or as root: apt-get install -y chromium"

INSTALLED_AT = (
    "chrome-linux*/chrome",
    "chrome-mac*/*.app/Contents/MacOS/Chromium",
    "chrome-mac*/*.app/Contents/MacOS/Google Chrome for Testing",
    "chrome-win*/chrome.exe",
)
"""Where the program is in a folder of Playwright's, by system; new ones are Chrome for Testing."""

DOWNLOAD_WITHIN_S = 240.0
_INSTALL_ENVIRON = {
    "DEBIAN_FRONTEND": "noninteractive",
    # Where only package registries can be reached, the download fails soon; a slow one may go on.
    "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000",
}
APT_WITHIN_S = 600.0
VERSION_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class ChromiumInfo:
    """A Chromium on this machine."""

    path: Path
    version: str
    """As it says itself, for example "156.0.8078.79"; "unknown" where it would not say."""
    source: Source


async def find_chromium(environ: Mapping[str, str] | None = None) -> ChromiumInfo:
    """The Chromium to use: HARNESS_CHROMIUM, else Playwright's own, else the system's.

    Raises:
        ChromiumMissing: there is none, or HARNESS_CHROMIUM names none.
    """
    path, source = locate_chromium(os.environ if environ is None else environ)
    return ChromiumInfo(path, await _read_version(path), source)


def locate_chromium(environ: Mapping[str, str]) -> tuple[Path, Source]:
    """Where the Chromium to use is, without starting it.

    Raises:
        ChromiumMissing: as `find_chromium`.
    """
    if named := variable("HARNESS_CHROMIUM", environ):
        return _check_named(Path(named)), "HARNESS_CHROMIUM"
    if path := _find_playwrights_own(environ):
        return path, "playwright"
    for name in SYSTEM_NAMES:
        if found := shutil.which(name, path=environ.get("PATH")):
            return Path(found), "system"
    raise ChromiumMissing(
        "No Chromium was found.",
        expected=f"HARNESS_CHROMIUM, Playwright's own, or one of {', '.join(SYSTEM_NAMES)}",
        found="none of them",
        hint=INSTALL_HINT,
    )


async def install_chromium() -> ChromiumInfo:
    """Find a Chromium, or install one: Playwright's download, else the distribution's package.

    Raises:
        ChromiumMissing: neither worked; the message names the one command that would.
    """
    with contextlib.suppress(ChromiumMissing):
        return await find_chromium()
    tried = []
    for command, within_s in _install_commands():
        tried.append(f"{' '.join(command)}: {await _run(command, within_s)}")
        with contextlib.suppress(ChromiumMissing):
            return await find_chromium()
    raise ChromiumMissing(
        "No Chromium was found, and none could be installed.",
        expected="a download from Playwright, or a package of the distribution",
        found="; ".join(tried) or "no way to install one here",
        hint="as root: apt-get update && apt-get install -y chromium",
    )


def _check_named(path: Path) -> Path:
    if path.is_file() and os.access(path, os.X_OK):
        return path
    raise ChromiumMissing(
        "HARNESS_CHROMIUM does not name a Chromium.",
        expected="the path of an executable",
        found=str(path),
        hint="correct the variable, or unset it",
    )


def _find_playwrights_own(environ: Mapping[str, str]) -> Path | None:
    """The newest full Chromium that Playwright has downloaded (never its headless shell)."""
    found: list[tuple[int, Path]] = []
    for folder in _browsers_dir(environ).glob("chromium-*"):
        revision = re.fullmatch(r"chromium-(\d+)", folder.name)
        for executable in (path for where in INSTALLED_AT for path in folder.glob(where)):
            if revision and executable.is_file() and os.access(executable, os.X_OK):
                found.append((int(revision.group(1)), executable))
    return max(found)[1] if found else None


def _browsers_dir(environ: Mapping[str, str]) -> Path:
    if named := environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        return Path(named)
    home = Path(environ.get("HOME", str(Path.home())))
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "ms-playwright"
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA", str(home / "AppData" / "Local"))) / "ms-playwright"
    return Path(environ.get("XDG_CACHE_HOME", str(home / ".cache"))) / "ms-playwright"


def _install_commands() -> list[tuple[Sequence[str], float]]:
    commands: list[tuple[Sequence[str], float]] = [
        ((sys.executable, "-m", "playwright", "install", "chromium", "--no-shell"),
         DOWNLOAD_WITHIN_S),
    ]  # fmt: skip
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        commands.append((("apt-get", "update"), APT_WITHIN_S))
        commands.append(
            (("apt-get", "install", "-y", "--no-install-recommends", "chromium"), APT_WITHIN_S)
        )
    return commands


async def _run(command: Sequence[str], within_s: float) -> str:
    """Run a command to its end; what became of it, in a few words."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **_INSTALL_ENVIRON},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(within_s):
            _, errors = await process.communicate()
    except TimeoutError:
        return f"not done in {within_s:g} s"
    finally:
        await _end_group(process)
    if process.returncode == 0:
        return "done"
    lines = errors.decode(errors="replace").strip().splitlines() or ["no message"]
    return f"exit code {process.returncode} ({lines[-1][:200]})"


async def _end_group(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    kill_group(process.pid)
    await process.wait()


async def _read_version(path: Path) -> str:
    try:
        process = await asyncio.create_subprocess_exec(
            str(path),
            "--version",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return "unknown"
    try:
        async with asyncio.timeout(VERSION_WITHIN_S):
            output, _ = await process.communicate()
    except TimeoutError:
        return "unknown"
    finally:
        await _end_group(process)
    match = re.search(rb"\d+(\.\d+)+", output)
    return match.group(0).decode() if match else "unknown"
