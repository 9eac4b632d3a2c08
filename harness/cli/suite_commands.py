"""The arguments of the commands that look at suites and make one, and run none of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.choices import Engine, Grep, Json, Scenarios, SetValues, Tags


def list_scenarios(
    scenarios: Scenarios = None,
    grep: Grep = None,
    tag: Tags = None,
    set_values: SetValues = None,
    json: Json = False,
) -> int:
    """List scenarios with their tags; nothing is run.

    A table makes one scenario a row. The options are those of “harness run”.

    \b
    Exit: 0 listed · 2 usage
    Examples:
      harness list my/scenarios
      harness list my/scenarios --tag smoke --json
    """
    from harness.cli.suite_choice import SuiteChoice
    from harness.cli.suite_views import show_list

    choice = SuiteChoice(grep=grep, tags=tuple(tag or ()), values=tuple(set_values or ()))
    return show_list(scenarios or (), choice, as_json=json)


def validate(
    scenarios: Scenarios = None,
    engine: Annotated[
        list[Engine] | None,
        typer.Option(help="Also see that this engine can take all steps; may be given twice."),
    ] = None,
    set_values: SetValues = None,
    json: Json = False,
) -> int:
    """Check scenarios, tables, shared steps, recordings and what is to be spoken; nothing is run.

    \b
    Exit: 0 nothing is wrong · 2 something is: all of it is told
    Examples:
      harness validate my/scenarios
      harness validate my/scenarios --engine simulated
    """
    from harness.cli.suite_choice import SuiteChoice
    from harness.cli.suite_views import check_suite

    choice = SuiteChoice(values=tuple(set_values or ()))
    return check_suite(scenarios or (), choice, [one.value for one in engine or ()], as_json=json)


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Made where it is missing.")
    ] = Path(),
    json: Json = False,
) -> int:
    """Make a folder that works: scenarios, a table, a pytest test, settings, workflow files.

    No file that is there is changed.

    \b
    Exit: 0 made · 2 a file is in the way: nothing was written
    Examples:
      harness init voice
      cd voice && harness run --engine simulated
    """
    from harness.cli.init import make_folder

    return make_folder(folder, as_json=json)
