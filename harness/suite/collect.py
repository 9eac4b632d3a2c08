"""Suites from files: every scenario of them, or everything that is wrong with them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.all_mistakes import as_one, refuse_mistakes
from harness.errors import HarnessError, ScenarioError, UsageError
from harness.scenario.load import Given, LoadedScenario, hidden_of_all, load_file
from harness.scenario.shared_steps import is_shared, read_shared
from harness.yaml_file import YamlFile, read_yaml

Check = Callable[[LoadedScenario], Sequence[HarnessError]]
"""What is wrong with a scenario that could be read: files that are missing, for example."""

BASELINE_KEY = "harness_baseline"
"""In files that are kept beside scenarios, and are none: nobody has to be told of them."""

_IS_BASELINE = re.compile(rf"^{BASELINE_KEY}:", re.MULTILINE)
_HEAD_CHARACTERS = 2000


@dataclass(frozen=True)
class Found:
    """A file that may be a scenario."""

    path: Path
    named: bool = True
    """Whether somebody named it; it was found in a folder otherwise."""


@dataclass(frozen=True)
class Suite:
    """The scenarios of some files."""

    scenarios: tuple[LoadedScenario, ...]
    shared: tuple[Path, ...] = ()
    """Files of steps that others use."""

    left_out: tuple[Path, ...] = ()
    """Files in a folder that are something else: neither `name` nor `steps` is in them."""


def collect(
    files: Sequence[Found], given: Given | None = None, check: Check | None = None
) -> Suite:
    """Read all files.

    Args:
        check: asked about the scenarios that could be read where others could not, so that who
            mends the files is told everything at once; else it is for the caller to ask.

    Raises:
        ScenarioError: what is wrong with them, all of it: files that are no scenarios, scenarios
            of one name.
        UsageError: a variable was given that no scenario refers to.
    """
    scenarios: list[LoadedScenario] = []
    shared: list[Path] = []
    left_out: list[Path] = []
    mistakes: dict[Path, list[HarnessError]] = {}
    for found in files:
        if not found.named and is_baseline(found.path):
            continue
        try:
            file = read_yaml(found.path)
            if not found.named and is_shared(file.data):
                read_shared(found.path)
                shared.append(found.path)
            elif not found.named and _is_something_else(file):
                left_out.append(found.path)
            else:
                scenarios += load_file(file, given)
        except ScenarioError as error:
            mistakes.setdefault(found.path, []).append(error)
    for loaded, mistake in _names_given_twice(scenarios):
        mistakes.setdefault(loaded.path, []).append(mistake)
    if mistakes and check is not None:
        for loaded in scenarios:
            mistakes.setdefault(loaded.path, []).extend(check(loaded))
    with hidden_of_all(scenarios).in_errors():
        # The rows of a table may have the same one each.
        different = [list({str(one): one for one in each}.values()) for each in mistakes.values()]
        refuse_mistakes([as_one(each) for each in different if each], len(files))
    _refuse_unused(scenarios, given or Given())
    return Suite(tuple(scenarios), tuple(shared), tuple(left_out))


def is_baseline(path: Path) -> bool:
    """Whether a file is a baseline (see `harness.regression.baseline`), by how it begins."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return _IS_BASELINE.search(file.read(_HEAD_CHARACTERS)) is not None
    except OSError:
        return False


def _is_something_else(file: YamlFile) -> bool:
    return "name" not in file.data and "steps" not in file.data


def _names_given_twice(
    scenarios: Sequence[LoadedScenario],
) -> Iterator[tuple[LoadedScenario, ScenarioError]]:
    """Names tell runs apart: in folders, reports and selections."""
    first: dict[str, LoadedScenario] = {}
    for loaded in scenarios:
        name = loaded.scenario.name
        other = first.setdefault(name.casefold(), loaded)
        if other is not loaded:
            yield (
                loaded,
                ScenarioError(
                    f"{loaded.place('name')}: the name “{name}” is taken.",
                    expected="a name for each scenario (in large or small letters)",
                    found=f"another “{other.scenario.name}” at {other.place('name')}",
                ),
            )


def _refuse_unused(scenarios: Sequence[LoadedScenario], given: Given) -> None:
    asked = set[str]().union(*(loaded.asked for loaded in scenarios))
    for name in given.command_line:
        if name not in asked and scenarios:
            near = difflib.get_close_matches(name, sorted(asked), n=1)
            raise UsageError(
                f"No scenario refers to the variable {name}.",
                expected=f"one of {', '.join(sorted(asked))}" if asked else "no --set at all",
                found=f"--set {name}=…",
                hint=f"did you mean {near[0]}?" if near else f"write ${{{name}}} where it belongs",
            )
