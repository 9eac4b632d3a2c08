"""Steps as they are run, one after the other: what ``use`` puts in, and the rounds of ``repeat``.

All of it is laid out before anything runs. A round that ends with ``until`` jumps forward alone, so
every scenario comes to its end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import ScenarioError
from harness.scenario.references import NoValue
from harness.scenario.scope import Resolved, Scope
from harness.scenario.shared_steps import SHARED, given_arguments, near, read_shared
from harness.scenario.variables import fill_in
from harness.yaml12 import Location
from harness.yaml_file import YamlFile

MAX_STEPS = 10_000
MAX_ROUNDS = 1_000

USE_KEYS = ("steps", "with")
REPEAT_KEYS = ("times", "until", "at_most", "steps")

Refuse = Callable[[NoValue, YamlFile, Location], Exception]


@dataclass(frozen=True)
class Origin:
    """Where a step is written."""

    file: YamlFile
    location: Location
    used_at: tuple[str, ...] = ()
    """Where its file is used, the outermost place first."""

    def place(self, location: Location = ()) -> str:
        """Where that is within the step, for people."""
        return self.file.place(self.at(location))

    def at(self, location: Location) -> Location:
        """A place within the step as one in its file."""
        if self.location[-1] == "until":  # an expectation without that word
            location = location[1:]
        return (*self.location, *location)


@dataclass(frozen=True)
class Round:
    """The end of a round: its step is asked whether another one is needed."""

    number: int
    """From 1."""

    of: int
    next_step: int
    """The step behind the last round, counted from 0: there it goes on where it holds."""


@dataclass
class Flow:
    """The steps of a scenario, laid out."""

    steps: list[tuple[Any, Scope, Origin]] = field(default_factory=list)
    rounds: dict[int, Round] = field(default_factory=dict)
    """By step, counted from 0."""


def lay_out(file: YamlFile, scope: Scope, refuse: Refuse) -> Flow:
    """The steps of a scenario.

    Args:
        scope: what its variables stand for.
        refuse: makes the error for a reference that gives no value.

    Raises:
        ScenarioError: steps that use each other in a circle, too many of them, wrong arguments.
    """
    layout = _Layout(refuse)
    layout.steps_of(file, ("steps",), file.data.get("steps"), scope, ())
    return layout.flow


class _Layout:
    def __init__(self, refuse: Refuse) -> None:
        self.flow = Flow()
        self._refuse = refuse
        self._using: list[Path] = []
        self._repeating: list[Any] = []
        """The steps of each round that is being laid out: an alias of YAML may name them again."""

    def steps_of(
        self, file: YamlFile, at: Location, steps: Any, scope: Scope, used_at: tuple[str, ...]
    ) -> None:
        self._using.append(file.path.resolve())
        for index, step in enumerate(steps if isinstance(steps, list) else []):
            origin = Origin(file, (*at, index), used_at)
            kind = next(iter(step)) if isinstance(step, dict) and len(step) == 1 else None
            if kind == "use":
                self._use(step["use"], origin, scope)
            elif kind == "repeat":
                self._repeat(step["repeat"], origin, scope)
            else:
                self._add(step, scope, origin)
        self._using.pop()

    def _add(self, step: Any, scope: Scope, origin: Origin) -> None:
        if len(self.flow.steps) == MAX_STEPS:
            raise ScenarioError(
                f"{origin.place()}: there are more than {MAX_STEPS} steps here.",
                expected=f"at most {MAX_STEPS}, with all that is used and repeated",
                found="more",
                hint="give `repeat` fewer rounds",
            )
        self.flow.steps.append((step, scope, origin))

    # --- use ------------------------------------------------------------------------------------

    def _use(self, wanted: Any, origin: Origin, scope: Scope) -> None:
        wanted = {"steps": wanted} if isinstance(wanted, str) else wanted
        _check_keys("use", wanted, USE_KEYS, origin)
        name, given = wanted.get("steps"), wanted.get("with") or {}
        if not isinstance(name, str) or not isinstance(given, dict):
            raise ScenarioError(
                f"{origin.place(('use',))}: use: this names no file of steps.",
                expected="use: greet.yaml, or use: {steps: greet.yaml, with: {who: Kim}}",
                found=repr(wanted)[:100],
            )
        name = str(self._filled(name, origin.file, (*origin.location, "use"), scope).value)
        path = origin.file.path.parent / name
        if path.resolve() in self._using:
            chain = [*self._using[self._using.index(path.resolve()) :], path]
            raise ScenarioError(
                f"{origin.place()}: use: these steps use themselves.",
                expected="steps that come to an end",
                found=" → ".join(link.name for link in chain),
            )
        try:
            shared = read_shared(path)
        except ScenarioError as error:
            raise ScenarioError(
                f"{origin.place()}: use: {error.message}",
                expected=error.expected,
                found=error.found,
                hint=error.hint,
            ) from error
        where = (*origin.location, "use", "with")
        written = given_arguments(shared, given, origin.place(), origin.file, where)
        arguments = {
            name: self._filled(value, at, location, scope)
            for name, (value, at, location) in written.items()
        }
        used_at = (*origin.used_at, origin.place())
        self.steps_of(shared, (SHARED,), shared.data[SHARED], scope.within(arguments), used_at)

    def _filled(self, value: Any, file: YamlFile, location: Location, scope: Scope) -> Resolved:
        found = fill_in(value, scope, refuse=lambda e, _: self._refuse(e, file, location))
        return Resolved(found.data, found.used)

    # --- repeat ---------------------------------------------------------------------------------

    def _repeat(self, wanted: Any, origin: Origin, scope: Scope) -> None:
        _check_keys("repeat", wanted, REPEAT_KEYS, origin)
        steps, until = wanted.get("steps"), wanted.get("until")
        bound = "times" if until is None else "at_most"
        other = "at_most" if until is None else "times"
        if not isinstance(steps, list) or not steps:
            raise ScenarioError(
                f"{origin.place(('repeat', 'steps'))}: repeat: there are no steps to repeat.",
                expected="repeat: {times: 3, steps: [{say: …}, {expect: …}]}",
                found=repr(steps)[:100],
            )
        if other in wanted or bound not in wanted:
            raise ScenarioError(
                f"{origin.place(('repeat',))}: repeat: it is not said how often.",
                expected="`times: N`; or `until`, an expectation, with `at_most: N`",
                found=", ".join(map(str, wanted)),
            )
        if any(steps is outer for outer in self._repeating):
            raise ScenarioError(
                f"{origin.place()}: repeat: these steps hold themselves.",
                expected="steps that come to an end",
                found="an alias (*) to the steps that it is written in",
            )
        count = self._count(wanted[bound], origin, bound, scope)
        inside = (*origin.location, "repeat")
        ends: list[int] = []
        self._repeating.append(steps)
        for _ in range(count):
            self.steps_of(origin.file, (*inside, "steps"), steps, scope, origin.used_at)
            if until is not None:
                ends.append(len(self.flow.steps))
                end = Origin(origin.file, (*inside, "until"), origin.used_at)
                self._add({"expect": until}, scope, end)
        self._repeating.pop()
        for number, step in enumerate(ends, start=1):
            self.flow.rounds[step] = Round(number, count, len(self.flow.steps))

    def _count(self, written: Any, origin: Origin, name: str, scope: Scope) -> int:
        where = (*origin.location, "repeat", name)
        value = self._filled(written, origin.file, where, scope).value
        text = str(value)
        if isinstance(value, bool) or not text.isdecimal() or not 1 <= int(text) <= MAX_ROUNDS:
            raise ScenarioError(
                f"{origin.file.place(where)}: repeat: {name}: this is no number of rounds.",
                expected=f"1 to {MAX_ROUNDS}",
                found=repr(written),
            )
        return int(text)


def _check_keys(kind: str, wanted: Any, known: tuple[str, ...], origin: Origin) -> None:
    if not isinstance(wanted, dict):
        raise ScenarioError(
            f"{origin.place((kind,))}: {kind}: this cannot be read.",
            expected=f"a mapping with {', '.join(known)}",
            found=repr(wanted)[:100],
        )
    for key in wanted:
        if key not in known:
            raise ScenarioError(
                f"{origin.place((kind, key))}: {kind}: “{key}” is not known here.",
                expected=f"one of {', '.join(known)}",
                hint=near(key, known),
            )
