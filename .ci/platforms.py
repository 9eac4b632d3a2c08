"""Whether everything the harness needs comes as wheels, for each platform and Python.

    python .ci/platforms.py [--json] [--write]

Asks uv where it is installed (a second for a combination), else pip (`pip install --dry-run`, half
a minute). Only wheels count, for the oldest system named; nothing is installed. --write puts the
table into harness/docs/platforms.md. Exit 0 where all that README promises resolves, else 1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "harness" / "docs" / "platforms.md"
BEGIN, END = "<!-- platforms: written by .ci/platforms.py -->", "<!-- end of platforms -->"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
EXTRAS = ("", "live", "pico", "mcp")
"""The main dependencies alone, and with each extra that may come as wheels."""

PROMISED = ("",)
AT_ONCE = 2
MACOS = "14.0"


@dataclass(frozen=True)
class Platform:
    """A system, the oldest one that counts."""

    name: str
    uv: str
    """uv's name for it."""

    pip: tuple[str, ...]
    """Tags that pip may take, the newest first."""


def _glibc(machine: str) -> tuple[str, ...]:
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(28, 16, -1)]
    return (*tags, f"manylinux2014_{machine}")


def _macos(machine: str, oldest: int) -> tuple[str, ...]:
    tags = [
        f"macosx_{major}_0_{kind}"
        for major in range(14, 10, -1)
        for kind in (machine, "universal2")
    ]
    return (*tags, *(f"macosx_10_{minor}_{machine}" for minor in range(16, oldest, -1)))


PLATFORMS = (
    Platform("Linux x86-64, glibc 2.28", "x86_64-manylinux_2_28", _glibc("x86_64")),
    Platform("Linux ARM64, glibc 2.28", "aarch64-manylinux_2_28", _glibc("aarch64")),
    Platform("macOS 14, Apple silicon", "aarch64-apple-darwin", _macos("arm64", 15)),
    Platform("macOS 14, Intel", "x86_64-apple-darwin", _macos("x86_64", 8)),
    Platform("Windows x86-64", "x86_64-pc-windows-msvc", ("win_amd64",)),
)


@dataclass(frozen=True)
class Outcome:
    """Of one combination."""

    platform: str
    python: str
    extra: str
    resolves: bool
    why: str | None
    """What fails, in the resolver's own words, shortened."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    todo = [(p, python, extra) for extra in EXTRAS for p in PLATFORMS for python in PYTHONS]
    with ThreadPoolExecutor(AT_ONCE) as workers:
        outcomes = list(workers.map(lambda one: _tried(*one), todo))
    table = as_table(outcomes)
    print(json.dumps([asdict(one) for one in outcomes]) if options.json else table)
    if options.write:
        write(table)
    return 0 if all(one.resolves for one in outcomes if one.extra in PROMISED) else 1


def requirements(extra: str) -> list[str]:
    """What pyproject.toml asks for, with one extra or none."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    more = project["optional-dependencies"].get(extra, []) if extra else []
    return [*project["dependencies"], *more]


def _tried(platform: Platform, python: str, extra: str) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "requirements.txt")
        wanted.write_text("\n".join(requirements(extra)) + "\n")
        environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": MACOS}
        command = _uv(platform, python, wanted) or _pip(platform, python, wanted, folder)
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    print(f"{platform.name}, {python}, {extra or 'main'}: {done.returncode}", file=sys.stderr)
    why = None if done.returncode == 0 else _shortened(done.stderr)
    return Outcome(platform.name, python, extra, done.returncode == 0, why)


def _uv(platform: Platform, python: str, wanted: Path) -> list[str] | None:
    program = shutil.which("uv")
    if program is None:
        return None
    command = [program, "pip", "compile", "-q", "--no-header", "--only-binary", ":all:"]
    return [*command, "--python-platform", platform.uv, "--python-version", python, str(wanted)]


def _pip(platform: Platform, python: str, wanted: Path, folder: str) -> list[str]:
    tags = [word for tag in platform.pip for word in ("--platform", tag)]
    command = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--no-input"]
    command += ["--disable-pip-version-check", "--only-binary=:all:", "--target", folder, *tags]
    return [*command, "--python-version", python, "--implementation", "cp", "-r", str(wanted)]


def _shortened(text: str) -> str:
    """The lines that say what is missing, as one."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    lines = [line.strip(" │╰─▶×├╭ⓘhint:") for line in plain.splitlines() if line.strip()]
    told = [line for line in lines if "WARNING" not in line and not line.startswith("Location")]
    return " ".join(told)[:600]


def as_table(outcomes: list[Outcome]) -> str:
    """A table for each extra, and below it what fails and why."""
    parts = []
    for extra in EXTRAS:
        heading = f"With the extra `{extra}`:" if extra else "All that is required:"
        rows = [f"| {heading} | " + " | ".join(f"Python {one}" for one in PYTHONS) + " |"]
        rows.append("| --- |" + " --- |" * len(PYTHONS))
        for platform in PLATFORMS:
            mine = {
                o.python: o for o in outcomes if (o.extra, o.platform) == (extra, platform.name)
            }
            marks = ["wheels" if mine[python].resolves else "**no**" for python in PYTHONS]
            rows.append(f"| {platform.name} | " + " | ".join(marks) + " |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def write(table: str) -> None:
    """Put the table between its marks in the page."""
    page = PAGE.read_text(encoding="utf-8")
    head, rest = page.split(BEGIN)
    _, tail = rest.split(END)
    PAGE.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
