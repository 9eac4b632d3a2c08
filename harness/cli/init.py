"""``harness init``: a folder with a suite that runs as it is."""

from __future__ import annotations

import json
import shlex
import sys
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import count
from pathlib import Path

from harness.errors import ArtifactError, UsageError
from harness.paths import what_is_at

NAME = "voice"
"""Of a folder, where one is suggested."""

FILES: dict[str, str] = {
    "pyproject.toml": "pyproject.toml",
    "scenarios/greeting.yaml": "greeting.yaml",
    "scenarios/booking.yaml": "booking.yaml",
    "scenarios/guests.csv": "guests.csv",
    "scenarios/steps/greet.yaml": "greet.yaml",
    "tests/test_voice.py": "test_voice.py.txt",
    ".github/workflows/voice.yml": "github.yml",
    ".gitlab-ci.yml": "gitlab.yml",
    ".gitignore": "gitignore.txt",
}
"""Where each file goes, and which of ours it is."""


def make_folder(folder: Path, *, as_json: bool) -> int:
    """Write the files and say what to do next; 0.

    Raises:
        UsageError: one of them is there already; nothing was written.
        ArtifactError: one cannot be written.
    """
    there = [name for name in FILES if (folder / name).exists()]
    if there:
        raise UsageError(
            f"{folder / there[0]} is there already, and nothing was written.",
            expected="a folder without the files that are made",
            found=", ".join(there),
            hint=_another(),
        )
    try:
        for name, ours in FILES.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_starter(ours), encoding="utf-8")
    except OSError as error:
        raise ArtifactError(
            f"Cannot write to {folder}.",
            expected="a folder that may be written to",
            found=f"{error.strerror or error}: {what_is_at(folder)}",
            hint=_another(),
        ) from error
    if as_json:
        made = {"folder": str(folder), "files": list(FILES)}
        sys.stdout.write(json.dumps(made, indent=2) + "\n")
        return 0
    for name in FILES:
        print(folder / name)
    print(_next(folder))
    return 0


def _starter(name: str) -> str:
    place: Traversable = files("harness.cli") / "starter" / name
    return place.read_text(encoding="utf-8")


def _another() -> str:
    """What to type where this folder cannot be: a name that nothing has here."""
    names = (NAME if number == 1 else f"{NAME}-{number}" for number in count(1))
    free = next(name for name in names if not Path(name).exists())
    return f"name another folder: harness init {free}"


def _next(folder: Path) -> str:
    there = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    return (
        f"\nNext: {there}harness run --engine simulated   in seconds, without a browser\n"
        f"      {there}harness run                      in Chromium, against the local server\n"
        f"      {there}pytest                           the same as tests"
        f"{_workflows(folder)}"
    )


def _workflows(folder: Path) -> str:
    """Where the workflow files belong, in a repository whose top is another folder."""
    whole = folder.resolve()
    top = next((each for each in (whole, *whole.parents) if (each / ".git").exists()), whole)
    if top == whole:
        return ""
    inside = whole.relative_to(top).as_posix()
    return (
        f"\n\nGitHub and GitLab read their files at the top of a repository alone. Move "
        f".github/workflows/voice.yml and .gitlab-ci.yml to {top}, where they have to work in "
        f"{inside}: “defaults: {{run: {{working-directory: {inside}}}}}” and “path: {inside}/out” "
        f"for GitHub; “- cd {inside}” as the first line of the script, “paths: [{inside}/out]” and "
        f"“junit: {inside}/out/junit.xml” for GitLab."
    )
