"""Leftovers of earlier suites in a run's folder: repeats and retries that were not made again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from harness.errors import UsageError
from harness.report.results import Results
from harness.scenario.out_folder import own_folder

AGAIN = "~"
"""Before the number of a repeat or a retry, in the name of its folder (`harness.suite.plan`)."""


def take_away_leftovers(out: Path, results: Results) -> None:
    """Remove repeats and retries of what was just run that an earlier suite made.

    A second attempt of last week beside a first of today is taken for today's. Everything else
    stays: another suite may have written there, and its calls are somebody's evidence. What cannot
    be removed stays, too.

    Args:
        out: the folder of the suite that has ended.
        results: its own.
    """
    rows = results.suite.scenarios if results.suite is not None else []
    folders = {run.folder for row in rows for run in row.runs}
    try:
        with own_folder(out):
            for folder in list(_repeats_in(out, folders)):
                shutil.rmtree(folder, ignore_errors=True)
    except UsageError:
        return  # the next run has begun already: what it writes is its own


def _repeats_in(out: Path, folders: Collection[str]) -> Iterator[Path]:
    """Folders that hold another repeat or retry of the runs in these.

    A suite puts results and trace of a run beside each other, in a folder called after the
    scenario and, of several, the engine.
    """
    first = {folder.partition(AGAIN)[0] for folder in folders}
    for folder in out.iterdir():
        called, again, _ = folder.name.partition(AGAIN)
        is_repeat = again and called in first and folder.name not in folders
        if is_repeat and not folder.is_symlink() and _is_run_of(folder, called):
            yield folder


def _is_run_of(folder: Path, called: str) -> bool:
    try:
        found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        [scenario] = found["scenarios"]
        name, trace = scenario["name"], scenario["artifacts"].get("trace")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return trace == "trace.jsonl" and called in (name, f"{name}@{scenario.get('engine')}")
