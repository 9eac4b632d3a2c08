"""``harness run``: conversations, progress, a verdict."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from harness.cli.interrupts import run_async
from harness.cli.progress import TerminalProgress
from harness.cli.scenario_files import find_scenarios

if TYPE_CHECKING:
    from harness.report.results import Results

EXIT_CODES = {"passed": 0, "failed": 1, "cannot_tell": 1, "error": 3}


def run_conversations(
    scenarios: Sequence[str],
    *,
    out: Path,
    page_url: str | None,
    server_url: str | None,
    headed: bool,
    as_json: bool,
    engine: str = "browser",
    native: str = "wrtc",
    redirect: Sequence[str] = (),
    protocol: str | None = None,
    backend: Sequence[str] = (),
    wait_s: float = 30.0,
    seed: int = 0,
    network: str | None = None,
    calibration: str = "auto",
) -> int:
    """Run the scenarios and print the results; the exit code follows the worst verdict."""
    paths = find_scenarios(scenarios)
    began_s = time.time()
    try:
        with TerminalProgress(Console(stderr=True)) as progress:
            results = run_async(
                _run(
                    paths,
                    out=out,
                    engine=engine,
                    native=native,
                    page_url=page_url,
                    server_url=server_url,
                    headed=headed,
                    redirect=list(redirect) or None,
                    protocol=protocol,
                    backend=backend,
                    wait_s=wait_s,
                    seed=seed,
                    network=network,
                    calibration=calibration,
                    progress=progress,
                )
            )
    except (KeyboardInterrupt, SystemExit):
        _say_what_is_kept(out, began_s)
        raise
    show(results, out, as_json=as_json)
    return EXIT_CODES[results.verdict]


def _say_what_is_kept(out: Path, began_s: float) -> None:
    """After Ctrl-C: the report of what was recorded until then, where there is one."""
    report = out / "report.html"
    if report.exists() and report.stat().st_mtime >= began_s - 1:
        print(f"harness: interrupted; recorded until then: {report}", file=sys.stderr)


async def _run(paths: list[Path], **options: Any) -> Results:
    from harness.scenario.run import run_scenarios

    return await run_scenarios(paths, **options)


def show(results: Results, out: Path, *, as_json: bool) -> None:
    """The results on standard output, as one JSON object or as a table."""
    from harness.cli.verdict import print_verdict
    from harness.report.results import results_json

    if as_json:
        sys.stdout.write(results_json(results))
        sys.stdout.flush()
    else:
        print_verdict(results, out, Console(highlight=False))
