"""Comparisons in Markdown, for a comment under a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from harness.regression.compare import Comparison
from harness.regression.findings import Finding, Verdict
from harness.regression.text import headline, more
from harness.suite.markdown import cell, within_bounds

SIGNS: dict[Verdict, str] = {
    "worse": "❌",
    "cannot_tell": "❓",
    "changed": "✏️",
    "better": "💚",
    "same": "✅",
}


def as_markdown(comparison: Comparison) -> str:
    """What is worse, or may be, in a table; the rest folded away."""
    return within_bounds(lambda most: _written(comparison, most))


def _written(comparison: Comparison, most: int) -> str:
    lines = [f"### {SIGNS[comparison.verdict]} Voice regressions: {headline(comparison)}", ""]
    lines += [f"- not alike: {cell(told)}" for told in comparison.unlike[:most]]
    if len(comparison.unlike) > most:
        lines.append(f"- … and {len(comparison.unlike) - most} more that are not alike")
    lines += [""] * bool(comparison.unlike)
    first = [*comparison.of("worse"), *comparison.of("cannot_tell")]
    rest = [one for one in comparison.told if one not in first]
    if first:
        lines += _table(first, most)
    if rest:
        what = f"{len(rest)} changed, better or the same"
        lines += [f"<details><summary>{what}</summary>", "", *_table(rest, most), "</details>", ""]
    return "\n".join(lines)


def _table(findings: Sequence[Finding], most: int) -> list[str]:
    lines = ["| | where | what | evidence |", "| --- | --- | --- | --- |"]
    for one in findings[:most]:
        verdict = f"{SIGNS[one.verdict]} {one.verdict.replace('_', ' ')}"
        cells = [verdict, cell(one.place), cell(one.text + more(one)), cell(one.evidence)]
        lines.append(f"| {' | '.join(cells)} |")
    if len(findings) > most:
        lines.append(f"| | … and {len(findings) - most} more | | |")
    return [*lines, ""]
