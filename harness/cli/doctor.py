"""``harness doctor``: the findings as a list for people, or as one JSON object."""

from __future__ import annotations

import json
import sys

from rich.console import Console
from rich.text import Text

from harness.cli.checks import diagnose, install_missing
from harness.cli.findings import Diagnosis, Finding

MARKS = {"ok": ("✓", "green"), "missing": ("✗", "bold red"), "optional": ("-", "dim")}
NAME_WIDTH = 20


def examine(*, install: bool, as_json: bool) -> int:
    """Print the findings; 0 where nothing needed is missing, else 3."""
    diagnosis = diagnose()
    if install and not diagnosis.healthy:
        install_missing(diagnosis, _say)
        diagnosis = diagnose()
    if as_json:
        print(json.dumps(diagnosis.as_dict(), ensure_ascii=False), flush=True)
    else:
        _print(diagnosis)
    return 0 if diagnosis.healthy else 3


def _print(diagnosis: Diagnosis) -> None:
    console = Console(highlight=False)
    for finding in diagnosis.findings:
        console.print(_line(finding), soft_wrap=True)
    if not diagnosis.healthy:
        _say("something needed is missing; see the lines marked ✗")


def _line(finding: Finding) -> Text:
    mark, style = MARKS[finding.status]
    line = Text.assemble((f"{mark} {finding.name:<{NAME_WIDTH}}", style), finding.found)
    if finding.hint and finding.status != "ok":
        line.append(f"\n{'':{NAME_WIDTH + 2}}{finding.hint}", "dim")
    return line


def _say(text: str) -> None:
    print(f"harness: {text}", file=sys.stderr, flush=True)
