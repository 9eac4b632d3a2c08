"""Runs that may become a baseline: what is accepted as good has passed, all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from harness.errors import UsageError
from harness.regression.baseline import BASELINE_SUFFIXES
from harness.regression.facts import Calls
from harness.regression.read import run_files
from harness.report.results import Results

ALLOW_FAILED = "--allow-failed"
IN_WORDS = {"cannot_tell": "cannot be told", "error": "broke"}


def refuse_failed(runs: Sequence[Path], calls: Calls, otherwise: str = ALLOW_FAILED) -> None:
    """See that every run passed at its first attempt, and that none was left out.

    Args:
        runs: their folders, results or baselines.
        calls: what was read of these runs.
        otherwise: what accepts it nevertheless: an option, or a whole command.

    Raises:
        UsageError: one did not; it names each, with the reason.
    """
    wrong = [*_not_passed(calls), *(line for run in runs for line in _not_run(run))]
    if not wrong:
        return
    more = f"; and {len(wrong) - 5} more" if len(wrong) > 5 else ""
    raise UsageError(
        "This is no run to be accepted as good: not all of it passed.",
        expected="runs that passed, each at its first attempt, and none left out",
        found="; ".join(wrong[:5]) + more,
        hint=f"run it anew, or accept it as it is with {otherwise}",
    )


def _not_passed(calls: Calls) -> Iterator[str]:
    if not calls.scenarios:
        yield "no scenario was run to its end"
    for scenario in calls.scenarios:
        failed = [run for run in scenario.runs if run.verdict != "passed"]
        if failed:
            count = f" {len(failed)} of {len(scenario.runs)} times" * (len(scenario.runs) > 1)
            what = IN_WORDS.get(failed[0].verdict, failed[0].verdict)
            why = f" ({failed[0].reason})" if failed[0].reason else ""
            yield f"{scenario.name} {what}{count}{why}"


def _not_run(run: Path) -> Iterator[str]:
    """What of a suite was planned and has no run: it was interrupted, or ended early."""
    for path in [] if run.suffix in BASELINE_SUFFIXES else run_files(run):
        try:
            suite = Results.model_validate_json(path.read_bytes()).suite
        except (ValidationError, OSError):
            continue  # told by whoever reads it
        for scenario in suite.scenarios if suite is not None else ():
            if scenario.verdict == "not_run":
                yield f"{scenario.name} was not run"
