"""Make .venv with the pinned packages, and find or install a Chromium. Standard library only.

Safe to run again at any time: nothing is done when nothing changed. An interrupted run leaves a
mark, and the next one starts over, so there is no half-made environment to wonder about.

Exit codes: 0 ready · 2 something is in the way that set-up did not make · 3 something is missing.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CONSTRAINTS = ROOT / ".ci" / "constraints.txt"
MARK = VENV / "set-up.json"

SECOND_ENGINES = {
    "live": "Moonshine: hears live turns quicker than Whisper",
    "pico": "Pico: a quick voice for slow machines",
}

FOR_TESTS = {
    "Xvfb": (["xvfb"], "a browser with a window"),
    "pulseaudio": (["pulseaudio", "pulseaudio-utils"], "a real sound device"),
}
"""Programs of the system that some tests need, and their packages on Debian and Ubuntu."""

BESIDE = {"beside": "pytest-playwright-asyncio", "beside-html": "pytest-html"}
"""Plugins of pytest that one test alone finds, in PYTHONPATH: of the two for Playwright pytest
takes one, and the other tests need no page of pytest-html's."""

POLL_S = 0.2
HEARTBEAT_S = 15.0
LAST_LINES = 25
"""Of a command's output, shown when it failed."""


class SetupFailed(Exception):
    """The set-up cannot go on; the text says what to do."""

    def __init__(self, text: str, exit_code: int = 3) -> None:
        super().__init__(text)
        self.exit_code = exit_code


def main() -> int:
    began_s = time.monotonic()
    with Path(__file__).open() as lock:
        wait_for_other_runs(lock.fileno())
        try:
            return set_up(began_s)
        except SetupFailed as error:
            print(f"set-up: {error}", file=sys.stderr)
            return error.exit_code
        except KeyboardInterrupt:
            say("interrupted; the next run starts over")
            return 130


def wait_for_other_runs(descriptor: int) -> None:
    """One set-up at a time in a clone; the lock goes with the process."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another set-up is running here, waiting for it")
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def set_up(began_s: float) -> int:
    mark = read_mark()
    wanted = fingerprint()
    fresh = mark.get("fingerprint") == wanted and PYTHON.exists() and not now_compiles(mark)
    if fresh and chromium_still_there(mark):
        return 0
    if not fresh:
        mark = make_environment(mark, wanted)
    mark["chromium"] = find_or_install_chromium()
    mark["chromium_asked_for"] = os.environ.get("HARNESS_CHROMIUM")
    write_mark(mark)
    say(f"ready in {time.monotonic() - began_s:.0f} s")
    return 0


# --- the virtual environment ---------------------------------------------------------------


def fingerprint() -> str:
    """Changes when the environment must be made or filled again."""
    parts = [
        (ROOT / "pyproject.toml").read_bytes(),
        CONSTRAINTS.read_bytes(),
        Path(__file__).read_bytes(),
        str(VENV).encode(),  # a moved clone needs new scripts
        platform.python_version().encode(),
        sys.base_prefix.encode(),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def read_mark() -> dict[str, object]:
    """What the last run left; empty where there was none or it did not finish."""
    try:
        found = json.loads(MARK.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_mark(mark: dict[str, object]) -> None:
    beside = MARK.with_suffix(".new")
    beside.write_text(json.dumps(mark, indent=1) + "\n")
    beside.replace(MARK)


def make_environment(mark: dict[str, object], wanted: str) -> dict[str, object]:
    if VENV.exists() and not MARK.exists():
        raise SetupFailed(
            f"{VENV} exists, and this set-up did not make it.\n"
            "  to do: move it away or remove it, then run again",
            exit_code=2,
        )
    same_python = mark.get("python") == python_identity() and PYTHON.exists()
    if "fingerprint" not in mark or not same_python:
        get_system_packages()
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir()
        write_mark({})  # from here on the folder is ours, also when we are killed
        make_venv()
    write_mark({})  # unfinished, until the end
    install_packages()
    left_out = install_second_engines()
    skipped = install_quality()
    install_for_tests()
    return {
        "fingerprint": wanted,
        "python": python_identity(),
        "metrics_skipped": skipped,
        "engines_left_out": left_out,
    }


def python_identity() -> list[str]:
    return [platform.python_version(), sys.base_prefix, str(VENV)]


def make_venv() -> None:
    say(f"making .venv with Python {platform.python_version()}")
    if has_ensurepip():
        run([sys.executable, "-m", "venv", str(VENV)], "the virtual environment could not be made")
    else:
        run(["virtualenv", "-p", sys.executable, str(VENV)], "virtualenv failed")


def has_ensurepip() -> bool:
    probe = [sys.executable, "-c", "import ensurepip, venv; ensurepip.version()"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


# --- what only the system can give ---------------------------------------------------------


def get_system_packages() -> None:
    """Install what is missing where we may; else name the one command that does.

    Raises:
        SetupFailed: something is missing, and this user may not install it.
    """
    missing = missing_packages()
    if not missing:
        return
    if may_install():
        apt_install(missing)
        missing = missing_packages()
    if missing:
        chromium = [] if has_chromium() else ["chromium"]
        raise SetupFailed(
            f"this machine lacks {' and '.join(missing)}, and set-up may not install them.\n"
            f"  to do: sudo apt-get install {' '.join(missing + chromium)}"
        )


def install_for_tests() -> None:
    """What some tests need of the system, and are skipped without; never a reason to fail."""
    if not may_install():
        return
    for program, (packages, tests) in FOR_TESTS.items():
        if shutil.which(program) or (program == "Xvfb" and os.environ.get("DISPLAY")):
            continue
        try:
            apt_install(packages)
        except SetupFailed:
            say(f"SKIPPED {program}: the tests of {tests} do not run.")


def missing_packages() -> list[str]:
    """Debian's and Ubuntu's names of what the rest needs and pip cannot bring."""
    missing = []
    if not has_ensurepip() and not shutil.which("virtualenv"):
        missing.append(venv_package())
    try:
        ctypes.CDLL("libatomic.so.1")  # Playwright's driver is linked to it
    except OSError:
        missing.append("libatomic1")
    return missing


def venv_package() -> str:
    """Debian splits venv from Python; its default Python has the plain name too."""
    system_python = Path("/usr/bin/python3").resolve() == Path(sys.executable).resolve()
    return "python3-venv" if system_python else f"python3.{sys.version_info.minor}-venv"


def has_chromium() -> bool:
    """A guess from outside, for a message; harness.browser.chromium decides."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return "HARNESS_CHROMIUM" in os.environ or any(map(shutil.which, names))


