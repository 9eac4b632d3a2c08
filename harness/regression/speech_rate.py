"""Speech rate of the same words on two sides: faster or slower, in one turn or in all of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from harness.regression.facts import TurnFacts
from harness.regression.findings import Candidate, Finding
from harness.regression.loudness import other_words
from harness.regression.pairing import PairedTurn
from harness.regression.statistics import Sides, bootstrap, shift_of, signed_rank_p
from harness.speech.words import normal_form

FEWEST_WORDS = 4
"""Shorter answers are all edges."""

HEARD_SHARE = 0.25
"""One turn that is so much faster or slower is told."""

SMALLEST_SHARE = 0.05
"""A smaller change of all turns is none: nobody hears it."""

FEW_TURNS = 6
"""At least, for a test over all turns."""


@dataclass(frozen=True)
class _Rates:
    """One turn: how long the same words took on either side, seconds, over the runs."""

    scenario: str
    turn: int
    base: tuple[float, ...]
    new: tuple[float, ...]
    words: int

    @property
    def sides(self) -> Sides:
        """As logarithms of words a second: a change is a difference."""
        base, new = (np.log(self.words / np.asarray(side)) for side in (self.base, self.new))
        return base, new

    @property
    def share(self) -> float:
        """How much faster, as a share; negative where slower."""
        return fmean(self.base) / fmean(self.new) - 1

    @property
    def is_clear(self) -> bool:
        """Whether every run of one side is faster than every one of the other, and by much."""
        faster = min(self.base) / max(self.new)
        slower = min(self.new) / max(self.base)
        return max(faster, slower) >= 1 + HEARD_SHARE


def rate_findings(
    scenarios: Sequence[tuple[str, list[PairedTurn]]],
) -> Iterator[Finding | Candidate]:
    """All turns together, and single ones that changed by much more than the others."""
    rates = [
        found
        for name, turns in scenarios
        for turn in turns
        if (found := _rates(name, turn)) is not None
    ]
    usual = 0.0
    if len(rates) >= FEW_TURNS:
        usual = math.expm1(shift_of([one.sides for one in rates]))
        if abs(usual) >= SMALLEST_SHARE:
            yield _over_all(rates, usual, scenarios)
    for one in rates:
        is_as_all = abs(usual) >= SMALLEST_SHARE and abs(one.share - usual) < HEARD_SHARE
        if one.is_clear and not is_as_all:
            base, new = fmean(one.base), fmean(one.new)
            evidence = f"{base:.1f} s → {new:.1f} s for the same {one.words} words"
            yield Finding(
                "changed", "speech rate", _in_words(one.share), evidence, one.scenario, one.turn
            )


def _over_all(
    rates: Sequence[_Rates], share: float, scenarios: Sequence[tuple[str, list[PairedTurn]]]
) -> Candidate:
    sides = [one.sides for one in rates]
    low, high = (math.expm1(end) for end in bootstrap(sides, [0.0] * len(sides)))
    p = signed_rank_p([float(new.mean() - base.mean()) for base, new in sides])
    where = scenarios[0][0] if len(scenarios) == 1 else None
    evidence = f"95 %: {low:+.0%} to {high:+.0%}; {len(rates)} answers of the same words"
    return Candidate(
        p, Finding("changed", "speech rate", _in_words(share), evidence, where, p=p), None
    )


def _in_words(share: float) -> str:
    return f"speaks {abs(share):.0%} {'faster' if share > 0 else 'slower'}"


def _rates(scenario: str, turn: PairedTurn) -> _Rates | None:
    base, new = _lengths(turn.base), _lengths(turn.new)
    if not base or not new or other_words(turn):
        return None
    words = len(normal_form(turn.base[0].answer or turn.base[0].heard or "").split())
    if words < FEWEST_WORDS:
        return None
    return _Rates(scenario, turn.index, base, new, words)


def _lengths(turns: Sequence[TurnFacts]) -> tuple[float, ...]:
    return tuple(one.speech_s for one in turns if one.speech_s and one.status != "incomplete")
