"""Scenario files, found by what was typed: paths, folders, and names of shipped scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.cli.failures import did_you_mean
from harness.errors import ScenarioError
from harness.resources import fixtures_dir

SUFFIXES = (".yaml", ".yml")


def find_scenarios(words: Sequence[str]) -> list[Path]:
    """The files that are meant, in the order given, each once.

    Raises:
        ScenarioError: no such file, folder or shipped scenario; names the nearest ones.
    """
    return list(dict.fromkeys(path for word in words for path in _find(word)))


def shipped() -> dict[str, Path]:
    """The scenarios that come with the harness, by name."""
    return {path.stem: path for path in _in_folder(fixtures_dir() / "scenarios")}


def _find(word: str) -> list[Path]:
    path = Path(word)
    if path.is_dir():
        found = _in_folder(path)
        if not found:
            raise ScenarioError(
                f"No scenarios in the folder {path}.",
                expected="files that end in .yaml or .yml",
                found="none",
            )
        return found
    if path.exists():
        return [path]
    ours = shipped()
    if word in ours:
        return [ours[word]]
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


def _in_folder(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
