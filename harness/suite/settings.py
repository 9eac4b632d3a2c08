"""Settings of a project: ``[tool.realtime-harness]`` in the nearest pyproject.toml."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from harness.errors import SettingsError
from harness.scenario.scope import is_name

TABLE = "realtime-harness"
TEXTS = (
    *("out", "page", "server", "protocol", "network", "native"),
    *("markdown", "history", "allure"),
)
NUMBERS = ("workers", "retries", "repeat", "max_failures", "seed")
LISTS = ("scenarios", "engine", "redirect", "tag")
KEYS = (*TEXTS, *NUMBERS, *LISTS, "allow_flaky", "wait_s", "variables")


@dataclass(frozen=True)
class ProjectSettings:
    """What a project says once, for the command line and for pytest."""

    path: Path | None = None
    """The file; None where there is none with such a table."""

    options: dict[str, Any] = field(default_factory=dict)
    """Options of `harness run` by name, and `scenarios`: files and folders, as seen from the
    working folder."""

    variables: dict[str, Any] = field(default_factory=dict)


def find_settings(folder: Path) -> ProjectSettings:
    """The settings for a folder: those of the nearest pyproject.toml, in it or above it.

    Raises:
        SettingsError: it is no TOML, or a setting cannot be.
    """
    for place in (folder, *folder.absolute().parents):
        path = place / "pyproject.toml"
        if path.is_file():
            return _read(path)
    return ProjectSettings()


def _read(path: Path) -> ProjectSettings:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get(TABLE)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read.", expected="TOML", found=str(error)) from error
    if table is None:
        return ProjectSettings()
    given = {str(name).replace("-", "_"): value for name, value in table.items()}
    for name, value in given.items():
        _check(path, name, value)
    variables = given.pop("variables", {})
    if "scenarios" in given:
        given["scenarios"] = [_from_here(path.parent / one) for one in given["scenarios"]]
    if isinstance(given.get("engine"), str):
        given["engine"] = [given["engine"]]
    return ProjectSettings(path, given, variables)


def _from_here(path: Path) -> str:
    """As short as it can be: relative to the working folder, where it is in it."""
    whole, here = path.absolute(), Path.cwd()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else path)


def _dated(variables: dict[str, Any]) -> tuple[str, Any] | None:
    """The first variable that holds a date or time of TOML; its name, and that date."""
    waiting = list(reversed(variables.items()))
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, date | time):  # a datetime is a date
            return name, value
        if isinstance(value, list | dict):
            inner = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += reversed([(f"{name}.{key}", one) for key, one in inner])
    return None


def _check(path: Path, name: str, value: Any) -> None:
    place = f"{path}: [tool.{TABLE}] {name}"
    if name not in KEYS:
        near = difflib.get_close_matches(name, KEYS, n=1)
        raise SettingsError(
            f"{place} is not known.",
            expected=f"one of {', '.join(KEYS)}",
            hint=f"did you mean {near[0]}?" if near else None,
        )
    if name in TEXTS:
        holds, expected = isinstance(value, str), "a text"
    elif name in NUMBERS:
        holds, expected = type(value) is int and value >= 0, "a whole number"
    elif name in LISTS:
        texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
        holds, expected = texts or (name == "engine" and isinstance(value, str)), "a list of texts"
    elif name == "variables" and isinstance(value, dict) and (dated := _dated(value)):
        place, value = f"{place}: {dated[0]}", dated[1]
        holds, expected = False, f'a date or time in quotes: "{value}"'
    elif name == "variables":
        holds = isinstance(value, dict) and all(map(is_name, value))
        expected = "a table of names and values"
    else:
        holds = isinstance(value, bool) if name == "allow_flaky" else isinstance(value, int | float)
        expected = "true or false" if name == "allow_flaky" else "seconds"
    if not holds:
        raise SettingsError(f"{place} cannot be that.", expected=expected, found=repr(value))
