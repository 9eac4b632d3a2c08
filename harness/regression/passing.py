"""Pass rates and kinds of events of whole scenarios, on two sides."""

from __future__ import annotations

from collections.abc import Iterator

from harness.regression.findings import Candidate, Finding, Verdict
from harness.regression.pairing import PairedScenario
from harness.regression.rates import changed_rate

FAULTS = ("problem", "error", "failed", "lost")
"""An event with such a word in its name is worse than none."""


def pass_rate_finding(scenario: PairedScenario) -> Finding | Candidate | None:
    """Whether it passes less often, or more often, than it did."""
    base, new = (
        (sum(run.verdict == "passed" for run in side.runs), len(side.runs))
        for side in (scenario.base, scenario.new)
    )
    is_less = new[0] / new[1] < base[0] / base[1]
    verdict: Verdict = "worse" if is_less else "better"
    text = f"passes {'less' if is_less else 'more'} often"
    if {base[0] / base[1], new[0] / new[1]} == {0.0, 1.0}:
        text = "does not pass any more" if is_less else "passes now"
    reasons = (run.reason for run in scenario.new.runs if is_less and run.reason)
    found = Finding(verdict, "pass rate", text, next(reasons, ""), scenario.name)
    return changed_rate(base, new, found, otherwise="runs passed")


def event_findings(scenario: PairedScenario) -> Iterator[Finding | Candidate]:
    """Kinds of events that appeared or are gone, where both sides have kept theirs."""
    base = [set(run.events) for run in scenario.base.runs if run.events]
    new = [set(run.events) for run in scenario.new.runs if run.events]
    if not base or not new:
        return
    for kind in sorted(set().union(*base, *new)):
        before = sum(kind in events for events in base), len(base)
        now = sum(kind in events for events in new), len(new)
        appeared = now[0] / now[1] > before[0] / before[1]
        is_fault = any(word in kind for word in FAULTS)
        verdict: Verdict = "changed"
        if is_fault:
            verdict = "worse" if appeared else "better"
        text = f"{kind} {'appeared' if appeared else 'is gone'}"
        found = changed_rate(before, now, Finding(verdict, "events", text, "", scenario.name))
        if found is not None:
            yield found
