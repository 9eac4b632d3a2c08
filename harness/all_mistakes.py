"""Mistakes of several places as one error, which tells each; what was expected, in words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from harness.errors import HarnessError, ScenarioError
from harness.yaml12 import Location

E = TypeVar("E", bound=HarnessError)


class ScenarioErrors(ScenarioError):
    """Several mistakes; ``exceptions`` has each by itself."""

    def __init__(self, message: str, exceptions: Sequence[HarnessError]) -> None:
        self.exceptions = tuple(exceptions)
        super().__init__(message)


def each_of(error: HarnessError) -> list[HarnessError]:
    """The mistakes that an error tells; itself where it tells one."""
    return list(error.exceptions) if isinstance(error, ScenarioErrors) else [error]


def as_one(mistakes: Sequence[E]) -> E | ScenarioErrors:
    """The mistakes of one file: the one itself, or all of them, one below the other."""
    if len(mistakes) == 1:
        return mistakes[0]
    each = [one for mistake in mistakes for one in each_of(mistake)]
    return ScenarioErrors("\n".join(map(str, mistakes)), each)


def refuse_mistakes(mistakes: Sequence[HarnessError], count: int) -> None:
    """Raise what is wrong with scenarios, all of it; nothing where nothing is.

    Args:
        mistakes: one for each scenario, or file, that is wrong.
        count: how many there are, with those that are right.

    Raises:
        HarnessError: the one, or a `ScenarioError` that tells all of them.
    """
    different = {str(one): one for one in mistakes}
    if len(different) == 1:
        raise mistakes[0]
    if different:
        listed = "\n".join(different)
        raise ScenarioErrors(
            f"{len(different)} of {count} cannot be used, and nothing was run.\n{listed}",
            [each for one in different.values() for each in each_of(one)],
        )


def told_problems(problems: Sequence[Any]) -> list[Any]:
    """Those of pydantic's problems that people are told, in order: each mistake once.

    A key that is not known is most often a typo, and the cause of another that is missing. Where a
    value may be one of several things each of them has its problems: the branch that came closest,
    which is the deepest, is the one to show.
    """
    parents = {one["loc"][:-1] for one in problems if one["type"] == "extra_forbidden"}
    kept = [one for one in problems if one["type"] != "missing" or one["loc"][:-1] not in parents]
    groups: dict[Location, list[Any]] = {}
    for one in kept:
        groups.setdefault(_group(one["loc"]), []).append(one)
    return [one for group in groups.values() for one in _of_group(group)]


def _group(location: Location) -> Location:
    """A step, an item of a list, or a key of the file or of its page."""
    end = 2 if location[:1] == ("page",) else 1
    is_in_list = len(location) > end and isinstance(location[end], int)
    return location[: end + is_in_list]


def _of_group(problems: list[Any]) -> list[Any]:
    places: Mapping[Location, Any] = {without_branches(one["loc"]): one for one in problems}
    if len(places) == len(problems) and all(place == one["loc"] for place, one in places.items()):
        return problems
    dicts_only = [one for one in problems if not one["type"].endswith("_type")] or problems
    return [max(dicts_only, key=lambda one: len(one["loc"]))]


def without_branches(location: Sequence[str | int]) -> Location:
    """A place in the file, of a place in the models."""
    return tuple(part for part in location if not _is_branch_name(part))


def _is_branch_name(part: str | int) -> bool:
    """pydantic adds the name of a union's branch to the location; people do not write those."""
    return isinstance(part, str) and (
        part in _BRANCHES
        or part.startswith(("function-", "constrained", "dict[", "literal[", "list["))
    )


_BRANCHES = {"str", "bool", "Speech", "float", "constrained-float", "Fill", "Evaluate", "GoTo",
             "HangUp", "ContextUse", "Press", "WidgetPress", "Attach", "Converse",
             "StopSpeaking"}  # fmt: skip


