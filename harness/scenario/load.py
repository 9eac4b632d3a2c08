"""A scenario file to a `Scenario`; a mistake names file, line, step and what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import or_
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harness.all_mistakes import without_branches
from harness.errors import ScenarioError
from harness.hidden import NOTHING, Hidden
from harness.scenario.flow import Flow, Origin, Refuse, Round, lay_out
from harness.scenario.hidden import hidden_in_page, hidden_of
from harness.scenario.mistakes import no_value, scenario_error
from harness.scenario.model import Scenario
from harness.scenario.scope import Scope, is_name
from harness.scenario.shared_steps import SHARED, is_shared
from harness.scenario.tables import Row, rows_of
from harness.scenario.variables import Filled, Location, NoValue, fill_in, joined
from harness.yaml_file import YamlFile, read_yaml

UNFILLED = ("variables", "each", "steps")
"""What of a file has no values of its own: they are filled where they are used."""

LONGEST_NAME = 80


@dataclass(frozen=True)
class Given:
    """Values from outside of the files, by name."""

    command_line: Mapping[str, str] = field(default_factory=dict)
    """These go before those of a file; they are taken as they are."""

    project: Mapping[str, Any] = field(default_factory=dict)
    """These are for where a file gives none."""


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario and where it came from."""

    scenario: Scenario
    path: Path
    file: YamlFile = field(repr=False, compare=False)
    hidden: Hidden = field(default=NOTHING, repr=False, compare=False)
    """What of it nobody may read in what its run leaves behind."""

    origins: tuple[Origin, ...] = field(default=(), repr=False, compare=False)
    """Where each step is written."""

    rounds: Mapping[int, Round] = field(default_factory=dict, repr=False, compare=False)
    """Steps that end a round of `repeat`, counted from 0."""

    base: str = ""
    """The name in the file; without that of the row."""

    row: str = ""
    """What its row is called; "" without a table."""

    asked: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """Names of all variables that it refers to."""

    @property
    def folder(self) -> Path:
        """Files are looked up relative to this."""
        return self.path.parent

    def folder_of(self, step: int) -> Path:
        """The folder of the file that a step, counted from 0, is written in."""
        return self.origins[step].file.path.parent if step < len(self.origins) else self.folder

    def place(self, *location: str | int) -> str:
        """Where that is, for people: "file.yaml:12". Steps count from 0 here."""
        return _place(self.file, self.origins, without_branches(location))


def hidden_of_all(scenarios: Iterable[LoadedScenario]) -> Hidden:
    """What is hidden in a run of several scenarios: what any of them hides."""
    return reduce(or_, (loaded.hidden for loaded in scenarios), NOTHING)


def load_scenario(path: Path, given: Given | None = None) -> LoadedScenario:
    """Read and check a file that holds one scenario; see `load_scenarios`.

    Raises:
        ScenarioError: as there; or its table has more than one row.
    """
    loaded = load_scenarios(path, given)
    if len(loaded) > 1:
        raise ScenarioError(
            f"{loaded[0].place('each')}: this is a table, which makes {len(loaded)} scenarios.",
            expected="one scenario",
            found=", ".join(one.scenario.name for one in loaded)[:200],
        )
    return loaded[0]


def load_scenarios(path: Path, given: Given | None = None) -> list[LoadedScenario]:
    """Read and check one scenario file: one scenario, or with a table one a row.

    Raises:
        ScenarioError: unreadable, not YAML, or not a scenario; or a variable has no value.
            With file, line and step.
    """
    return load_file(read_yaml(path), given)


def load_file(file: YamlFile, given: Given | None = None) -> list[LoadedScenario]:
    """The same for a file that was read already.

    Raises:
        ScenarioError: as there.
    """
    if is_shared(file.data):
        raise ScenarioError(
            f"{file.place((SHARED,))}: these are steps for other scenarios, and no scenario.",
            expected="name and steps",
            found=SHARED,
            hint=f"write `use: {file.path.name}` as a step of a scenario",
        )
    variables = _variables(file)
    public, secret = _names(file, "public_variables"), _names(file, "secret_variables")
    rows: list[Row | None] = [None]
    if "each" in file.data:
        rows = [*rows_of(file, secret, public)]
    given = given or Given()
    return [_load_row(file, row, variables, given, public, secret) for row in rows]


