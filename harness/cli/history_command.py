"""The arguments of ``harness history``; its work is in `harness.cli.history`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.choices import Json


def history(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="The history; that of the project's pyproject.toml where absent.",
        ),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="This scenario alone.", metavar="NAME")
    ] = None,
    number: Annotated[
        list[str] | None,
        typer.Option(
            help="This number alone: voice_to_voice_s, …; may be given twice.", metavar="NAME"
        ),
    ] = None,
    last: Annotated[
        int, typer.Option(help="Of each scenario, the newest runs, at most so many.", min=1)
    ] = 30,
    html: Annotated[
        Path | None, typer.Option(help="Also write a page with a chart a number.", metavar="OUT")
    ] = None,
    add: Annotated[
        list[Path] | None,
        typer.Option(
            help="First add a run that is not in it: a results.json, a folder of one or several, "
            "or one packed.",
            metavar="RUN",
        ),
    ] = None,
    rescue: Annotated[
        Path | None,
        typer.Option(
            help="Copy what can be read of a damaged history to a new one.", metavar="NEW"
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Show how every number and verdict went from run to run, and what is flaky.

    “harness run --history FILE” adds each run to the file.

    \b
    Exit: 0 shown · 2 no such file, scenario or number · 3 the file is damaged
    Examples:
      harness history voice.sqlite
      harness history voice.sqlite --scenario booking --number voice_to_voice_s --last 10
      harness history voice.sqlite --html history.html
      harness history voice.sqlite --add out/monday --add out/tuesday
    """
    from harness.cli.history import HistoryChoice, rescue_history, show_history

    choice = HistoryChoice(scenario, tuple(number or ()), last, html, tuple(add or ()), json)
    if rescue is not None:
        return rescue_history(file, rescue, as_json=json)
    return show_history(file, choice)
