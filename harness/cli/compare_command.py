"""The arguments of ``harness compare`` and ``harness baseline``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.choices import BaselineAction, Json


def compare(
    base: Annotated[
        Path,
        typer.Argument(
            metavar="BASE", help="A results.json, a folder of one or several runs, or a baseline."
        ),
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The same, to be judged.")],
    allow_unlike: Annotated[
        bool,
        typer.Option(
            "--allow-unlike",
            help="Compare also where engine, protocol, scenario text, machine or model differ.",
        ),
    ] = False,
    allow_gone: Annotated[
        bool,
        typer.Option(
            "--allow-gone",
            help="Scenarios of BASE that NEW does not have are no fault: only a part was run.",
        ),
    ] = False,
    update_baseline: Annotated[
        bool,
        typer.Option(
            "--update-baseline", help="Accept NEW as the baseline, and show what that accepts."
        ),
    ] = False,
    markdown: Annotated[
        Path | None,
        typer.Option(help="Also write it for a pull request comment.", metavar="FILE"),
    ] = None,
    json: Json = False,
) -> int:
    """Say what got worse between two runs, by how much, and how sure that is.

    Scenarios and turns are paired: latencies, pass rates, words, tools, interruptions, loudness,
    doubled, cut and missing answers. Where the runs cannot decide, it says how many more would.
    A scenario of BASE that was not run is worse: --allow-gone where that was meant.

    \b
    Exit: 0 nothing is worse · 1 something is · 2 usage, or the runs are not alike
    Examples:
      harness compare out/monday out/tuesday
      harness compare baselines/voice.yaml out/demo --markdown comment.md
      harness compare baselines/voice.yaml out/smoke --allow-gone
      harness compare baselines/voice.yaml out/demo --update-baseline
    """
    from harness.cli.compare import CompareOptions, compare_runs

    return compare_runs(
        base, new, CompareOptions(allow_unlike, allow_gone, update_baseline, markdown, json)
    )


def baseline(
    action: Annotated[
        BaselineAction,
        typer.Argument(help="accept, show or list", metavar="accept|show|list"),
    ],
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="accept: runs; show: baselines; list: folders, this one where absent.",
        ),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="accept: the baseline to write.", metavar="FILE")
    ] = None,
    allow_failed: Annotated[
        bool,
        typer.Option("--allow-failed", help="accept: also a run of which not all has passed."),
    ] = False,
    audio: Annotated[
        bool,
        typer.Option(
            "--audio", help="accept: also keep the answers' audio, so that voices are compared."
        ),
    ] = False,
    json: Json = False,
) -> int:
    """Accept a run as what is good, in a small text file of your repository; show or list them.

    \b
    Exit: 0 done · 2 no such run, one that did not pass, or a broken baseline
    Examples:
      harness baseline accept out/demo --to baselines/voice.yaml --audio
      harness baseline show baselines/voice.yaml
      harness baseline list
    """
    from harness.cli.baseline import (
        accept_baseline,
        list_baselines,
        refuse_option,
        show_baselines,
    )

    if action is BaselineAction.accept:
        return accept_baseline(
            paths or (), to, as_json=json, allow_failed=allow_failed, audio=audio
        )
    given = {"--to": to is not None, "--allow-failed": allow_failed, "--audio": audio}
    for option in [name for name, is_given in given.items() if is_given]:
        refuse_option(action, option)
    shown = show_baselines if action is BaselineAction.show else list_baselines
    return shown(paths or (), as_json=json)
