"""The arguments of the commands on recorded calls: ``findings``, ``pack``, ``view``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.choices import Json

Calls = Annotated[
    list[Path],
    typer.Argument(metavar="CALL", help="Folders of runs, trace files, or packed calls."),
]


def findings(calls: Calls, json: Json = False) -> int:
    """List what is wrong with recorded calls, with evidence and what to do.

    \b
    Exit: 0 nothing is wrong · 1 something is (an error or a warning)

    Examples:
      harness findings out/booking
      harness findings CALL.zip --json
    """
    from harness.cli.list_findings import list_findings

    return list_findings(calls, as_json=json)


def pack(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="The folder of a run, also of a killed one.")
    ],
    to: Annotated[
        Path | None,
        typer.Option(help="The file; RUN.zip beside the folder where absent.", metavar="FILE"),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(
            help="Only the last so much whole, as 90s or 10m: before it silence, and no messages.",
            metavar="TIME",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Make one file of a run: its traces, its sound as FLAC, its pictures.

    `harness view`, `report`, `findings` and `compare` take it in place of the folder. Reports are
    left out: they are written anew.

    \b
    Examples:
      harness pack out/booking
      harness pack out/inspect --keep 10m --to for-kim.zip
    """
    from harness.cli.pack import pack_run

    return pack_run(run, to, keep, as_json=json)


def view(
    calls: Calls,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Where the report is written; the run's own folder where absent, of a packed "
            "call one beside it.",
            metavar="DIR",
        ),
    ] = None,
) -> int:
    """Write the report of recorded calls, and show it in the browser.

    \b
    Examples:
      harness view out/booking
      harness view CALL.zip
    """
    from harness.cli.report import write_report

    return write_report(calls, out=out, as_json=False, opens=True)
