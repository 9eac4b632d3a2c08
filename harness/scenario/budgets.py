"""Budgets of a scenario: bounds on a number over all of its turns, judged at its end.

The judging takes any list of values, so that those of several runs can be judged as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, model_validator

from harness.plain_data import Data
from harness.score.bounds import Judged, judge_count, judge_every, judge_quantile
from harness.score.judgement import Judgement
from harness.score.summary import Measured

Number = Literal["voice_to_voice_s", "barge_in_reaction_s"]
Count = Annotated[int, Field(ge=1, le=100_000)]

NAMES: dict[Number, str] = {
    "voice_to_voice_s": "voice-to-voice latency",
    "barge_in_reaction_s": "barge-in reaction",
}
_SHARES = {"median": 0.5, "p95": 0.95}


class Budget(Data):
    """A bound on one number over all turns of the scenario."""

    number: Number = Field(description="what is bounded: a number of each turn")
    at_most_s: Annotated[float, Field(gt=0, le=3600)] = Field(description="the bound")
    of: Literal["every", "median", "p95"] | None = Field(
        default=None, description="which value of all turns is bounded; every, if not given"
    )
    at_least: Count | None = Field(
        default=None, description="in place of `of`: so many turns are within the bound"
    )
    over: Count | None = Field(
        default=None, description="of so many turns; of fewer it cannot be told"
    )
    across: Literal["runs"] | None = Field(
        default=None,
        description="`runs`: over the turns of all runs of the scenario, as by `--repeat`, and "
        "judged when they are over; over those of this run alone, if not given",
    )

    @model_validator(mode="after")
    def _can_be(self) -> Budget:
        if self.at_least is not None:
            if self.of is not None:
                raise ValueError("needs either `of` or `at_least`: each says what is bounded")
            if self.over is None:
                raise ValueError("`at_least: 27` needs `over: 30`, of how many")
            if self.at_least > self.over:
                raise ValueError(f"{self.at_least} of {self.over} can never be")
        if self.of == "p95" and self.over is not None and self.over < 20:
            raise ValueError("a p95 takes at least 20 turns; give `over: 20` or more")
        return self

    @property
    def in_words(self) -> str:
        """As a sentence."""
        name, runs = NAMES[self.number], " of all runs" if self.across else ""
        over = f" over {self.over} turns{runs}" if self.over else runs and f" over the turns{runs}"
        if self.at_least is not None:
            turns = f"at least {self.at_least} of {self.over} turns{runs}"
            return f"{turns} have a {name} of at most {self.at_most_s:g} s"
        return f"{self.of or 'every'} {name} is at most {self.at_most_s:g} s{over}"


@dataclass
class TurnNumbers:
    """The numbers of turns so far; None where one was to be and did not happen."""

    values: dict[Number, list[Measured | None]] = field(default_factory=dict)

    def add(self, number: Number, value: float | None, uncertainty: float | None = None) -> None:
        """One more turn. A latency below 0, an answer that cut the user off, is none."""
        measured = None if value is None or value < 0 else Measured(value, uncertainty)
        self.add_measured(number, measured)

    def add_measured(self, number: Number, measured: Measured | None) -> None:
        """One more turn, measured already."""
        self.values.setdefault(number, []).append(measured)

    def of(self, number: Number) -> list[Measured | None]:
        """All of one number, in order of time."""
        return self.values.get(number, [])


def judge_budget(budget: Budget, values: Sequence[Measured | None]) -> Judgement:
    """A budget against the values of turns, of one run or of several."""
    outcome, evidence = _judged(budget, values)
    return Judgement(
        "budget", budget.in_words, outcome == "held", evidence, in_doubt=outcome == "cannot_tell"
    )


def _judged(budget: Budget, values: Sequence[Measured | None]) -> Judged:
    if budget.over is not None and len(values) < budget.over:
        return (
            "cannot_tell",
            f"there were {len(values)} such turns, and {budget.over} are asked for",
        )
    if budget.at_least is not None and budget.over is not None:
        needed = budget.at_least + len(values) - budget.over  # more turns may not excuse more
        return judge_count(values, budget.at_most_s, needed)
    measured = [value for value in values if value is not None]
    missing = len(values) - len(measured)
    none = f"{missing} of {len(values)} turns had no such number, or cut the user off"
    if budget.of in _SHARES:
        judged = judge_quantile(measured, _SHARES[budget.of], budget.at_most_s, budget.of)
        return (judged[0], f"{judged[1]}; {none}") if missing else judged
    return ("failed", none) if missing else judge_every(measured, budget.at_most_s)
