"""Leftovers of earlier suites in a run's folder: calls of scenarios that are gone, old repeats."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from harness.errors import UsageError
from harness.report.results import Results
from harness.scenario.out_folder import own_folder


def take_away_leftovers(out: Path, results: Results, names: Collection[str]) -> None:
    """Remove the folders of earlier runs that somebody would take for this suite's.

    Those of scenarios that are in the suite and were not run this time (not chosen, or not
    begun) stay, and so does everything that is no suite's: what cannot be removed does, too.

    Args:
        out: the folder of the suite that has ended.
        results: its own.
        names: of all its scenarios, chosen or not.
    """
    run = {result.name for result in results.scenarios}
    rows = results.suite.scenarios if results.suite is not None else []
    folders = {run.folder for row in rows for run in row.runs}
    try:
        with own_folder(out):
            for folder, name in list(_runs_in(out, folders)):
                if name in run or name not in names:
                    shutil.rmtree(folder, ignore_errors=True)
    except UsageError:
        return  # the next run has begun already: what it writes is its own


def _runs_in(out: Path, without: Collection[str]) -> Iterator[tuple[Path, str]]:
    """Folders that hold one run of a suite, each with the name of its scenario.

    A suite puts results and trace of a run beside each other, in a folder called after the
    scenario (`harness.suite.plan`). The folder of a run of its own has the trace one level below.
    """
    for folder in out.iterdir():
        if folder.name in without or folder.is_symlink() or not (folder / "trace.jsonl").is_file():
            continue
        try:
            found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
            [scenario] = found["scenarios"]
            name, trace = scenario["name"], scenario["artifacts"].get("trace")
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        called = folder.name.partition("~")[0]
        if trace == "trace.jsonl" and called in (name, f"{name}@{scenario.get('engine')}"):
            yield folder, name
