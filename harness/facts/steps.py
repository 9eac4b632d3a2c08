"""Facts of steps: what a scenario or a test did in a call, and what that was worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NotRequired

from typing_extensions import TypedDict

from harness.facts.fact import HarnessFact


class EarEvidence(TypedDict):
    """What one recogniser heard."""

    ear: str
    """Engine, model and version."""

    text: str
    """All it heard; "" for no word."""

    least_sure: NotRequired[float]
    """The probability of its least certain word."""

    problem: NotRequired[str]
    """Why it could not listen."""


class Evidence(TypedDict):
    """What an expectation was judged by, with the place in the audio."""

    text: str
    """In words."""

    start_s: NotRequired[float]
    """Where it begins, seconds on the timeline."""

    end_s: NotRequired[float]
    """Where it ends."""

    ears: NotRequired[list[EarEvidence]]
    """What each recogniser that was asked heard, the most trusted first."""


@dataclass(frozen=True, slots=True)
class StepStarted(HarnessFact):
    """A step of the scenario begins."""

    type: ClassVar[Literal["step.started"]] = "step.started"

    index: int
    """Its number in the scenario, from 1."""

    kind: str
    """Which step: say, expect, wait or another."""

    text: str
    """What it says or waits for, in words."""


@dataclass(frozen=True, slots=True)
class StepEnded(HarnessFact):
    """A step of the scenario is over."""

    type: ClassVar[Literal["step.ended"]] = "step.ended"

    index: int
    """Its number in the scenario, from 1."""

    kind: str
    """Which step: say, expect, wait or another."""

    outcome: Literal["done", "stopped"]
    """done, or stopped: the conversation ends here."""


@dataclass(frozen=True, slots=True)
class ExpectationJudged(HarnessFact):
    """One expectation, and its verdict."""

    type: ClassVar[Literal["expectation"]] = "expectation"

    step: int | None
    """The step that states it, from 1; null for a test."""

    kind: str
    """What it is about: words, latency, …; "test" for a whole test."""

    text: str
    """The expectation, as a sentence."""

    verdict: str
    """passed, failed, cannot_tell or skipped."""

    evidence: str | Evidence
    """What was found."""

    soft: bool = False
    """Whether it is noted alone: nothing fails by it."""


@dataclass(frozen=True, slots=True)
class Note(HarnessFact):
    """A remark for whoever reads the report."""

    type: ClassVar[Literal["note"]] = "note"

    text: str
    """The remark."""


@dataclass(frozen=True, slots=True)
class BudgetValues(HarnessFact):
    """What this run has for a budget that bounds a number over the turns of all runs."""

    type: ClassVar[Literal["budget.values"]] = "budget.values"

    number: str
    """Which number of a turn: voice_to_voice_s or barge_in_reaction_s."""

    values: list[float | None]
    """One of each turn, seconds; null where it was to be and did not happen."""

    uncertainties: list[float | None]
    """Of each, either way, in 95 of 100 cases; null: not known."""


@dataclass(frozen=True, slots=True)
class PageActed(HarnessFact):
    """The user did something on the page, or looked at it; told when it was done."""

    type: ClassVar[Literal["page.acted"]] = "page.acted"

    kind: str
    """As a scenario calls it: click, fill, hold and so on."""

    what: str
    """On which element, in words; or which key, address, file or script."""

    took_s: float
    """From its beginning, seconds of the wall clock."""

    value: str | list[str] | None = None
    """What was typed or chosen; of a password field it is masked."""

    result: Any = None
    """What a script gave, as far as that is JSON; longer ones are cut."""

    problem: str = ""
    """Why it did not work, in words; "" where it did."""


StepFact = StepStarted | StepEnded | ExpectationJudged | BudgetValues | Note | PageActed
