"""A scenario file to a `Scenario`; a mistake names file, line, step and what was expected."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import or_
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from harness import yaml12
from harness.errors import ScenarioError
from harness.hidden import NOTHING, Hidden
from harness.network.wish import DirectionWish, NetworkWish
from harness.scenario.hidden import hidden_in_page, hidden_of
from harness.scenario.locators import FrameLocator, Locator
from harness.scenario.model import (
    STEP_KINDS,
    Expectation,
    HangUp,
    Hold,
    Interruption,
    Scenario,
    Speech,
    WaitFor,
)
from harness.scenario.page_access import Cookie, HttpCredentials, Proxy
from harness.scenario.page_context import Geolocation, Viewport
from harness.scenario.page_expectations import AttributeOf, CountOf, PageExpectation, TextOf
from harness.scenario.page_steps import (
    Evaluate,
    Fill,
    GoTo,
    OnElement,
    PageOnlyStep,
    PageWait,
    Press,
    Select,
    Upload,
)
from harness.scenario.variables import Filled, NoValue, fill_in

MAX_BYTES = 1_000_000
"""A scenario is written by a person; a larger file is a mistake."""

MERGE = "tag:yaml.org,2002:merge"
"""The tag of the key ``<<``, which may stand more than once."""

Location = tuple[str | int, ...]


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
        return f"{self.path}:{_line_of(self.node, without_branches(location))}"


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
    filled = fill_in(data, refuse=partial(_no_value, path, node, data))
    hidden = hidden_of(filled, data.get("public_variables"))
    with hidden.in_errors():
        return _checked(path, node, data, filled, hidden)


def _checked(
    path: Path, node: yaml.Node, data: dict[str, Any], filled: Filled, hidden: Hidden
) -> LoadedScenario:
    try:
        scenario = Scenario.model_validate(filled.data, context={"folder": path.parent})
    except ValidationError as error:
        raise _scenario_error(path, node, data, filled, error) from None  # it has the values
    loaded = LoadedScenario(scenario, path, node, hidden)
    if hidden.text(scenario.name) != scenario.name:
        raise ScenarioError(
            f"{loaded.place('name')}: a name cannot be secret: it is that of the run's folder.",
            expected="a name that may be shown",
            found=filled.places.get(("name",), "a name that holds a hidden value"),
            hint="list the variable under public_variables, or write the name as it is",
        )
    return replace(loaded, hidden=hidden | hidden_in_page(scenario.page, path.parent))


def _no_value(
    path: Path, node: yaml.Node, data: dict[str, Any], error: NoValue, location: Location
) -> ScenarioError:
    step = _step_words(data, location)
    names = [part for part in location[2 * bool(step) :] if isinstance(part, str)]
    return ScenarioError(
        f"{path}:{_line_of(node, location)}: {step}{'.'.join(names)}: {error.message}.",
        expected=error.expected,
        found=error.found,
        hint=error.hint,
    )


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


def _scenario_error(
    path: Path, node: yaml.Node, data: dict[str, Any], filled: Filled, error: ValidationError
) -> ScenarioError:
    first = _most_telling(error)
    location = without_branches(first["loc"])
    first = _as_written(first, location, data, filled)
    line = _line_of(node, location)
    step = _step_words(data, location)
    return ScenarioError(
        f"{path}:{line}: {step}{_problem(first, location)}",
        expected=_expected(first, location),
        found=_found(first),
        hint=_hint(first, location),
    )


def _as_written(problem: Any, location: Location, data: Any, filled: Filled) -> Any:
    """A problem with variables in place of their values, which nobody may read."""
    inside = [place for place in filled.places if place[: len(location)] == location]
    if not inside:
        return problem
    message = str(problem["msg"])
    for name, value in (found for place in inside for found in filled.values_in(place)):
        message = message.replace(value, f"${{{name}}}")
    for part in location:
        data = data[part]
    return {**problem, "msg": message, "input": data}


def _most_telling(error: ValidationError) -> Any:
    """The deepest problem: of a union, the branch that came closest is the one to show."""
    problems = error.errors(include_url=False)
    # A key that is not known is most often a typo, and the cause of another that is missing.
    unknown = [p for p in problems if p["type"] == "extra_forbidden"]
    problems = unknown[:1] if unknown and unknown[0]["loc"][0] != "steps" else problems
    first_step = [p for p in problems if p["loc"][:2] == problems[0]["loc"][:2]]
    dicts_only = [p for p in first_step if not p["type"].endswith("_type")] or first_step
    return max(dicts_only, key=lambda p: len(p["loc"]))


def without_branches(location: Sequence[str | int]) -> Location:
    """A place in the file, of a place in the models."""
    return tuple(part for part in location if not _is_branch_name(part))


def _is_branch_name(part: str | int) -> bool:
    """pydantic adds the name of a union's branch to the location; people do not write those."""
    return isinstance(part, str) and (
        part in _BRANCHES or part.startswith(("function-", "constrained", "dict[", "literal["))
    )


