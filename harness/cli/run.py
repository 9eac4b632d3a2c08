"""``harness run``: conversations, progress, a verdict."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

import harness.scenario.run
from harness.cli.interrupts import run_async
from harness.cli.progress import TerminalProgress
from harness.cli.run_outputs import check_outputs, tell_others
from harness.cli.short_progress import ShortProgress
from harness.cli.suite_choice import SuiteChoice, read_suite
from harness.errors import HarnessError, UsageError
from harness.scenario.load import Given, LoadedScenario
from harness.scenario.progress import Progress
from harness.scenario.run import RunOptions
from harness.suite.budgets_of_runs import across_runs
from harness.suite.engine_options import for_engine
from harness.suite.leftovers import take_away_leftovers
from harness.suite.select import failed_last
from harness.suite.write import stale_page

if TYPE_CHECKING:
    from harness.report.results import Results

EXIT_CODES = {
    "passed": 0,
    "failed": 1,
    "cannot_tell": 1,
    "flaky": 1,
    "not_run": 1,
    "error": 3,
}

DETAILED_RUNS = 12
"""Of more runs each has a line of progress, and its steps have none."""


def run_conversations(
    scenarios: Sequence[str],
    *,
    out: Path,
    page_url: str | None,
    server_url: str | None,
    headed: bool,
    as_json: bool,
    native: str = "wrtc",
    redirect: Sequence[str] = (),
    protocol: str | None = None,
    agent: str | None = None,
    backend: Sequence[str] = (),
    wait_s: float = 30.0,
    seed: int = 0,
    network: str | None = None,
    choice: SuiteChoice | None = None,
    calibration: str = "auto",
    contexts: str | None = None,
    record: Path | None = None,
    overwrite: bool = False,
    cassette: Path | None = None,
    delays: str = "recorded",
    lenient: bool = False,
    pcap: bool = False,
    autoplay: str | None = None,
    tracing: str = "off",
) -> int:
    """Run the scenarios and print the results; the exit code follows the worst verdict."""
    choice = choice or SuiteChoice()
    given = choice.given()
    suite = read_suite(scenarios, given, _more_mistakes)
    if choice.last_failed and not failed_last(out):
        print("harness: nothing failed last time", file=sys.stderr)
        return 0
    chosen = choice.chosen(suite, out)
    if record is not None:
        _refuse_repeats(choice)
    for path in suite.left_out:
        print(f"harness: left out, neither name nor steps is in it: {path}", file=sys.stderr)
    given_how = RunOptions(
        engine=choice.engines[0],
        native=native,
        page_url=page_url,
        server_url=server_url,
        headed=headed,
        redirect=list(redirect) or None,
        backend=tuple(backend),
        wait_s=wait_s,
        seed=seed,
        protocol=protocol,
        network=network,
        agent=agent,
        calibration=calibration,
        contexts=contexts,
        record=None if record is None else str(record),
        record_each=len(chosen) > 1,
        overwrite=overwrite,
        cassette=None if cassette is None else str(cassette),
        delays=delays,
        lenient=lenient,
        pcap=pcap,
        autoplay=autoplay,
        tracing=tracing,
    )
    check_outputs(choice, out)
    is_one = choice.is_one_run(len(chosen)) and not across_runs(chosen)
    how = for_engine(given_how, choice.engines[0], choice.from_project) if is_one else given_how
    began_s, stale = time.time(), stale_page(out, is_one=is_one)
    runs = len(chosen) * len(choice.engines) * choice.repeat
    console = Console(stderr=True)
    is_short = runs <= DETAILED_RUNS and choice.workers == 1
    try:
        with TerminalProgress(console) if is_short else ShortProgress(console) as progress:
            if is_one:
                work = _run_one(chosen, how, out, progress)
            else:
                work = _run_suite(chosen, choice, how, out, progress, given)
            results = run_async(work)
    except (KeyboardInterrupt, SystemExit):
        _say_what_is_kept(out, began_s)
        raise
    if stale is not None:
        with contextlib.suppress(OSError):
            stale.unlink(missing_ok=True)
    if not is_one:
        take_away_leftovers(out, results)
    try:
        show(results, out, as_json=as_json)
    finally:  # files have the results also where a terminal or pipe does not take them
        tell_others(results, chosen, choice, out, is_one=is_one)
    return exit_code(results, allow_flaky=choice.allow_flaky)


def _more_mistakes(loaded: LoadedScenario) -> Sequence[HarnessError]:
    """What else is wrong, where other files cannot be read."""
    from harness.suite.checks import checks_for

    return checks_for(())(loaded)


def _refuse_repeats(choice: SuiteChoice) -> None:
    """A cassette is of one session.

    Raises:
        UsageError: a scenario would be run several times.
    """
    several = {
        "--repeat": choice.repeat > 1,
        "--retries": choice.retries > 0,
        "--engine": len(choice.engines) > 1,
    }
    if found := [option for option, is_given in several.items() if is_given]:
        raise UsageError(
            "A cassette holds one session, and a scenario would be run several times.",
            expected="--record with one run of each scenario",
            found=f"--record with {' and '.join(found)}",
        )


def exit_code(results: Results, *, allow_flaky: bool = False) -> int:
    """The exit code of a run; see harness/docs/command-line.md."""
    verdict = results.verdict if results.suite is None else results.suite.verdict
    return 0 if verdict == "flaky" and allow_flaky else EXIT_CODES[verdict]


def _say_what_is_kept(out: Path, began_s: float) -> None:
    """After Ctrl-C: the report of what was recorded until then, where there is one."""
    for report in (out / "index.html", out / "report.html"):
        if report.exists() and report.stat().st_mtime >= began_s - 1:
            print(f"harness: interrupted; recorded until then: {report}", file=sys.stderr)
            return
    print("harness: interrupted before anything was recorded", file=sys.stderr)


async def _run_one(
    chosen: Sequence[LoadedScenario], how: RunOptions, out: Path, progress: Progress
) -> Results:
    return await harness.scenario.run.run_loaded(chosen, how, out, progress)


async def _run_suite(
    chosen: Sequence[LoadedScenario],
    choice: SuiteChoice,
    how: RunOptions,
    out: Path,
    progress: Progress,
    given: Given,
) -> Results:
    from harness.suite.runs import SuiteOptions, run_suite

    options = SuiteOptions(
        choice.engines,
        choice.repeat,
        choice.retries,
        choice.workers,
        choice.max_failures,
        choice.shard,
        choice.from_project,
    )
    return await run_suite(chosen, options, how, out, progress, given)


def show(results: Results, out: Path, *, as_json: bool) -> None:
    """The results on standard output, as one JSON object or as a table."""
    from harness.cli.verdict import print_verdict
    from harness.report.results import results_json

    if as_json:
        sys.stdout.write(results_json(results))
        sys.stdout.flush()
    elif results.suite is not None:
        from harness.cli.suite_verdict import print_suite

        print_suite(results, out, Console(highlight=False))
    else:
        print_verdict(results, out, Console(highlight=False))
