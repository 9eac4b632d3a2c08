"""Scenario files, found by what was typed: paths, folders, and names of shipped scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.cli.failures import did_you_mean
from harness.errors import ScenarioError
from harness.resources import fixtures_dir
from harness.suite.collect import Found

SUFFIXES = (".yaml", ".yml")


IGNORED = frozenset({"node_modules", "__pycache__"})
"""Folders in which nobody keeps scenarios; and those whose names begin with a dot."""


def find_scenarios(words: Sequence[str]) -> list[Path]:
    """The files that are meant, in the order given, each once; see `find_files`."""
    return [found.path for found in find_files(words)]


def find_files(words: Sequence[str]) -> list[Found]:
    """The files that are meant, in the order given, each once; of a folder also those below it.

    Raises:
        ScenarioError: no such file, folder or shipped scenario; names the nearest ones.
    """
    found: dict[Path, Found] = {}
    for word in words:
        for one in _find(word):
            found.setdefault(one.path.resolve(), one)
    return list(found.values())


def shipped() -> dict[str, Path]:
    """The scenarios that come with the harness, by name."""
    return {path.stem: path for path in _in_folder(fixtures_dir() / "scenarios")}


def _find(word: str) -> list[Found]:
    path = Path(word)
    if path.is_dir():
        found = _below(path)
        if not found:
            raise ScenarioError(
                f"No scenarios in the folder {path}.",
                expected="files that end in .yaml or .yml",
                found="none",
            )
        return [Found(one, named=False) for one in found]
    if path.exists():
        return [Found(path)]
    ours = shipped()
    if word in ours:
        return [Found(ours[word])]
    raise ScenarioError(
        f"There is no scenario “{word}”.",
        expected=f"a file, a folder, or one of the shipped: {', '.join(sorted(ours))}",
        found=f"nothing at {path.absolute()}",
        hint=_hint(path, list(ours)),
    )


def _hint(path: Path, ours: list[str]) -> str:
    if path.suffix in SUFFIXES and path.stem in ours:
        return f"the shipped one is run by its name: harness run {path.stem}"
    known = _neighbours(path) + ours
    return did_you_mean(str(path), known) or did_you_mean(path.stem, known) or "check the path"


def _neighbours(path: Path) -> list[str]:
    return [str(near) for near in _in_folder(path.parent)] if path.parent.is_dir() else []


def _below(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in SUFFIXES and path.is_file() and not _is_ignored(path, folder)
    )


def _is_ignored(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    return any(part.startswith(".") or part in IGNORED for part in parts)


def _in_folder(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
