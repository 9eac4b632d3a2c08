"""Checks of this machine: is what the harness needs there, and if not, how to get it.

Each check tries the real thing: Chromium is started, models are loaded, a socket is opened. A
check never raises; what goes wrong becomes its finding.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.metadata
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from harness.cli.findings import Diagnosis, Finding
from harness.cli.speech_checks import SPEECH_CHECKS
from harness.errors import HarnessError, LaunchError

OLDEST_PYTHON = (3, 11)
FREE_BYTES = 500_000_000
SOUND_HINT = (
    "only for `page: {microphone: device}`, on Linux: "
    "apt-get install --no-remove pulseaudio pulseaudio-utils"
)
NODE_HINT = "only for checking the page's modules while working on them: install Node 20 or newer"


def diagnose() -> Diagnosis:
    """Run every check; takes about four seconds, for Chromium and the models."""
    return Diagnosis([_safely(name, check) for name, check in CHECKS])


def install_missing(diagnosis: Diagnosis, say: Callable[[str], None]) -> None:
    """Install what a programme may install: Chromium, and as root the libraries it needs.

    Args:
        say: told what is being done, because it takes minutes.

    Raises:
        ChromiumMissing: none could be installed; the error names the one command.
        LaunchError: it is there and does not start.
    """
    missing = {one.name for one in diagnosis.findings if one.status == "missing"}
    if "chromium" not in missing or "playwright" in missing:  # without the driver nothing starts
        return
    from harness.browser.chromium import install_chromium

    say("installing Chromium (some minutes)")
    asyncio.run(install_chromium())
    try:
        asyncio.run(_start_chromium())
    except LaunchError:
        _install_libraries(say)
        asyncio.run(_start_chromium())


def _install_libraries(say: Callable[[str], None]) -> None:
    """What a Chromium that did not come as a package of the system lacks on a bare machine.

    Raises:
        LaunchError: not root, or it did not work; names the one command.
    """
    command = [sys.executable, "-m", "playwright", "install-deps", "chromium"]
    done = None
    if os.geteuid() == 0:
        say("Chromium does not start; installing the system's libraries for it")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done is None or done.returncode != 0:
        raise LaunchError(
            "Chromium is there, and does not start.",
            expected="the libraries it needs on this system",
            found="some are missing" if done is None else done.stderr.strip()[-200:],
            hint=f"sudo {' '.join(command)}",
        )


# --- the checks ------------------------------------------------------------------------------


def check_python() -> Finding:
    """The version of Python that runs this, and whether it is new enough."""
    found = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info < OLDEST_PYTHON:
        return Finding("python", "missing", found, "use Python 3.11 or newer")
    return Finding("python", "ok", found)


def check_packages() -> Finding:
    """Every required package of the distribution, by its metadata: present or not."""
    missing = [name for name in required_packages() if not _version(name)]
    if missing:
        return Finding(
            "packages", "missing", f"not installed: {', '.join(missing)}", "run `make setup`"
        )
    ours = _version("realtime-harness") or "not installed as a package"
    return Finding("packages", "ok", f"realtime-harness {ours} and all it requires")


def required_packages() -> list[str]:
    """Names of the packages our distribution requires, without its extras."""
    try:
        lines = importlib.metadata.requires("realtime-harness") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    required = [line for line in lines if "extra ==" not in line]
    return [_leading_name(line) for line in required]


def check_driver() -> Finding:
    """Playwright's driver, a Node of its own; on a bare machine a library of the system lacks."""
    import playwright

    node = Path(str(playwright.__file__)).parent / "driver" / "node"
    node = Path(os.environ.get("PLAYWRIGHT_NODEJS_PATH", node))
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        hint = "sudo apt-get install libatomic1"
        return Finding("playwright", "missing", done.stderr.strip()[-200:], hint)
    return Finding("playwright", "ok", f"{_version('playwright')}, its driver starts")


def check_chromium() -> Finding:
    """A browser, by starting it: its version, its path and whether its sandbox works."""
    version, path = asyncio.run(_start_chromium())
    sandbox = "without its sandbox, as root" if os.geteuid() == 0 else "with its sandbox"
    return Finding("chromium", "ok", f"{version}, {path}, starts {sandbox}")


async def _start_chromium() -> tuple[str, Path]:
    from harness.browser.launch import open_chromium

    async with open_chromium() as chromium:
        return chromium.info.version, chromium.info.path


