"""The arguments of ``harness score``; its work is in `harness.cli.score`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.choices import Channel, Json


def score(
    recordings: Annotated[
        list[Path],
        typer.Argument(metavar="CALL.wav", help="Recorded calls: WAV, FLAC, Ogg, MP3, M4A, WebM."),
    ],
    user: Annotated[
        Channel, typer.Option(help="The user's channel; the other one is the agent's.")
    ] = Channel.left,
    reference: Annotated[
        Path | None,
        typer.Option(
            metavar="CLIP.wav|FOLDER",
            help="What the agent plays: rate each answer against its clip, PESQ and STOI.",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Measure calls that were recorded elsewhere.

    From any recording with two channels, the user on the left and the agent on the right, 8 to
    48 kHz: when each speaks, how long the user waits for each answer, how soon the agent stops
    when the user cuts in. Each number comes with its uncertainty (95 of 100 lie within); where
    noise or other voices cover the edges it says "cannot tell". With a reference: how each answer
    sounds against the clip that it plays; one that plays none of them is told, and not rated.

    \b
    Exit: 0 scored, "cannot tell" included · 2 no recording of a call · 3 environment
    Examples:
      harness score call.wav
      harness score monday/*.wav --user right --json
      harness score call.wav --reference prompts/
    """
    from harness.cli.score import score_files

    return score_files(recordings, user=user.value, as_json=json, reference=reference)
