"""Progress of many runs."""

from __future__ import annotations

import io

from rich.console import Console

from harness.cli.short_progress import ShortProgress


def test_each_run_has_a_line_and_the_status_counts() -> None:
    out = io.StringIO()
    with ShortProgress(Console(file=out, width=100), now_s=lambda: 3.0) as progress:
        progress.starting("starting 2 workers for 9 runs")
        progress.scenario_started("a", 0, 9)
        progress.scenario_started("b", 1, 9)
        progress.expectation("not shown", "failed", "x", 1.0)
        progress.scenario_ended("a", "cannot_tell", 1.25)
    assert out.getvalue().splitlines() == [
        "starting 2 workers for 9 runs",
        "? a cannot tell in 1.2 s",
    ]
    status = str(progress._status())
    assert "1 of 9 over: 1 cannot tell · b" in status
