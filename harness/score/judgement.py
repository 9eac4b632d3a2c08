"""One expectation and its verdict, with the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.facts.steps import EarEvidence, Evidence
from harness.score.hearing import EarReport

Outcome = Literal["held", "failed", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One expectation and its verdict."""

    kind: str
    text: str
    """The expectation, as a sentence."""

    passed: bool
    evidence: str
    """What was found, in words."""

    in_doubt: bool = False
    """Not passed because what was recorded does not decide it, not because it decides against."""

    ears: tuple[EarReport, ...] = ()
    """What each ear that was asked heard, the most trusted first."""

    start_s: float | None = None
    """Where in the audio the evidence is, on the call's timeline."""

    end_s: float | None = None

    @property
    def outcome(self) -> Outcome:
        """Held, failed, or cannot tell."""
        if self.passed:
            return "held"
        return "cannot_tell" if self.in_doubt else "failed"

    @property
    def verdict(self) -> str:
        """The outcome as traces and reports write it."""
        return "passed" if self.passed else self.outcome

    def facts(self) -> str | Evidence:
        """The evidence for the trace: a sentence, or with it the place and what each ear heard."""
        if not self.ears and self.start_s is None:
            return self.evidence
        facts: Evidence = {"text": self.evidence}
        if self.start_s is not None and self.end_s is not None:
            facts["start_s"], facts["end_s"] = round(self.start_s, 3), round(self.end_s, 3)
        if self.ears:
            facts["ears"] = [_ear_facts(ear) for ear in self.ears]
        return facts


def _ear_facts(report: EarReport) -> EarEvidence:
    facts: EarEvidence = {"ear": report.ear, "text": report.text}
    if report.words:
        facts["least_sure"] = round(min(word.probability for word in report.words), 3)
    if report.problem:
        facts["problem"] = report.problem
    return facts