def may_install() -> bool:
    """As root, or where sudo asks for no password (as on most CI machines)."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        return True
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0


def apt_install(packages: Sequence[str]) -> None:
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quietly = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    # Some packages would take others away: PulseAudio takes PipeWire's on a desktop.
    install = [*quietly, "install", "-y", "--no-install-recommends", "--no-remove", *packages]
    say(f"{' '.join([*sudo, 'apt-get', 'install', *packages])}")
    run([*quietly, "update"], "the list of the system's packages could not be read")
    run(install, "the system's packages could not be installed")


# --- packages ------------------------------------------------------------------------------


def install_packages() -> None:
    pins = sum("==" in line for line in CONSTRAINTS.read_text().splitlines())
    say(f"installing the packages (at most {pins}, pinned in .ci/constraints.txt)")
    pip(
        ["-e", f"{ROOT}[dev,mcp,chatkit,meaning,pdf,pictures,postgres]"],
        "the packages could not be installed",
    )
    for folder, extra in BESIDE.items():
        beside = ["--no-deps", "--upgrade", "--target", str(VENV / folder)]
        pip(
            [*beside, *extra_requirements(extra)], "the packages of one test could not be installed"
        )


def install_second_engines() -> list[str]:
    """Speech engines that have no wheel for some systems; each has a substitute.

    Returns:
        The extras that were left out.
    """
    left_out = []
    for extra, what in SECOND_ENGINES.items():
        try:
            pip(["--only-binary=:all:", *extra_requirements(extra)], "there is no wheel")
        except SetupFailed:
            left_out.append(extra)
            say(f"SKIPPED the extra “{extra}” ({what}): there is no wheel for this system.")
    return left_out


def extra_requirements(extra: str) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return list(project["optional-dependencies"][extra])


def install_quality() -> str | None:
    """The extra “quality” is built from C source; without a compiler say so and go on.

    Returns:
        None where it was installed, else what stood in the way: "compiler" or "build".
    """
    missing = missing_to_compile()
    if missing is None:
        say("building the extra “quality” (PESQ, STOI)")
        try:
            pip(["-e", f"{ROOT}[quality]"], "the build failed")
            return None
        except SetupFailed as error:
            print(error, file=sys.stderr)
    say(f"SKIPPED the extra “quality” (PESQ, STOI): {missing or 'its build failed, see above'}.")
    say("        Everything but rating how speech sounds, and its tests, works without it.")
    return "compiler" if missing else "build"


def now_compiles(mark: dict[str, object]) -> bool:
    """What an earlier run had to leave out can be built now."""
    return mark.get("metrics_skipped") == "compiler" and missing_to_compile() is None


def missing_to_compile() -> str | None:
    if not any(shutil.which(compiler) for compiler in ("cc", "gcc", "clang")):
        return "there is no C compiler"
    if not Path(sysconfig.get_paths()["include"], "Python.h").exists():
        return f"Python.h is missing (package {venv_package().replace('-venv', '-dev')})"
    return None


def pip(arguments: Sequence[str], failure: str) -> None:
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install"]
    command += ["--no-input", "--progress-bar=off", "-c", str(CONSTRAINTS)]
    # The variables reach the environments in which packages are built, the option does not.
    pinned = {"PIP_CONSTRAINT": str(CONSTRAINTS), "PIP_BUILD_CONSTRAINT": str(CONSTRAINTS)}
    run([*command, *arguments], failure, environment=pinned)


# --- the browser, and whether it all works -------------------------------------------------

LOCATE = (
    "import os; from harness.browser.chromium import locate_chromium as l; print(l(os.environ)[0])"
)


def find_or_install_chromium() -> str:
    """The doctor starts Chromium and loads the models; it installs a Chromium where none is."""
    say("trying the parts: Chromium, WebRTC, speech")
    doctor = [str(VENV / "bin" / "harness"), "doctor", "--install"]
    try:
        run(doctor, "something is missing")
    except SetupFailed:
        if has_chromium() or os.geteuid() == 0 or not may_install():
            raise
        apt_install(["chromium"])  # the doctor is not root, and does not use sudo
        run(doctor, "something is missing")
    command = [str(PYTHON), "-c", LOCATE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupFailed(f"Chromium was there a moment ago, and now:\n{done.stderr.strip()}")
    say(f"Chromium: {done.stdout.strip()}")
    return done.stdout.strip()


def chromium_still_there(mark: dict[str, object]) -> bool:
    path = mark.get("chromium")
    same_wish = os.environ.get("HARNESS_CHROMIUM") == mark.get("chromium_asked_for")
    return same_wish and isinstance(path, str) and os.access(path, os.X_OK)


# --- running and saying --------------------------------------------------------------------


def say(text: str) -> None:
    print(f"set-up: {text}", file=sys.stderr, flush=True)


def run(command: Sequence[str], failure: str, *, environment: dict[str, str] | None = None) -> None:
    """Run a command, showing that it lives; its output only when it fails."""
    lines: list[str] = []
    process = subprocess.Popen(
        list(command),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    assert process.stdout is not None
    reader = threading.Thread(target=_collect, args=(process.stdout, lines), daemon=True)
    reader.start()
    life = Life(lines)
    try:
        while reader.is_alive():
            reader.join(POLL_S)
            life.show()
        process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        life.clear()
    if process.returncode != 0:
        shown = "\n".join("    " + line for line in lines[-LAST_LINES:])
        raise SetupFailed(f"{failure}.\n{shown}\n  ran: {' '.join(command)}")


def _collect(output: Iterable[str], lines: list[str]) -> None:
    lines.extend(line.rstrip() for line in output)


class Life:
    """A sign that a command lives: the newest line in place, or in a pipe one now and then."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._began_s = self._shown_s = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def show(self) -> None:
        now_s = time.monotonic()
        count = sum(line.startswith("Collecting ") for line in self._lines)
        told = (line.strip() for line in reversed(self._lines))
        newest = next((line for line in told if line and not line.startswith("WARNING")), "")
        text = f"{now_s - self._began_s:4.0f} s  {count or ''} {newest}"
        if self._terminal:
            width = shutil.get_terminal_size().columns - 2
            print(f"\r\x1b[K{text[:width]}", end="", file=sys.stderr, flush=True)
        elif now_s - self._shown_s >= HEARTBEAT_S:
            self._shown_s = now_s
            say(text[:100])

    def clear(self) -> None:
        if self._terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
