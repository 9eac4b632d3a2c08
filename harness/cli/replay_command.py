"""The arguments of ``harness replay``; its work is in `harness.cli.replay`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.choices import Channel, Engine, Json, Pace


def replay(
    recordings: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE|FOLDER",
            help="Recorded calls (WAV, FLAC, Ogg, MP3, M4A, WebM; the caller alone, or the caller "
            "and the agent on a channel each), and folders of them.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="Folder for the scenarios and their fixtures.", metavar="DIR")
    ] = Path("scenarios"),
    pace: Annotated[
        Pace,
        typer.Option(
            help="When the caller speaks: as long after each answer as then, or when it was then."
        ),
    ] = Pace.answer,
    user: Annotated[
        Channel | None,
        typer.Option(help="The caller's channel; found out by what is said where absent."),
    ] = None,
    page: Annotated[
        str | None,
        typer.Option(help="The page under test; our own where absent.", metavar="URL"),
    ] = None,
    redact: Annotated[
        list[str] | None,
        typer.Option(
            help="Cut this stretch out of fixtures and transcripts: 12.5-14.2 (seconds), "
            "1:02-1:04, or FILE:START-END.",
            metavar="START-END",
        ),
    ] = None,
    bleep: Annotated[
        bool, typer.Option("--bleep", help="Put a tone in place of what is redacted, not silence.")
    ] = False,
    caller_alone: Annotated[
        bool,
        typer.Option(
            "--caller-alone", help="Its one channel is the caller's, whatever it sounds like."
        ),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Make scenarios anew that are there already.")
    ] = False,
    run: Annotated[bool, typer.Option("--run", help="Run the scenarios at once.")] = False,
    engine: Annotated[Engine, typer.Option(help="With --run: what holds the calls.")] = (
        Engine.browser
    ),
    results: Annotated[
        Path, typer.Option(help="With --run: folder for results and reports.", metavar="DIR")
    ] = Path("out/replay"),
    json: Json = False,
) -> int:
    """Make scenarios of recorded calls, with the numbers of the old call as their baseline.

    Each recording becomes a scenario that speaks the caller's very samples at the caller's own
    pace, a folder of fixtures with words and edges, and a part of DIR/baseline.yaml, which
    “harness compare” reads. The recordings themselves are never changed.

    \b
    Exit: 0 done · 1 with --run: one did not pass · 2 a recording that cannot be replayed (the
    others are), or usage · 3 environment
    Examples:
      harness replay call.wav
      harness replay calls/ --out scenarios/ --page http://localhost:3000/
      harness replay call.wav --redact 12.5-14.2 --redact 1:02-1:04 --bleep
      harness replay calls/ --run --engine simulated
    """
    from harness.cli.replay import RunWish, replay_recordings
    from harness.replay.make import ReplayOptions
    from harness.replay.redaction import read_redaction

    options = ReplayOptions(
        out=out,
        pace=pace.value,
        user=None if user is None else user.value,
        page=page,
        redactions=tuple(map(read_redaction, redact or ())),
        bleep=bleep,
        caller_alone=caller_alone,
        overwrite=overwrite,
    )
    wish = RunWish(engine.value, results) if run else None
    return replay_recordings(recordings, options, wish, as_json=json)