def _load_row(
    file: YamlFile,
    row: Row | None,
    variables: Mapping[str, Any],
    given: Given,
    public: frozenset[str],
    secret: frozenset[str],
) -> LoadedScenario:
    of_row = {} if row is None else row.values
    values = {**given.project, **variables, **of_row, **given.command_line}
    scope = Scope(values, literal=given.command_line, public=public, secret=secret)

    def refuse(error: NoValue, at: YamlFile, location: Location) -> Exception:
        return no_value(at.place(location), at.data, error, location, _of_row(row))

    flow = lay_out(file, scope, refuse)
    origins = tuple(origin for _, _, origin in flow.steps)
    data, filled = _filled(file, flow, scope, refuse)
    hidden = hidden_of(filled, file.data.get("public_variables"))
    with hidden.in_errors():
        try:
            scenario = Scenario.model_validate(filled.data, context={"folder": file.path.parent})
        except ValidationError as error:
            where = _Where(file, origins, row)
            raise scenario_error(where, data, filled, error) from None  # it has the values
        base, label = scenario.name, "" if row is None else row.label
        if label:
            name = f"{base}-{label}"[:LONGEST_NAME].rstrip("-.")
            scenario = scenario.model_copy(update={"name": name})
        asked = frozenset(scope.asked)
        loaded = LoadedScenario(
            scenario, file.path, file, hidden, origins, flow.rounds, base, label, asked
        )
        _refuse_secret_name(loaded, filled)
        return replace(loaded, hidden=hidden | hidden_in_page(scenario.page, file.path.parent))


@dataclass(frozen=True)
class _Where:
    """Where things stand, for messages."""

    file: YamlFile
    origins: tuple[Origin, ...]
    row: Row | None

    def __call__(self, location: Location) -> str:
        return _place(self.file, self.origins, location) + _of_row(self.row)


def _of_row(row: Row | None) -> str:
    return "" if row is None else f" (with {row.place})"


def _place(file: YamlFile, origins: tuple[Origin, ...], location: Location) -> str:
    number = location[1] if location[:1] == ("steps",) and len(location) > 1 else None
    if isinstance(number, int) and number < len(origins):
        origin = origins[number]
        used_at = "".join(f", used at {at}" for at in reversed(origin.used_at))
        return origin.place(location[2:]) + used_at
    return file.place(location)


def _filled(
    file: YamlFile, flow: Flow, scope: Scope, refuse: Refuse
) -> tuple[dict[str, Any], Filled]:
    """The file's data with its steps laid out: as written, and with values."""
    steps = [raw for raw, _, _ in flow.steps]
    rest = {key: value for key, value in file.data.items() if key not in UNFILLED}
    filled = [fill_in(rest, scope, refuse=lambda error, at: refuse(error, file, at))]
    values: dict[str, Any] = {**filled[0].data}
    written = dict(file.data)
    if isinstance(file.data.get("steps"), list) and file.data["steps"]:
        for number, (raw, of_step, origin) in enumerate(flow.steps):
            refused = partial(_refused_in_step, refuse, origin)
            filled.append(fill_in(raw, of_step, refuse=refused, at=("steps", number)))
        values["steps"] = [one.data for one in filled[1:]]
        written["steps"] = steps
    elif "steps" in file.data:
        values["steps"] = file.data["steps"]
    return written, joined(values, filled)


def _refused_in_step(refuse: Refuse, origin: Origin, error: NoValue, at: Location) -> Exception:
    return refuse(error, origin.file, origin.at(at[2:]))


def _refuse_secret_name(loaded: LoadedScenario, filled: Filled) -> None:
    hidden, name = loaded.hidden, loaded.scenario.name
    if hidden.text(name) == name:
        return
    raise ScenarioError(
        f"{loaded.place('name')}: a name cannot be secret: it is that of the run's folder.",
        expected="a name that may be shown",
        found=filled.places.get(("name",), "a name that holds a hidden value"),
        hint="list the variable under public_variables, or write the name as it is",
    )


def _variables(file: YamlFile) -> Mapping[str, Any]:
    variables = file.data.get("variables") or {}
    if not isinstance(variables, dict):
        raise ScenarioError(
            f"{file.place(('variables',))}: variables: these are no variables.",
            expected="names with values: {city: Rome, limit_s: 2}",
            found=repr(variables)[:100],
        )
    for name in variables:
        if not is_name(name):
            raise ScenarioError(
                f"{file.place(('variables', name))}: variables: “{name}” is no name.",
                expected="letters, digits and underscores, not beginning with a digit",
                found=repr(name),
            )
    return variables


def _names(file: YamlFile, key: str) -> frozenset[str]:
    names = file.data.get(key)
    return frozenset(map(str, names)) if isinstance(names, list) else frozenset()
