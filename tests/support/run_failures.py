"""What did not hold in a run, short enough that a failing test shows all of it."""

from __future__ import annotations

from harness.report.results import Results


def failures(results: Results) -> str:
    """A line for each scenario that broke and each expectation that did not hold."""
    lines = []
    for one in results.scenarios:
        if one.error:
            lines.append(f"{one.name}: {one.error}")
        broken = [e for e in one.expectations if e.verdict not in ("passed", "skipped")]
        lines += [f"{one.name}: {e.text}; {e.evidence}" for e in broken]
    return "\n".join(lines)
