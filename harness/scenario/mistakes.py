"""Mistakes in a scenario file, in words: file, line, step, and what was expected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from harness.all_mistakes import (
    as_one,
    expected_of,
    found_of,
    nearest_of,
    told,
    told_problems,
    wants_keys,
    without_branches,
)
from harness.errors import ScenarioError
from harness.line.microphone_wish import Dropouts, Echo, MicrophoneWish
from harness.line.noise import NoiseWish
from harness.network.wish import DirectionWish, NetworkWish
from harness.scenario.budgets import Budget
from harness.scenario.context_wish import ContextUse
from harness.scenario.converse_step import Converse
from harness.scenario.device_step import DeviceStep
from harness.scenario.interruption import Interruption
from harness.scenario.locators import FrameLocator, Locator
from harness.scenario.meant_instead import meant_instead
from harness.scenario.model import (
    STEP_KINDS,
    Absent,
    Defaults,
    Expectation,
    Hold,
    Scenario,
    WaitFor,
)
from harness.scenario.must_not import MustNot
from harness.scenario.page_access import Cookie, HttpCredentials, Proxy
from harness.scenario.page_context import Geolocation, Viewport
from harness.scenario.page_expectations import AttributeOf, CountOf, PageExpectation, TextOf
from harness.scenario.page_rules import DialogRule, RedirectedAddress
from harness.scenario.page_steps import (
    Evaluate,
    Fill,
    GoTo,
    HangUp,
    OnElement,
    PageOnlyStep,
    PageWait,
    Press,
    Select,
    Upload,
)
from harness.scenario.page_under_test import PageUnderTest
from harness.scenario.quality_bounds import AnswerQuality, QualityBounds
from harness.scenario.said import Say, StopSpeaking
from harness.scenario.thread_expectations import ThreadExpectation
from harness.scenario.thread_steps import Attach, WidgetPress
from harness.scenario.tool_wishes import ToolCall, ToolResult
from harness.scenario.variables import Filled, Location, NoValue


def scenario_error(
    place: Callable[[Location], str], data: dict[str, Any], filled: Filled, error: ValidationError
) -> ScenarioError:
    """The error for data that is no scenario: each mistake's place, and what was expected there.

    Args:
        place: where something is written, for people.
        data: as written.
        filled: the same with the values of its variables.
    """
    problems = told_problems(error.errors(include_url=False))
    places = {key: at for at, key in enumerate(data)}  # as people read the file
    problems.sort(key=lambda one: places.get(str(one["loc"][0]), -1) if one["loc"] else -1)
    return as_one([_error_of(place, data, filled, problem) for problem in problems])


def _error_of(
    place: Callable[[Location], str], data: dict[str, Any], filled: Filled, problem: Any
) -> ScenarioError:
    location = without_branches(problem["loc"])
    # The one step whose keys go by what stands there.
    is_in_widget = "WidgetPress" in problem["loc"]
    known = list(WidgetPress.model_fields) if is_in_widget else _known_keys(location)
    problem = _as_written(problem, location, data, filled)
    return ScenarioError(
        f"{place(location)}: {_step_words(data, location)}{_problem(problem, location)}",
        expected=_expected(problem, location, known),
        found=found_of(problem),
        hint=(
            _place_of_its_own(problem)
            or meant_instead(problem, location)
            or nearest_of(problem, known)
        ),
    )


def _expected(problem: Any, location: Location, known: Sequence[str]) -> str | None:
    wanted = expected_of(problem, known)
    inside = _known_keys((*location, "")) if wants_keys(problem) else []
    return f"{wanted} with {', '.join(inside)}" if inside else wanted


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
    return told(problem, names[1:] if inside_a_step else names)


def _place_of_its_own(problem: Any) -> str | None:
    """Where a key belongs that is known, though not where it stands; None for any other."""
    if problem["type"] != "extra_forbidden":
        return None
    key = str(problem["loc"][-1])
    places = [where.format(key) for where, keys in _PLACES if key in keys]
    return f"it belongs {' or '.join(places)}" if places else None


_PLACES: tuple[tuple[str, Collection[str]], ...] = (
    ("at the left margin, beside “steps”", Scenario.model_fields),
    ("under “page”", PageUnderTest.model_fields),
    ("among the steps, as “- {}: …”", STEP_KINDS),
    ("into an “expect”", Expectation.model_fields),
    ("under “defaults”", Defaults.model_fields),
)

_MODELS: dict[str, type[BaseModel]] = {
    "say": Say,
    "expect": Expectation,
    "any_of": Expectation,
    "absent": Absent,
    "interrupt": Interruption,
    "budgets": Budget,
    "must_not": MustNot,
    "wait": WaitFor,
    "start": PageOnlyStep,
    "login": PageOnlyStep,
    "hold": Hold,
    "hang_up": HangUp,
    **dict.fromkeys(("click", "check", "uncheck", "visible", "hidden"), OnElement),
    "fill": Fill,
    "press": Press,
    "attach": Attach,
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
    "device": DeviceStep,
    "viewport": Viewport,
    "network": NetworkWish,
    "noise": NoiseWish,
    "thread": ThreadExpectation,
    "context": ContextUse,
    "microphone": MicrophoneWish,
    "quality": AnswerQuality,
    "user_quality": QualityBounds,
    "dropouts": Dropouts,
    "echo": Echo,
    "stop": StopSpeaking,
    "converse": Converse,
    "tool": ToolCall,
    "tool_result": ToolResult,
    "up": DirectionWish,
    "down": DirectionWish,
    "geolocation": Geolocation,
    "http_credentials": HttpCredentials,
    "proxy": Proxy,
    "cookies": Cookie,
    "dialogs": DialogRule,
    "redirect": RedirectedAddress,
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


def no_value(
    place: str, data: dict[str, Any], error: NoValue, location: Location, note: str = ""
) -> ScenarioError:
    """The error for a reference that gives no value.

    Args:
        place: where it is written, for people.
        data: the file's.
        note: what else is to be known of the place.
    """
    step = _step_words(data, location)
    names = [part for part in location[2 * bool(step) :] if isinstance(part, str)]
    where = ".".join(names)
    return ScenarioError(
        f"{place}{note}: {step}{where}{': ' if where else ''}{error.message}.",
        expected=error.expected,
        found=error.found,
        hint=error.hint,
    )
