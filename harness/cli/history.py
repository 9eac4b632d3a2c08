"""``harness history``: trends and flakiness of a history, as text, JSON or a page."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from harness.cli.failures import did_you_mean
from harness.errors import ArtifactError, UsageError
from harness.history.rows import SuiteRow, build_of, suite_row
from harness.history.store import HistoryFile, open_history, rescue
from harness.history.text import as_data, as_text
from harness.history.trends import histories, numbers_in
from harness.machine import machine_class
from harness.report.results import Results


@dataclass(frozen=True)
class HistoryChoice:
    """What of a history is shown, and how."""

    scenario: str | None = None
    numbers: tuple[str, ...] = ()
    last: int = 30
    html: Path | None = None
    add: tuple[Path, ...] = ()
    as_json: bool = False


def show_history(file: Path | None, choice: HistoryChoice) -> int:
    """Add what is to be added, then show; 0.

    Raises:
        UsageError: there is no history, or no such scenario or number in it.
        ArtifactError: it is damaged.
    """
    path = _chosen(file)
    if choice.add:
        _add_runs(path, choice.add)
    with open_history(path) as history:
        suites = history.suites()
    _refuse_unknown(suites, choice, path)
    found = histories(suites, scenario=choice.scenario, numbers=choice.numbers, last=choice.last)
    if choice.as_json:
        print(json.dumps(as_data(found, len(suites)), ensure_ascii=False), flush=True)
    else:
        print(as_text(found, len(suites)), flush=True)
    if choice.html is not None:
        from harness.history.page import history_html
        from harness.suite.write import write_text

        write_text(choice.html, history_html(found, len(suites), path.name))
        print(f"harness: wrote {choice.html}", file=sys.stderr)
    return 0


def rescue_history(file: Path | None, to: Path, *, as_json: bool) -> int:
    """Copy what can be read of a damaged history, and say how much; 0.

    Raises:
        UsageError: there is no history, or the new file is there already.
        ArtifactError: nothing of it can be read.
    """
    path = _chosen(file)
    if not path.is_file():
        open_history(path)  # tells what is missing
    counts = rescue(path, to)
    if as_json:
        print(json.dumps({"file": str(to), **counts}))
    else:
        told = ", ".join(f"{count} {table}" for table, count in counts.items())
        print(f"{to}: {told}, from {path}, which is as it was")
    return 0


def keep_results(path: Path, results: Results, out: Path) -> None:
    """Add a run that has just ended.

    Raises:
        UsageError: the file is no history.
        ArtifactError: it is damaged, or cannot be written.
    """
    row = suite_row(
        results,
        now=_now(),
        source=str(out),
        build=build_of(os.environ),
        machine=machine_class(),
    )
    try:
        with HistoryFile(path) as history:
            history.add(row)
    except ArtifactError as error:
        raise ArtifactError(
            f"The run is over, and its results are in {out}. {error.message}",
            expected=error.expected,
            found=error.found,
            hint=f"add it when that is mended: harness history {path} --add {out}",
        ) from error


def check_history(path: Path) -> None:
    """See that a run can be added when it has ended; the file is made where it is missing.

    Raises:
        UsageError: the file is no history.
        ArtifactError: it is damaged, or cannot be written.
    """
    HistoryFile(path).close()


def _chosen(file: Path | None) -> Path:
    if file is not None:
        return file
    from harness.suite.settings import find_settings

    named = find_settings(Path.cwd()).options.get("history")
    if named is None:
        raise UsageError(
            "No history was named.",
            expected='harness history FILE, or history = "FILE" in [tool.realtime-harness] of '
            "pyproject.toml",
            found="nothing",
        )
    return Path(named)


def _add_runs(path: Path, runs: Sequence[Path]) -> None:
    from harness.exchange.opened import opened_run

    rows: list[SuiteRow] = []
    for run in runs:
        with opened_run(run) as opened:
            rows += _rows_of(opened, run)
    with HistoryFile(path) as history:
        added = sum(history.add(row) for row in rows)
    known = len(rows) - added
    told = f"harness: added {added} of {len(rows)} runs to {path}"
    print(told + f"; {known} were there already" * bool(known), file=sys.stderr)


def _rows_of(opened: Path, named: Path) -> Iterator[SuiteRow]:
    from harness.regression.read import read_results, run_files
    from harness.regression.traces import trace_header

    for file in run_files(opened, named):
        results = read_results(file)
        headers = [trace_header(file.parent, one) for one in results.scenarios]
        machines = dict.fromkeys(str(head["machine"]) for head in headers if head.get("machine"))
        source = file.parent if opened == named else named
        yield suite_row(results, now=_now(), source=str(source), machine=" and ".join(machines))


def _refuse_unknown(suites: Sequence[SuiteRow], choice: HistoryChoice, path: Path) -> None:
    scenarios = sorted({run.scenario for suite in suites for run in suite.runs})
    asked = [("scenario", choice.scenario, scenarios)] if choice.scenario else []
    asked += [("number", number, numbers_in(suites)) for number in choice.numbers]
    for what, name, known in asked:
        if name not in known:
            raise UsageError(
                f"There is no {what} {name} in {path}.",
                expected=f"one of {', '.join(known)}" if known else f"a history with a {what}",
                found=name,
                hint=did_you_mean(name, known),
            )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
