"""Try the lower bounds of pyproject.toml: the quick tests, with the oldest versions it allows.

    make test-lowest

Everything that pyproject.toml asks for by name, at the lower bound it states, in an environment of
its own (.venv-lowest); what those need in turn is pip's choice.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-lowest"
BOUND = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?(?P<how>>=|==)(?P<version>[0-9.]+)$")
EXTRAS = ("dev", "mcp", "chatkit", "live", "meaning", "pico", "pictures", "postgres")
"""Those that tests need, as in bootstrap.py."""

TOOLS = {"mypy", "ruff", "codespell"}
"""They look at the code, and run none of it."""


def main(options: list[str]) -> int:
    """Make the environment anew, then run the tests in it; ``options`` go to pytest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    constraints = VENV / "lowest.txt"
    constraints.write_text("\n".join(lowest(project)) + "\n", encoding="utf-8")
    pip = [str(VENV / "bin" / "pip"), "install", "-q", "-c", str(constraints)]
    print(f"lowest: installing {len(constraints.read_text().splitlines())} pins", file=sys.stderr)
    subprocess.run([*pip, "-e", f"{ROOT}[{','.join(EXTRAS)}]"], check=True)
    pytest = [str(VENV / "bin" / "pytest"), "-q", "-m", "not browser and not realtime"]
    return subprocess.run([*pytest, *options], cwd=ROOT, check=False).returncode


def lowest(project: dict[str, Any]) -> Iterator[str]:
    """A pin for each requirement that has a lower bound."""
    extras = project["optional-dependencies"]
    for requirement in (
        *project["dependencies"],
        *(one for name in EXTRAS for one in extras[name]),
    ):
        found = BOUND.match(requirement)
        if found is not None and found["name"] not in TOOLS:
            yield f"{found['name']}=={found['version']}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
