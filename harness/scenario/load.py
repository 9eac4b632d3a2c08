"""A scenario file to a `Scenario`; a mistake names file, line, step and what was expected."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import or_
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from harness import yaml12
from harness.errors import ScenarioError
from harness.hidden import NOTHING, Hidden
from harness.scenario.hidden import hidden_in_page, hidden_of
from harness.scenario.mistakes import line_of, no_value, scenario_error, without_branches
from harness.scenario.model import Scenario
from harness.scenario.variables import Filled, fill_in

MAX_BYTES = 1_000_000
"""A scenario is written by a person; a larger file is a mistake."""

MERGE = "tag:yaml.org,2002:merge"
"""The tag of the key ``<<``, which may stand more than once."""


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario and where it came from."""

    scenario: Scenario
    path: Path
    node: yaml.Node = field(repr=False, compare=False)
    hidden: Hidden = field(default=NOTHING, repr=False, compare=False)
    """What of it nobody may read in what its run leaves behind."""

    @property
    def folder(self) -> Path:
        """Audio files are looked up relative to this."""
        return self.path.parent

    def place(self, *location: str | int) -> str:
        """Where that is, for people: "file.yaml:12". Steps count from 0 here."""
        return f"{self.path}:{line_of(self.node, without_branches(location))}"


def hidden_of_all(scenarios: Iterable[LoadedScenario]) -> Hidden:
    """What is hidden in a run of several scenarios: what any of them hides."""
    return reduce(or_, (loaded.hidden for loaded in scenarios), NOTHING)


def load_scenario(path: Path) -> LoadedScenario:
    """Read and check one scenario file.

    Raises:
        ScenarioError: unreadable, not YAML, or not a scenario; or it names an environment variable
            that is not set. With file, line and step.
    """
    text = _read(path)
    try:
        node = yaml12.compose(text)
        data = yaml12.load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _yaml_error(path, text, error) from error
    if not isinstance(data, dict) or node is None:
        raise ScenarioError(
            f"{path}:1: this is not a scenario.",
            expected="a mapping with name and steps",
            found=type(data).__name__ if data is not None else "an empty file",
            hint="start from a file in fixtures/scenarios",
        )
    if (twice := next(_given_twice(node), None)) is not None:
        raise ScenarioError(
            f"{path}:{twice.start_mark.line + 1}: “{twice.value}” is given a second time.",
            expected="each key once; the earlier one would be forgotten",
            found=f"another “{twice.value}” above it in the same place",
        )
    filled = fill_in(data, refuse=partial(no_value, path, node, data))
    hidden = hidden_of(filled, data.get("public_variables"))
    with hidden.in_errors():
        return _checked(path, node, data, filled, hidden)


def _checked(
    path: Path, node: yaml.Node, data: dict[str, Any], filled: Filled, hidden: Hidden
) -> LoadedScenario:
    try:
        scenario = Scenario.model_validate(filled.data, context={"folder": path.parent})
    except ValidationError as error:
        raise scenario_error(path, node, data, filled, error) from None  # it has the values
    loaded = LoadedScenario(scenario, path, node, hidden)
    if hidden.text(scenario.name) != scenario.name:
        raise ScenarioError(
            f"{loaded.place('name')}: a name cannot be secret: it is that of the run's folder.",
            expected="a name that may be shown",
            found=filled.places.get(("name",), "a name that holds a hidden value"),
            hint="list the variable under public_variables, or write the name as it is",
        )
    return replace(loaded, hidden=hidden | hidden_in_page(scenario.page, path.parent))


def _given_twice(root: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Keys that their mapping has had already; YAML forbids them and PyYAML keeps the last."""
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue  # an alias
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            names = set[tuple[str, str]]()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.tag != MERGE:
                    if (key.tag, key.value) in names:
                        yield key
                    names.add((key.tag, key.value))
            waiting += reversed([value for _, value in node.value])


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ScenarioError(
                f"{path} is too large for a scenario.",
                expected=f"at most {MAX_BYTES} bytes",
                found=f"{path.stat().st_size} bytes",
            )
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            f"Cannot read the scenario {path}.",
            expected="a YAML file in UTF-8",
            found=getattr(error, "strerror", None) or str(error),
            hint=None if path.is_file() else _similar_file(path),
        ) from error


def _similar_file(path: Path) -> str:
    names = [p.name for p in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, names, n=1)
    if close:
        return f"did you mean {path.parent / close[0]}?"
    return "check the path; the shipped scenarios are in fixtures/scenarios"


def _yaml_error(path: Path, text: str, error: Exception) -> ScenarioError:
    mark = getattr(error, "problem_mark", None)
    place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
    line = text.split("\n")[mark.line] if mark and mark.line < text.count("\n") + 1 else ""
    return ScenarioError(
        f"{place}: this is not YAML.",
        expected="well-formed YAML",
        found=str(getattr(error, "problem", None) or error),
        hint='within {…} and […] a variable needs quotes: "${NAME}"'
        if "${" in line
        else "check indentation and quotes around the place",
    )