_BRANCHES = {"str", "bool", "Speech", "float", "constrained-float", "Fill", "Evaluate", "GoTo",
             "HangUp"}  # fmt: skip


def _line_of(node: yaml.Node, location: Location) -> int:
    line: int = node.start_mark.line + 1
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        key_line, node = child
        line = key_line
    return line


def _child(node: yaml.Node, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line + 1, item
    return None


def _step_words(data: dict[str, Any], location: Location) -> str:
    if len(location) < 2 or location[0] != "steps" or not isinstance(location[1], int):
        return ""
    number = location[1]
    step = data["steps"][number]
    kind = next(iter(step)) if isinstance(step, dict) and step else step
    return f"step {number + 1} ({kind}): "


def _problem(problem: Any, location: Location) -> str:
    names = [part for part in location if isinstance(part, str)]
    inside_a_step = len(names) > 1 and names[0] == "steps"
    where = ".".join(names[1:] if inside_a_step else names)
    if problem["type"] == "extra_forbidden":
        return f"“{location[-1]}” is not known here."
    if problem["type"] == "missing":
        return f"“{location[-1]}” is missing."
    if problem["type"] == "literal_error" and problem["ctx"]["expected"] == "True":
        return f"{where}: it can only be true; leave it out where it is not meant."
    message = str(problem["msg"]).removeprefix("Value error, ")
    end = "" if message.endswith("?") else "."
    return f"{where}: {message}{end}" if where else f"{message}{end}"


def _expected(problem: Any, location: Location) -> str | None:
    if problem["type"] == "extra_forbidden":
        return "one of " + ", ".join(_known_keys(location))
    if problem["type"] == "missing":
        return f"a value for “{location[-1]}”"
    if problem["type"] == "literal_error":
        return None
    context = problem.get("ctx", {})
    limits = [f"{name} {value}" for name, value in context.items() if name in _LIMITS]
    return ", ".join(f"{_LIMITS[n.split()[0]]} {n.split(maxsplit=1)[1]}" for n in limits) or None


_LIMITS = {
    "gt": "more than",
    "ge": "at least",
    "lt": "less than",
    "le": "at most",
    "pattern": "text of the form",
}


def _found(problem: Any) -> str | None:
    if problem["type"] in {"missing", "extra_forbidden"}:
        return None
    text = _as_yaml(problem["input"])
    return text if len(text) <= 100 else text[:97] + "…"


def _as_yaml(value: Any) -> str:
    """A value as it stands in the file: true, and not Python's True."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _hint(problem: Any, location: Location) -> str | None:
    if problem["type"] != "extra_forbidden":
        return None
    close = difflib.get_close_matches(str(location[-1]), _known_keys(location), n=1)
    return f"did you mean “{close[0]}”?" if close else None


_MODELS: dict[str, type[BaseModel]] = {
    "say": Speech,
    "expect": Expectation,
    "interrupt": Interruption,
    "wait": WaitFor,
    "start": PageOnlyStep,
    "login": PageOnlyStep,
    "hold": Hold,
    "hang_up": HangUp,
    **dict.fromkeys(("click", "check", "uncheck", "visible", "hidden"), OnElement),
    "fill": Fill,
    "press": Press,
    "select": Select,
    "upload": Upload,
    "goto": GoTo,
    "wait_for": PageWait,
    "evaluate": Evaluate,
    "text": TextOf,
    "value": TextOf,
    "attribute": AttributeOf,
    "count": CountOf,
    "of": Locator,
    "frame": FrameLocator,
    "viewport": Viewport,
    "network": NetworkWish,
    "up": DirectionWish,
    "down": DirectionWish,
    "geolocation": Geolocation,
    "http_credentials": HttpCredentials,
    "proxy": Proxy,
    "cookies": Cookie,
}


def _known_keys(location: Location) -> list[str]:
    parents = [part for part in location[:-1] if isinstance(part, str)]
    if not parents:
        return list(Scenario.model_fields)
    if parents == ["steps"]:
        return list(STEP_KINDS)
    model: Any = _MODELS.get(parents[-1])
    if parents[-2:] == ["expect", "page"]:
        model = PageExpectation
    if model is None and parents[-1] in Scenario.model_fields:
        model = type(Scenario.model_fields[parents[-1]].default)
    fields = getattr(model, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]