def check_engines() -> Finding:
    """Both WebRTC engines of the local server."""
    found = []
    for package in ("wrtc", "aiortc"):
        importlib.import_module(package)
        found.append(f"{package} {_version(package)}")
    return Finding("webrtc engines", "ok", ", ".join(found))


def check_fixtures() -> Finding:
    """The shipped scenarios and recordings, counted."""
    from harness.resources import fixtures_dir

    scenarios = len(list((fixtures_dir() / "scenarios").glob("*.yaml")))
    audio = len(list((fixtures_dir() / "audio").rglob("*.wav")))
    return Finding("fixtures", "ok", f"{scenarios} scenarios, {audio} audio files")


def check_loopback() -> Finding:
    """A port on the loopback address, by opening one."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return Finding("loopback", "ok", f"port {server.getsockname()[1]} could be opened")


def check_room() -> Finding:
    """Space for temporary profiles and traces."""
    folder = Path(tempfile.gettempdir())
    free_bytes = shutil.disk_usage(folder).free
    found = f"{free_bytes / 1e9:.1f} GB free in {folder}"
    if free_bytes < FREE_BYTES:
        return Finding("disk", "missing", found, "free some space, or set TMPDIR")
    return Finding("disk", "ok", found)


def check_quality() -> Finding:
    """The optional package that rates the quality of speech."""
    versions = [_version("pesq"), _version("pystoi")]
    if all(versions):
        return Finding("quality (pesq, pystoi)", "ok", ", ".join(map(str, versions)))
    hint = "for `quality` and `user_quality`: install a C compiler and run `make setup` again"
    return Finding("quality (pesq, pystoi)", "optional", "not installed", hint)


def check_sound_device() -> Finding:
    """What `microphone: device` needs, by starting it; nothing else needs it."""
    from harness.browser.sound_server import PLAYER, SERVER

    paths = {name: shutil.which(name) for name in (SERVER, PLAYER)}
    gone = [name for name, path in paths.items() if path is None]
    if gone:
        found = f"no {' and no '.join(gone)} on the PATH"
        if shutil.which("pipewire"):
            found += "; PipeWire is there, and does not do: a call starts a PulseAudio of its own"
        return Finding("sound device", "optional", found, SOUND_HINT)
    try:
        asyncio.run(_start_sound())
    except LaunchError as error:
        return Finding("sound device", "optional", f"{error.message} {error.found}", error.hint)
    return Finding("sound device", "ok", f"{paths[SERVER]}, starts")


async def _start_sound() -> None:
    from harness.browser.sound_server import open_sound_server

    async with open_sound_server():
        pass


def check_key() -> Finding:
    """Whether a key is set, and never which."""
    if os.environ.get("OPENAI_API_KEY"):
        return Finding("hosted service", "ok", "OPENAI_API_KEY is set")
    hint = "for `harness run --server openai`: set OPENAI_API_KEY"
    return Finding("hosted service", "optional", "OPENAI_API_KEY is not set", hint)


def check_node() -> Finding:
    """Node, which only the tests of the page's modules need."""
    path = shutil.which("node")
    if path:
        return Finding("node", "ok", path)
    return Finding("node", "optional", "not on the PATH", NODE_HINT)


CHECKS: list[tuple[str, Callable[[], Finding]]] = [
    ("python", check_python),
    ("packages", check_packages),
    ("playwright", check_driver),
    ("chromium", check_chromium),
    ("webrtc engines", check_engines),
    *SPEECH_CHECKS,
    ("fixtures", check_fixtures),
    ("loopback", check_loopback),
    ("disk", check_room),
    ("quality (pesq, pystoi)", check_quality),
    ("sound device", check_sound_device),
    ("hosted service", check_key),
    ("node", check_node),
]


# --- inside ----------------------------------------------------------------------------------


def _safely(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except HarnessError as error:
        found = error.message + (f" Found: {error.found}." if error.found else "")
        return Finding(name, "missing", found, error.hint)
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
        return Finding(name, "missing", found, "run `make setup`")


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _leading_name(requirement: str) -> str:
    """ "aiohttp>=3.10; python_version > '3'" is "aiohttp"."""
    return "".join(_until(requirement, "<>=!~;[ ("))


def _until(text: str, ends: str) -> Iterable[str]:
    for letter in text:
        if letter in ends:
            return
        yield letter
