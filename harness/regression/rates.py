"""Rates: something that happens in some runs and not in others, on two sides."""

from __future__ import annotations

from dataclasses import replace

from harness.regression.findings import Candidate, Finding
from harness.regression.statistics import ALPHA, fisher_p, newcombe

MOST_RUNS = 400
"""More on either side: more than that nobody is told to make."""

STEPS_A_DOUBLING = 40
"""Numbers of runs are tried one by one up to so many, and then this near to each other."""

Rate = tuple[int, int]
"""How many of how many runs; at least one."""


def changed_rate(
    base: Rate, new: Rate, finding: Finding, *, varies: bool = False, otherwise: str = "of the runs"
) -> Finding | Candidate | None:
    """A change of a rate, as a finding; None where there is none.

    What was so in every run and is now in none (or the other way round) is a fact and needs no
    test, unless the runs of a side differ in it anyway. All else may be chance and is tested.

    Args:
        finding: what it is if it is more than chance.
        varies: other things differ from run to run, so that even a clear change is tested.
        otherwise: what the counts count, for the evidence.
    """
    one, other = base[0] / base[1], new[0] / new[1]
    if one == other:
        return None
    if {one, other} == {0.0, 1.0} and not varies:
        return finding
    low, high = newcombe(base, new)
    counts = f"{base[0]} of {base[1]} → {new[0]} of {new[1]} {otherwise}"
    interval = f"95 %: {low:+.0%} to {high:+.0%}"
    evidence = "; ".join(part for part in (counts, interval, finding.evidence) if part)
    doubt = replace(
        finding,
        verdict="cannot_tell",
        evidence=evidence,
        more_repeats=repeats_to_tell(base, new),
    )
    p = fisher_p(base, new)
    return Candidate(p, replace(finding, evidence=evidence, p=p), replace(doubt, p=p))


def repeats_to_tell(base: Rate, new: Rate) -> int:
    """So many more runs of each side that these rates, if they stayed, would be told apart.

    `MOST_RUNS` means so many or more.
    """
    one, other = base[0] / base[1], new[0] / new[1]
    now = max(base[1], new[1])
    runs = now + 1
    while runs < now + MOST_RUNS:
        if fisher_p((round(one * runs), runs), (round(other * runs), runs)) <= ALPHA:
            return runs - now
        runs += max(1, runs // STEPS_A_DOUBLING)
    return MOST_RUNS
