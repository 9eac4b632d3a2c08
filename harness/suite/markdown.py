"""Suites in Markdown: a comment under a pull request, the summary of a workflow's step."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from harness.report.results import Results
from harness.report.suite_results import WORST_FIRST, SuiteScenario, SuiteVerdict
from harness.suite.junit import results_by_folder, voice_to_voice_s
from harness.terminal_text import printable

SIGNS: dict[SuiteVerdict, str] = {
    "passed": "✅",
    "failed": "❌",
    "cannot_tell": "❓",
    "error": "🛑",
    "flaky": "🔁",
    "not_run": "⏸️",
}
MAX_ROWS = 50
"""A comment has its bounds; what is worst comes first."""

MAX_REASON = 300

MAX_CHARS = 60_000
"""GitHub takes no comment above 65 536 characters."""


def suite_markdown(results: Results) -> str:
    """The suite in some lines; the scenarios that did not pass first, the others folded away."""
    return within_bounds(lambda most: _of_suite(results, most))


def within_bounds(written: Callable[[int], str]) -> str:
    """A text with as many rows a table as a comment has room for.

    Args:
        written: makes it, with so many rows at most.
    """
    rows = MAX_ROWS
    while len(text := written(rows)) > MAX_CHARS and rows > 1:
        rows //= 2
    return text


def _of_suite(results: Results, most: int) -> str:
    suite = results.suite
    assert suite is not None
    counts = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in suite.counts.items() if n)
    shard = f", shard {suite.shard}" if suite.shard else ""
    took = f" in {suite.wall_s:.0f} s" if suite.wall_s is not None else ""
    earlier = f"; {suite.earlier} of them in an earlier run" if suite.earlier else ""
    lines = [f"### {SIGNS[suite.verdict]} Voice scenarios: {counts}{took}{shard}{earlier}", ""]
    worst = [scenario for scenario in suite.scenarios if scenario.verdict != "passed"]
    worst.sort(key=lambda scenario: WORST_FIRST.index(scenario.verdict))
    passed = [scenario for scenario in suite.scenarios if scenario.verdict == "passed"]
    if worst:
        lines += _table(worst, results, most)
    if passed:
        lines += [f"<details><summary>{len(passed)} passed</summary>", ""]
        lines += [*_table(passed, results, most), "</details>", ""]
    return "\n".join(lines)


def _table(scenarios: list[SuiteScenario], results: Results, most: int) -> list[str]:
    by_folder = results_by_folder(results)
    lines = ["| | scenario | engine | runs | voice to voice | what failed |"]
    lines.append("| --- | --- | --- | ---: | ---: | --- |")
    for scenario in scenarios[:most]:
        latencies = voice_to_voice_s([by_folder[run.folder] for run in scenario.runs])
        reason = scenario.reason or ""
        cells = [
            f"{SIGNS[scenario.verdict]} {scenario.verdict.replace('_', ' ')}",
            f"`{scenario.name}`",
            scenario.engine,
            runs_text(scenario),
            f"{statistics.median(latencies) * 1000:.0f} ms" if latencies else "",
            cell(reason),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    if len(scenarios) > most:
        lines.append(f"| | … and {len(scenarios) - most} more | | | | |")
    return [*lines, ""]


def runs_text(scenario: SuiteScenario) -> str:
    """How many runs, and how many of them passed, with its interval where it was repeated."""
    rate = scenario.pass_rate
    if rate is not None:
        return f"{rate.passed} of {rate.runs} ({rate.low:.0%} to {rate.high:.0%})"
    return str(len(scenario.runs)) if len(scenario.runs) != 1 else ""


def cell(text: str) -> str:
    """Words of others as text, in one line: no markup, no mention, no end of the cell."""
    shown = text if len(text) <= MAX_REASON else text[: MAX_REASON - 1] + "…"
    shown = printable(" ".join(shown.splitlines()))
    for character in "\\`*_[]<>|#~!&$":
        shown = shown.replace(character, f"\\{character}")
    return shown.replace("@", "@\u200b")
