"""Findings of a comparison: a verdict, where, and the evidence for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Verdict = Literal["worse", "cannot_tell", "changed", "better", "same"]
"""Of one finding. "changed": other than before, and nobody can say whether that is worse."""

ORDER: tuple[Verdict, ...] = ("worse", "cannot_tell", "changed", "better", "same")

KINDS = (
    "scenario gone",
    "pass rate",
    "answer gone",
    "answer doubled",
    "answer cut",
    "words",
    "tools",
    "events",
    "interruption",
    "latency",
    "voice",
    "loudness",
    "quality",
    "speech rate",
    "heard",
    "understood",
    "scenario new",
)
"""The most telling first."""


@dataclass(frozen=True)
class Finding:
    """One thing that was compared."""

    verdict: Verdict
    kind: str
    """One of `KINDS`."""

    text: str
    """What, in words; the verdict and the place are not repeated in it."""

    evidence: str = ""
    scenario: str | None = None
    """None: over all scenarios."""

    turn: int | None = None
    """From 1, as the base counts them; None: of the scenario as a whole."""

    measure: str | None = None
    """For latencies: one of `harness.regression.facts.MEASURES`."""

    change_ms: float | None = None
    low_ms: float | None = None
    high_ms: float | None = None
    p: float | None = None
    """Before the correction for several comparisons."""

    more_repeats: int | None = None
    """Where it cannot tell: so many more runs of each scenario on both sides would be likely to."""

    @property
    def place(self) -> str:
        """Where, for people."""
        if self.scenario is None:
            return "all scenarios"
        return f"{self.scenario}, turn {self.turn}" if self.turn else self.scenario

    def as_data(self) -> dict[str, Any]:
        """For JSON; what is not known is left out."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "")}


@dataclass(frozen=True)
class Candidate:
    """A finding that may be chance: which one it is, all tests together decide."""

    p: float
    if_sure: Finding
    if_not: Finding | None = None


def in_order(findings: list[Finding]) -> list[Finding]:
    """The worst first; then by kind, as `KINDS` has them."""
    return sorted(
        findings,
        key=lambda one: (
            ORDER.index(one.verdict),
            KINDS.index(one.kind),
            one.scenario or "",
            one.turn or 0,
        ),
    )
