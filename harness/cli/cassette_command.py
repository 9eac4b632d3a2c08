"""The arguments of ``harness cassette``; its work is in `harness.cli.cassette`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.choices import CassetteAction, Json, OverwriteCassette


def cassette(
    action: Annotated[CassetteAction, typer.Argument(help="check or take", metavar="check|take")],
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="check: the cassette; take: one call."),
    ],
    to: Annotated[
        Path | None, typer.Option(help="take: where the cassette goes.", metavar="DIR")
    ] = None,
    overwrite: OverwriteCassette = False,
    json: Json = False,
) -> int:
    """See whether a cassette still fits the contract; or make one of a call that was recorded.

    check reads every line of it: what cannot be read is told with file and line, sounds that are
    missing, events that the protocol's types refuse, models that the hosted service has ended.
    take makes a cassette of any run's folder with a trace, also of an old one, or of a packed call.

    \b
    Exit: 0 it fits, or was made · 1 it is stale · 2 it cannot be used
    Examples:
      harness cassette check cassettes/booking
      harness cassette take out/demo/rover --to cassettes/rover
    """
    from harness.cli.cassette import check, take

    if action is CassetteAction.take:
        return take(folder, to, as_json=json, overwrite=overwrite)
    return check(folder, to, as_json=json, overwrite=overwrite)
