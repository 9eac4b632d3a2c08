"""The end of a run on a terminal: one table, what failed and why, and where the report is."""

from __future__ import annotations

import statistics
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.cli.finding_lines import finding_lines
from harness.cli.progress import MARKS
from harness.cli.wait_table import wait_table
from harness.report.build import NOTHING_JUDGED, ONLY_SOFT
from harness.report.results import Results, ScenarioResult
from harness.score.context_failures import OF_CONTEXT
from harness.score.held_up import TOO_BUSY
from harness.terminal_text import printable

CANNOT_TELL = (
    "Nothing failed, but what was heard does not decide every expectation, and that is no pass "
    "(exit 1). Listen to the stretch in the report; harness/docs/verdicts.md says what to do."
)

PIPE_WIDTH = 120
"""Columns where there is no terminal to ask."""


def print_verdict(results: Results, out: Path, console: Console) -> None:
    """The table of scenarios, every failure with its evidence, the path of the report."""
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(verdict_table(results))
    if (waits := wait_table(results.scenarios)) is not None:
        console.print(waits)
    for line in number_lines(results):
        console.print(line, soft_wrap=True)
    for scenario in results.scenarios:
        for line in [*failure_lines(scenario), *unjudged_lines(scenario), *finding_lines(scenario)]:
            console.print(line, soft_wrap=True)
    counts = ", ".join(f"{n} {spoken(name)}" for name, n in results.counts.items() if n)
    mark, style = MARKS[results.verdict]
    verdict = spoken(results.verdict).upper()
    console.print(Text.assemble((f"{mark} {verdict}", style), f"  {counts}"))
    if results.verdict == "cannot_tell":
        console.print(Text(CANNOT_TELL, "dim"), soft_wrap=True)
    console.print(Text(f"Report: {out / 'report.html'}"), soft_wrap=True)


def verdict_table(results: Results) -> Table:
    """One row for each scenario: its verdict, and the counts behind it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("scenario")
    table.add_column("verdict")
    for name in ("expectations", "turns", "conversation", "voice to voice"):
        table.add_column(name, justify="right")
    for scenario in results.scenarios:
        table.add_row(*_row(scenario))
    return table


def number_lines(results: Results) -> list[Text]:
    """Latencies over all turns with their confidence, aligned; none of a single turn."""
    lines = []
    for name, label in (
        ("voice_to_voice_s", "voice to voice"),
        ("barge_in_reaction_s", "barge-in reaction"),
    ):
        found = results.numbers.get(name)
        if found is None or found.count < 2:
            continue
        p95 = "p95 withheld under 20" if found.p95 is None else f"p95 {found.p95:.2f} s"
        spread = ""
        if found.median_low is not None:
            spread = f" ({found.median_low:.2f} to {found.median_high:.2f})"
        doubt = "not known" if found.uncertainty is None else f"{found.uncertainty:.2f} s"
        head = f"  {label:<18} {found.count:>4} ×  median {found.median:.2f} s{spread}"
        lines.append(Text(f"{head}, {p95}, each ± {doubt}", "dim"))
    return lines


def failure_lines(scenario: ScenarioResult) -> list[Text]:
    """What a person needs first when this scenario did not pass."""
    lines = []
    for expectation in scenario.expectations:
        if expectation.verdict in ("failed", "cannot_tell", "error"):
            mark, style = ("~", "yellow") if expectation.soft else MARKS[expectation.verdict]
            step = f"step {expectation.step}: " if expectation.step is not None else ""
            doubt = "cannot tell whether " if expectation.verdict == "cannot_tell" else "expected "
            doubt = f"softly {doubt}" if expectation.soft else doubt
            head = f"{mark} {scenario.name}, {step}{doubt}{expectation.text}"
            lines.append(Text(printable(head), style))
            if expectation.evidence:
                lines.append(Text(f"    found: {printable(expectation.evidence)}"))
    if scenario.error is not None:
        message = printable(scenario.error.message, keeps_lines=True).replace("\n", "\n  ")
        lines.append(Text(f"! {scenario.name}: {message}", MARKS["error"][1]))
    causes = [note for note in scenario.notes if note.startswith((TOO_BUSY, OF_CONTEXT))]
    return lines + [Text(f"    note: {printable(note)}", "yellow") for note in causes if lines]


def spoken(verdict: str) -> str:
    """A verdict's name as people say it: "cannot tell"."""
    return verdict.replace("_", " ")


def unjudged_lines(scenario: ScenarioResult) -> list[Text]:
    """The warning that a scenario passed without having been asked anything."""
    told = [note for note in (NOTHING_JUDGED, ONLY_SOFT) if note in scenario.notes]
    if scenario.verdict != "passed":
        return []
    return [
        Text(f"! {scenario.name}: {note[0].lower()}{note[1:]}", MARKS["error"][1]) for note in told
    ]


def _row(scenario: ScenarioResult) -> list[str | Text]:
    mark, style = MARKS[scenario.verdict]
    passed = sum(e.verdict == "passed" for e in scenario.expectations)
    latencies = [
        turn.latencies.voice_to_voice_s
        for turn in scenario.turns
        if turn.latencies.voice_to_voice_s is not None
    ]
    return [
        scenario.name,
        Text(f"{mark} {spoken(scenario.verdict)}", style),
        f"{passed} of {len(scenario.expectations)}" if scenario.expectations else "none",
        str(len(scenario.turns)),
        _seconds(scenario.conversation_s),
        _seconds(statistics.median(latencies), 2) if latencies else "",
    ]


def _seconds(value_s: float | None, digits: int = 1) -> str:
    return "" if value_s is None else f"{value_s:.{digits}f} s"
