"""Files of steps that several scenarios share: ``use`` puts them in, with arguments."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from harness.errors import ScenarioError
from harness.scenario.scope import is_name
from harness.yaml12 import Location
from harness.yaml_file import YamlFile, read_yaml

SHARED = "shared_steps"
"""The key that tells such a file from a scenario."""

KEYS = ("description", "arguments", SHARED)


def is_shared(data: Mapping[str, Any]) -> bool:
    """Whether a file holds steps for others, and is no scenario."""
    return SHARED in data


def read_shared(path: Path) -> YamlFile:
    """Read a file of shared steps.

    Raises:
        ScenarioError: it cannot be read, or is none.
    """
    file = read_yaml(path, "file of shared steps", SHARED)
    if not isinstance(file.data.get(SHARED), list) or not file.data[SHARED]:
        where: Location = (SHARED,) if SHARED in file.data else ()
        raise ScenarioError(
            f"{file.place(where)}: “{SHARED}” holds no steps.",
            expected=f"{SHARED}: a list of steps, and what they take: arguments",
            found=", ".join(map(str, file.data)) or "nothing",
            hint="a scenario has `steps`, and cannot be used by another one"
            if "steps" in file.data
            else None,
        )
    for key in file.data:
        if key not in KEYS:
            raise ScenarioError(
                f"{file.place((key,))}: “{key}” is not known here.",
                expected=f"one of {', '.join(KEYS)}",
                hint=near(key, KEYS),
            )
    return file


def arguments_of(file: YamlFile) -> dict[str, Any]:
    """What shared steps take: values for where none is given; None where one has to be.

    Raises:
        ScenarioError: not names, or not with values.
    """
    wanted = file.data.get("arguments") or {}
    named = dict.fromkeys(wanted) if isinstance(wanted, list) and _texts(wanted) else wanted
    if not isinstance(named, dict) or not all(map(is_name, named)):
        raise ScenarioError(
            f"{file.place(('arguments',))}: arguments: these are no names.",
            expected="a list of names, [who, greeting], or names with values, {who: null, hour: 7}",
            found=repr(wanted)[:100],
        )
    return named


def given_arguments(
    file: YamlFile, given: Mapping[str, Any], place: str, at: YamlFile, location: Location
) -> dict[str, tuple[Any, YamlFile, Location]]:
    """Every argument with its value as written, and where it is written.

    Args:
        given: what `use` gives; written at `location` of the file `at`.
        place: of the step, for people.

    Raises:
        ScenarioError: one that the steps do not take, or that is missing.
    """
    taken = arguments_of(file)
    for name in given:
        if name not in taken:
            raise ScenarioError(
                f"{at.place((*location, name))}: use: {file.path.name} takes no “{name}”.",
                expected=", ".join(taken) or "no arguments",
                found=str(name),
                hint=near(name, taken),
            )
    missing = [name for name, value in taken.items() if value is None and name not in given]
    if missing:
        raise ScenarioError(
            f"{place}: use: {file.path.name} needs “{missing[0]}”.",
            expected=f"use: {{steps: {file.path.name}, with: {{{missing[0]}: …}}}}",
            found=", ".join(given) or "no arguments",
        )
    return {
        name: (given[name], at, (*location, name))
        if name in given
        else (default, file, ("arguments", name))
        for name, default in taken.items()
    }


def near(word: object, known: Iterable[str]) -> str | None:
    """A hint with the nearest known word, or None."""
    close = difflib.get_close_matches(str(word), list(known), n=1)
    return f"did you mean “{close[0]}”?" if close else None


def _texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)
