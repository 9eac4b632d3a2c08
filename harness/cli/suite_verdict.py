"""The end of a suite on a terminal: one table, worst first, and why what failed did."""

from __future__ import annotations

import statistics
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.cli.progress import MARKS
from harness.cli.verdict import CANNOT_TELL, PIPE_WIDTH, failure_lines, spoken
from harness.report.results import Results, ScenarioResult
from harness.report.suite_results import WORST_FIRST, SuiteBudget, SuiteScenario
from harness.suite.junit import results_by_folder, voice_to_voice_s

SUITE_MARKS = {**MARKS, "flaky": ("↻", "bold yellow"), "not_run": ("-", "dim")}

FLAKY = (
    "Flaky: passed, but not every time, and that is no pass (exit 1; --allow-flaky takes it for "
    "one). The reports of the runs that failed say why."
)
MAX_FAILURES_SHOWN = 20


def print_suite(results: Results, out: Path, console: Console) -> None:
    """The table of scenarios, what failed in them, the path of the page over all of them."""
    suite = results.suite
    assert suite is not None
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    if not suite.scenarios:
        part = f" falls to shard {suite.shard}" if suite.shard else " was there to run"
        console.print(Text(f"- no scenario{part}", "dim"))
        console.print(Text(f"Index: {out / 'index.html'}"), soft_wrap=True)
        return
    by_folder = results_by_folder(results)
    ordered = sorted(suite.scenarios, key=lambda one: WORST_FIRST.index(one.verdict), reverse=True)
    console.print(suite_table(ordered, by_folder))
    bad = [one for one in reversed(ordered) if one.verdict not in ("passed", "not_run")]
    for scenario in bad[:MAX_FAILURES_SHOWN]:
        for line in _why(scenario, by_folder):
            console.print(line, soft_wrap=True)
    if len(bad) > MAX_FAILURES_SHOWN:
        console.print(Text(f"… and {len(bad) - MAX_FAILURES_SHOWN} more, in the page", "dim"))
    counts = ", ".join(f"{n} {spoken(name)}" for name, n in suite.counts.items() if n)
    mark, style = SUITE_MARKS[suite.verdict]
    shard = f" (shard {suite.shard})" if suite.shard else ""
    head = (f"{mark} {spoken(suite.verdict).upper()}", style)
    earlier = f"; {suite.earlier} of them in an earlier run" if suite.earlier else ""
    console.print(Text.assemble(head, f"  {counts}{earlier}{shard}"))
    if suite.verdict in ("cannot_tell", "flaky"):
        hint = CANNOT_TELL if suite.verdict == "cannot_tell" else FLAKY
        console.print(Text(hint, "dim"), soft_wrap=True)
    console.print(Text(f"Index: {out / 'index.html'}"), soft_wrap=True)


def suite_table(scenarios: list[SuiteScenario], by_folder: dict[str, ScenarioResult]) -> Table:
    """One row for each scenario in each engine; the worst at the end, above the verdict."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("scenario")
    table.add_column("engine")
    table.add_column("verdict")
    for name in ("runs", "pass rate (95 %)", "turns", "voice to voice"):
        table.add_column(name, justify="right")
    for scenario in scenarios:
        mark, style = SUITE_MARKS[scenario.verdict]
        runs = [by_folder[run.folder] for run in scenario.runs]
        latencies = voice_to_voice_s(runs)
        table.add_row(
            scenario.name,
            scenario.engine,
            Text(f"{mark} {spoken(scenario.verdict)}{' (earlier)' * scenario.earlier}", style),
            str(len(runs)),
            rate_text(scenario),
            str(sum(len(run.turns) for run in runs)),
            f"{statistics.median(latencies):.2f} s" if latencies else "",
        )
    return table


def rate_text(scenario: SuiteScenario) -> str:
    """The pass rate with its interval, where the scenario was repeated."""
    rate = scenario.pass_rate
    if rate is None:
        return ""
    return f"{rate.passed / rate.runs:.0%} ({rate.low:.0%} to {rate.high:.0%})"


def _why(scenario: SuiteScenario, by_folder: dict[str, ScenarioResult]) -> list[Text]:
    """What failed in its first run that did not pass, and where the report of that is."""
    lines = [_budget_line(budget) for budget in scenario.budgets if budget.verdict != "passed"]
    first = next((run for run in scenario.runs if run.verdict != "passed"), None)
    if first is None:
        return [Text(f"  {scenario.name}"), *lines] if lines else []
    lines += failure_lines(by_folder[first.folder])
    return [*lines, Text(f"    report: {first.folder}/report.html", "dim")]


def _budget_line(budget: SuiteBudget) -> Text:
    mark, style = SUITE_MARKS[budget.verdict]
    return Text.assemble((f"    {mark} ", style), f"{budget.text} – {budget.evidence}")