def expected_of(problem: Any, known: Sequence[str]) -> str | None:
    """What should be in the place of a pydantic problem; None where its message says it.

    Args:
        known: the keys that may stand there.
    """
    if problem["type"] == "extra_forbidden":
        return "one of " + ", ".join(known)
    if problem["type"] == "missing":
        return f"a value for “{problem['loc'][-1]}”"
    if problem["type"] == "literal_error":
        return None
    if is_tool_name(problem):
        return f"{{name: {problem['input']}}}"
    if problem["type"] in _KINDS:
        return _KINDS[problem["type"]]
    context = problem.get("ctx", {})
    limits = [f"{name} {value}" for name, value in context.items() if name in _LIMITS]
    return ", ".join(f"{_LIMITS[n.split()[0]]} {n.split(maxsplit=1)[1]}" for n in limits) or None


def told(problem: Any, names: Sequence[str]) -> str:
    """What is wrong, as a sentence.

    Args:
        problem: one of pydantic's.
        names: of the keys that it stands under, the outermost first.
    """
    if problem["type"] == "extra_forbidden":
        return f"“{problem['loc'][-1]}” is not known here."
    if problem["type"] == "missing":
        return f"“{problem['loc'][-1]}” is missing."
    where = ".".join(names)
    if problem["type"] == "literal_error" and problem["ctx"]["expected"] == "True":
        return f"{where}: it can only be true; leave it out where it is not meant."
    message = str(problem["msg"]).removeprefix("Value error, ")
    if is_tool_name(problem):
        message = "a tool is written with its name"
    elif wants_keys(problem):
        message = "it has keys of its own"
    end = "" if message.endswith("?") else "."
    return f"{where}: {message}{end}" if where else f"{message}{end}"


def wants_keys(problem: Any) -> bool:
    """Whether something else stands where keys with their values should."""
    return problem["type"] in MAPPING_TYPES and not is_tool_name(problem)


WITH_A_UNIT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(?:s|ms|Hz|dB|dBFS|%)\s*")


def found_of(problem: Any) -> str | None:
    """What stands in the place of a pydantic problem, as it is written; None where nothing does."""
    if problem["type"] in {"missing", "extra_forbidden"}:
        return None
    text = _as_yaml(problem["input"])
    return text if len(text) <= 100 else text[:97] + "…"


def _as_yaml(value: Any) -> str:
    """A value as it stands in the file: true, and not Python's True."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def nearest_of(problem: Any, known: Sequence[str]) -> str | None:
    """The key, the word or the value that was meant, as a hint; None where nothing is near.

    Args:
        known: the keys that may stand there.
    """
    found = str(problem["loc"][-1])
    if problem["type"] in ("int_parsing", "float_parsing"):
        number = WITH_A_UNIT.fullmatch(str(problem["input"]))
        return f"write the number alone: {number[1]}" if number else None
    if problem["type"] == "string_type" and isinstance(problem["input"], int | float):
        return f'write it in quotes: "{_as_yaml(problem["input"])}"'
    if problem["type"] == "literal_error":
        known = re.findall(r"'([^']+)'", str(problem["ctx"]["expected"]))
        found = str(problem["input"])
    elif problem["type"] != "extra_forbidden":
        return None
    close = _closest(found, known)
    return f"did you mean “{close}”?" if close else None


def _closest(found: str, known: Sequence[str]) -> str | None:
    """What is like it; of several the one that begins like it: “denied” is “deny”, not “device”."""
    close = difflib.get_close_matches(found, known)
    return max(close, key=lambda one: _begin_alike(one, found), default=None)


def _begin_alike(one: str, other: str) -> int:
    """In how many characters."""
    return sum(other.startswith(one[:end]) for end in range(1, len(one) + 1))


def is_tool_name(problem: Any) -> bool:
    """Whether a tool stands there by its name alone."""
    is_tool = problem.get("ctx", {}).get("class_name") == "ToolCall"
    return is_tool and isinstance(problem["input"], str)


MAPPING_TYPES = ("dict_type", "model_type", "model_attributes_type")
"""pydantic's types of the problem that no mapping stands where one should."""

_KINDS = {
    "list_type": "a list: [one, two], or a line with “- ” for each",
    **dict.fromkeys(MAPPING_TYPES, "{key: value, …}"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    "string_type": "a text",
}
"""What should stand where something of another kind does, by pydantic's type of the problem."""

_LIMITS = {
    "gt": "more than",
    "ge": "at least",
    "lt": "less than",
    "le": "at most",
    "pattern": "text of the form",
}
