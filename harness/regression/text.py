"""Comparisons as text for a terminal: what got worse first, aligned, with its evidence."""

from __future__ import annotations

from collections import Counter
from typing import Any

from harness.regression.compare import Comparison
from harness.regression.findings import ORDER, Finding
from harness.regression.latencies import MOST_REPEATS
from harness.regression.rates import MOST_RUNS
from harness.terminal_text import printable

NAMES = {"cannot_tell": "cannot tell"}


def as_text(comparison: Comparison) -> str:
    """What is to tell, one or two lines a finding, and a line of counts."""
    findings = comparison.told
    lines = [f"{comparison.base} → {comparison.new}"]
    lines += [f"not alike: {printable(told)}" for told in comparison.unlike]
    lines.append("")
    verdicts = max((len(_name(one)) for one in findings), default=0)
    places = min(32, max((len(one.place) for one in findings), default=0))
    for one in findings:
        text = printable(one.text) + more(one)
        lines.append(f"{_name(one):<{verdicts}}  {one.place:<{places}}  {text}")
        if one.evidence and one.verdict != "same":
            lines.append(f"{'':<{verdicts}}  {'':<{places}}  {printable(one.evidence)}")
    if findings:
        lines.append("")
    return "\n".join([*lines, headline(comparison)])


def headline(comparison: Comparison) -> str:
    """How many findings of each kind, of how much."""
    counts = Counter(one.verdict for one in comparison.told)
    said = ", ".join(f"{counts[v]} {NAMES.get(v, v)}" for v in ORDER if counts[v])
    turns, scenarios = comparison.turns, comparison.scenarios
    of = f"{turns} turn{'s' * (turns != 1)} of {scenarios} scenario{'s' * (scenarios != 1)}"
    gone = f"; {len(comparison.gone)} not run" if comparison.gone else ""
    return f"{said or 'nothing is different'}; {of}{gone}"


def more(finding: Finding) -> str:
    """How many more runs it would take; empty where that is not the matter."""
    count = finding.more_repeats
    if count is None:
        return ""
    if count >= (MOST_REPEATS if finding.kind == "latency" else MOST_RUNS):
        return f" (it would take {count} more runs of each side, or still more)"
    return f" ({count} more run{'s' * (count != 1)} of each side would tell)"


def as_data(comparison: Comparison) -> dict[str, Any]:
    """For ``--json``."""
    return {
        "verdict": comparison.verdict,
        "counts": comparison.counts,
        "base": comparison.base,
        "new": comparison.new,
        "scenarios": comparison.scenarios,
        "turns": comparison.turns,
        "tests": comparison.tests,
        "unlike": list(comparison.unlike),
        "gone": list(comparison.gone),
        "findings": [one.as_data() for one in comparison.findings],
    }


def _name(finding: Finding) -> str:
    return NAMES.get(finding.verdict, finding.verdict)
