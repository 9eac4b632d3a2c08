"""The shape of a suite in ``results.json``: what became of each scenario, over all its runs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

SuiteVerdict = Literal["passed", "failed", "cannot_tell", "error", "flaky", "not_run"]
"""Of a scenario over its runs. "flaky": it passed in some and not in others, or after a retry."""

WORST_FIRST: tuple[SuiteVerdict, ...] = (
    "error",
    "failed",
    "cannot_tell",
    "not_run",
    "flaky",
    "passed",
)

Ratio = Annotated[float, PlainSerializer(lambda value: round(value, 4), return_type=float)]
Seconds = Annotated[float, PlainSerializer(lambda value: round(value, 3), return_type=float)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PassRate(_Model):
    """How often a scenario passed at the first attempt."""

    passed: int
    runs: int
    low: Ratio = Field(description="Wilson's interval: with 95 % confidence it is at least this")
    high: Ratio = Field(description="and at most this")


class SuiteRun(_Model):
    """One run of one scenario."""

    folder: str = Field(description="relative to results.json; it has a report of its own")
    repeat: int = Field(description="from 1")
    attempt: int = Field(description="0, and more where it was tried again")
    verdict: Literal["passed", "failed", "cannot_tell", "error"]
    wall_s: Seconds | None = None
    reason: str | None = Field(default=None, description="what failed first, in words")


class SuiteBudget(_Model):
    """A budget over the turns of all runs, and what it is worth."""

    text: str = Field(description="the budget, as a sentence")
    verdict: Literal["passed", "failed", "cannot_tell"]
    evidence: str = Field(description="what was found, in words")


class SuiteScenario(_Model):
    """One scenario in one engine."""

    name: str
    base: str = Field(description="the name in the file: without that of its row")
    row: str = Field(default="", description="of its table; empty without one")
    file: str
    line: int = 1
    tags: list[str] = Field(default_factory=list)
    description: str = ""
    engine: str
    verdict: SuiteVerdict
    runs: list[SuiteRun] = Field(default_factory=list)
    pass_rate: PassRate | None = Field(default=None, description="where it was repeated")
    budgets: list[SuiteBudget] = Field(
        default_factory=list, description="those across runs (`across: runs`)"
    )
    earlier: bool = Field(
        default=False,
        description="of an earlier run into this folder, which --last-failed did not take again",
    )

    @property
    def reason(self) -> str | None:
        """What failed first, in words: a budget over all runs, or in one of them."""
        for budget in self.budgets:
            if budget.verdict != "passed":
                doubt = "cannot tell whether " if budget.verdict == "cannot_tell" else ""
                return f"{doubt}{budget.text} – {budget.evidence}"
        return next((run.reason for run in self.runs if run.reason), None)


class SuiteSummary(_Model):
    """All scenarios of a suite."""

    verdict: SuiteVerdict
    counts: dict[SuiteVerdict, int]
    scenarios: list[SuiteScenario]
    wall_s: Seconds | None = None
    shard: str | None = Field(default=None, description="which part of the suite this is: 1/3")

    @property
    def earlier(self) -> int:
        """How many of the scenarios are those of an earlier run."""
        return sum(scenario.earlier for scenario in self.scenarios)


def summed_up(
    scenarios: list[SuiteScenario], *, wall_s: float | None = None, shard: str | None = None
) -> SuiteSummary:
    """Scenarios as a suite; the worst verdict is that of the whole."""
    counts: dict[SuiteVerdict, int] = dict.fromkeys(reversed(WORST_FIRST), 0)
    for scenario in scenarios:
        counts[scenario.verdict] += 1
    worst: SuiteVerdict = next((verdict for verdict in WORST_FIRST if counts[verdict]), "passed")
    return SuiteSummary(
        verdict=worst, counts=counts, scenarios=scenarios, wall_s=wall_s, shard=shard
    )
