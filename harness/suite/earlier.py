"""The part of an earlier run that a suite keeps: ``--last-failed`` runs some, results are of all.

Without that the page, the results and ``junit.xml`` of a suite would be replaced by those of the
few scenarios that were run again, and a comparison would miss all others.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pydantic import ValidationError

from harness.errors import UsageError
from harness.report.results import Results
from harness.report.suite_results import SuiteScenario
from harness.suite.junit import results_by_folder
from harness.suite.outcome import results_of_rows


def last_results(out: Path) -> Results:
    """The results of the last run that wrote to a folder.

    Raises:
        UsageError: no run did, or what it left cannot be read.
    """
    path = out / "results.json"
    try:
        return Results.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UsageError(
            "It is not known what failed last.",
            expected=f"the results of an earlier run in {path}",
            found=getattr(error, "strerror", None) or "a file that is no such results",
            hint="run once without --last-failed, or name that run's folder with --out",
        ) from error


def failed_in(results: Results) -> frozenset[str]:
    """The names of scenarios that did not pass."""
    rows = results.scenarios if results.suite is None else results.suite.scenarios
    return frozenset(one.name for one in rows if one.verdict != "passed")


def with_earlier(now: Results, earlier: Results | None, known: Collection[str]) -> Results:
    """A suite's results, and in them those of an earlier one that were not made anew.

    Args:
        now: what was run.
        earlier: what its folder had before; None, or a single run, adds nothing.
        known: the names that the suite has today; what it has no more is left out.
    """
    if now.suite is None or earlier is None or earlier.suite is None:
        return now
    new = {(row.name, row.engine): row for row in now.suite.scenarios}
    made = {run.folder for row in new.values() for run in row.runs}
    old = {
        (row.name, row.engine): row.model_copy(update={"earlier": True})
        for row in earlier.suite.scenarios
        if row.name in known and made.isdisjoint(run.folder for run in row.runs)
    }
    begun = {key: row for key, row in new.items() if row.runs or key not in old}
    rows = {**old, **begun}
    order = dict.fromkeys((*((row.name, row.engine) for row in earlier.suite.scenarios), *new))
    return _of([rows[key] for key in order if key in rows], earlier, now)


def without_earlier(results: Results) -> Results:
    """The results of what was run last alone: for who has those of the earlier run already."""
    if results.suite is None or not results.suite.earlier:
        return results
    return _of([row for row in results.suite.scenarios if not row.earlier], results)


def _of(rows: list[SuiteScenario], *sides: Results) -> Results:
    """Rows as results; facts of the suite, and of folders of several, are the last side's."""
    by_folder = {folder: one for side in sides for folder, one in results_by_folder(side).items()}
    suite = sides[-1].suite
    assert suite is not None
    return results_of_rows(rows, by_folder, wall_s=suite.wall_s, shard=suite.shard)
