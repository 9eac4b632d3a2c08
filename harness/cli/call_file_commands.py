"""The arguments of the commands on recorded calls: findings, pack, export, view."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from harness.cli.choices import Json, PlaywrightTrace

Calls = Annotated[
    list[Path],
    typer.Argument(
        metavar="CALL",
        help="Folders of runs, traces, packed calls, or dumps of webrtc-internals or rtcstats.",
    ),
]


def findings(calls: Calls, json: Json = False) -> int:
    """List what is wrong with recorded calls, with evidence and what to do.

    \b
    Exit: 0 nothing is wrong · 1 something is (an error or a warning)

    Examples:
      harness findings out/booking
      harness findings CALL.zip --json
      harness findings webrtc_internals_dump.txt
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

    Every command that reads a run takes it in place of the folder. Reports are left out: they are
    written anew.

    \b
    Examples:
      harness pack out/booking
      harness pack out/inspect --keep 10m --to for-kim.zip
    """
    from harness.cli.pack import pack_run

    return pack_run(run, to, keep, as_json=json)


def _to(form: str) -> Any:
    return typer.Option(help=form, metavar="FILE")


def export(
    call: Annotated[
        Path,
        typer.Argument(metavar="CALL", help="The folder of one call, a packed one, or a dump."),
    ],
    webrtc_internals: Annotated[Path | None, _to("The JSON of chrome://webrtc-internals.")] = None,
    rtcstats: Annotated[
        Path | None, _to("The other form that Chromium makes, and rtcstats reads.")
    ] = None,
    har: Annotated[Path | None, _to("The requests that the trace knows.")] = None,
    wav: Annotated[Path | None, _to("Both sides: the user left, the page right.")] = None,
    vtt: Annotated[Path | None, _to("What both sides said, as WebVTT.")] = None,
) -> int:
    """Write a recorded call in the files of other tools.

    \b
    Examples:
      harness export out/booking --webrtc-internals dump.txt
      harness export CALL.zip --vtt call.vtt --wav call.wav
    """
    from harness.cli.export import export_call

    files = {"webrtc-internals": webrtc_internals, "rtcstats": rtcstats}
    return export_call(call, {**files, "har": har, "wav": wav, "vtt": vtt})


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
    playwright_trace: PlaywrightTrace = None,
) -> int:
    """Write the report of recorded calls, and show it in the browser.

    \b
    Examples:
      harness view out/booking
      harness view CALL.zip
    """
    from harness.cli.report import write_report

    return write_report(
        calls, out=out, as_json=False, opens=True, playwright_trace=playwright_trace
    )
