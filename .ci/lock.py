"""Write .ci/constraints.txt anew: every package that set-up may install, at one version.

    python .ci/lock.py python3.11 python3.12 python3.13 python3.14

Give the oldest interpreter first. Each resolves pyproject.toml with all extras, and the builders
of what comes as source, bound by what the ones before it chose; so one version serves them all.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / ".ci" / "constraints.txt"
EXTRAS = (
    "dev,mcp,chatkit,meaning,quality,live,pdf,pico,pictures,postgres,pytest-html,"
    "pytest-playwright-asyncio"
)
BUILDERS = ["hatchling", "editables", "setuptools", "wheel", "cython", "pytest-runner"]
HEADER = """\
# The versions that set-up installs, for Python {versions} on Linux: direct and transitive
# dependencies, and the builders of what comes as source. Written by .ci/lock.py.
"""


def main(interpreters: list[str]) -> int:
    pins: dict[str, str] = {}
    versions = []
    for interpreter in interpreters:
        version, found = resolve(interpreter, pins)
        versions.append(version)
        pins |= found
    lines = pinned(pins)
    CONSTRAINTS.write_text(HEADER.format(versions=", ".join(versions)) + "\n".join(lines) + "\n")
    print(f"{CONSTRAINTS.relative_to(ROOT)}: {len(lines)} pins", file=sys.stderr)
    return 0


def resolve(interpreter: str, bound: dict[str, str]) -> tuple[str, dict[str, str]]:
    """What pip would install for one interpreter, as name to version."""
    print(f"resolving for {interpreter}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder, "venv", "bin", "python")
        report = Path(folder, "report.json")
        subprocess.run([interpreter, "-m", "venv", str(python.parents[1])], check=True)
        wanted = [f"{ROOT}[{EXTRAS}]", *BUILDERS]
        command = [str(python), "-m", "pip", "install", "-q", "--dry-run", "--ignore-installed"]
        bounds = Path(folder, "bounds.txt")
        bounds.write_text("\n".join(pinned(bound)))
        command += ["-c", str(bounds), "--report", str(report)]
        subprocess.run([*command, *wanted], check=True)
        answer = json.loads(report.read_text())
    pins = {
        normalised(entry["metadata"]["name"]): entry["metadata"]["version"]
        for entry in answer["install"]
    }
    pins.pop("realtime-harness", None)
    version = answer["environment"]["python_version"]
    return str(version), pins


def pinned(pins: dict[str, str]) -> list[str]:
    return [f"{name}=={version}" for name, version in sorted(pins.items())]


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [sys.executable]))
