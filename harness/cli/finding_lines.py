"""Findings on a terminal: name, one line, when, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from harness.report.finding_results import FindingResult
from harness.report.results import ScenarioResult
from harness.terminal_text import printable

STYLES = {"error": "red", "warning": "yellow", "note": "dim"}
MOST = 6
"""The others are in the report."""


def finding_lines(scenario: ScenarioResult) -> list[Text]:
    """What is wrong with a call that did not pass; of one that did, how much is in the report."""
    found = [one for one in scenario.findings if one.ignored is None]
    if not found:
        return []
    if scenario.verdict == "passed":
        if all(one.severity == "note" for one in found):
            return []
        names = ", ".join(dict.fromkeys(one.name for one in found))
        return [Text(f"  {scenario.name}: passed, with findings: {names}", "dim")]
    alike = _alike(found)
    lines = [line for same in alike[:MOST] for line in _lines(same)]
    if len(alike) > MOST:
        lines.append(Text(f"    and {len(alike) - MOST} findings more, in the report", "dim"))
    return lines


def _alike(found: Sequence[FindingResult]) -> list[list[FindingResult]]:
    by_name: dict[str, list[FindingResult]] = {}
    for one in found:
        by_name.setdefault(one.name, []).append(one)
    return list(by_name.values())


def _lines(same: Sequence[FindingResult]) -> list[Text]:
    first = same[0]
    when = "" if first.at_s is None else f" at {first.at_s:.2f} s"
    again = f" and {len(same) - 1} times more" if len(same) > 1 else ""
    head = Text.assemble(
        "  finding ",
        (first.name, STYLES[first.severity]),
        printable(f"{when}{again}: {first.cause}"),
    )
    where = f" ({first.page_line})" if first.page_line else ""
    return [head, Text(f"    do: {first.to_do}{printable(where)}")]
