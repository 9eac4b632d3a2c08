"""The script of a scenario's assistant, read from its rules; what is wrong with them, in words."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from harness.all_mistakes import as_one, expected_of, nearest_of, told_problems
from harness.errors import ScenarioError
from harness.realtime.server.assistants.script import Rule, Script, ToolCall, When
from harness.scenario.load import LoadedScenario
from harness.scenario.variables import Location

RULES = "rules as data: rules: [{when: {words: [...]}, say: ...}]"
_MODELS: dict[str, type[BaseModel]] = {"rules": Rule, "when": When, "call": ToolCall}


def script_of(loaded: LoadedScenario) -> Script:
    """What the local server's assistant says in a scenario.

    Raises:
        ScenarioError: these are no rules; with file and line, each mistake.
    """
    try:
        return Script.model_validate(loaded.scenario.assistant or {})
    except ValidationError as error:
        problems = told_problems(error.errors(include_url=False))
        raise as_one([_error_of(loaded, problem) for problem in problems]) from error


def _error_of(loaded: LoadedScenario, problem: Any) -> ScenarioError:
    location = _as_written(problem["loc"])
    name = ".".join(map(str, ("assistant", *location)))
    message = str(problem["msg"]).removeprefix("Value error, ")
    known = _known_keys(location)
    if problem["type"] == "extra_forbidden":
        name, message = name.rpartition(".")[0], f"“{location[-1]}” is not known here"
    return ScenarioError(
        f"{loaded.place('assistant', *location)}: {name}: {message}.",
        expected=expected_of(problem, known) or RULES,
        found=None if problem["type"] == "extra_forbidden" else repr(problem["input"])[:100],
        hint=nearest_of(problem, known),
    )


def _as_written(location: Location) -> Location:
    """Without the names that pydantic gives to one of several things: a tool, or a list of them."""
    return tuple(part for part in location if part not in ("ToolCall", "list[ToolCall]"))


def _known_keys(location: Location) -> list[str]:
    parents = [part for part in location[:-1] if isinstance(part, str)]
    return list((_MODELS.get(parents[-1], Script) if parents else Script).model_fields)
