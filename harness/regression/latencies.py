"""Latencies of two sides, paired by turn: slower, faster, the same, or nobody can tell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from harness.regression.facts import MEASURES, TurnFacts
from harness.regression.findings import Candidate, Finding, Verdict
from harness.regression.pairing import PairedTurn
from harness.regression.statistics import (
    Sides,
    bootstrap,
    rank_sum_p,
    shift_of,
    signed_rank_p,
)

SMALLEST_MS = 20.0
"""A smaller change is none, however sure it is: nobody hears it."""

MARGIN_MS = 50.0
"""Where the whole interval lies within, either way, the two sides are the same."""

WORTH_TELLING_MS = 100.0
"""A doubt about one scenario, or about one or two numbers, is told from here on."""

MOST_UNCERTAIN_MS = 250.0
"""A number that may be wrong by more says nothing, and is not compared."""

MOST_REPEATS = 1000
FEW_TURNS = 4
"""Of a scenario, at least, for a test of its own."""

FEWEST_PAIRS = 3
"""Of a number on both sides: fewer have no interval, and are never called the same."""

ENOUGH_RUNS = 4
"""Of a turn, both sides together: from here on its runs are ranked (Mann-Whitney)."""


@dataclass(frozen=True)
class _Numbers:
    """One latency of one turn, ms, over the runs of each side."""

    scenario: str
    turn: int
    sides: Sides
    uncertain_ms: float
    """Of the difference of the two means."""

    @property
    def change_ms(self) -> float:
        return float(self.sides[1].mean() - self.sides[0].mean())

    @property
    def runs(self) -> int:
        return len(self.sides[0]) + len(self.sides[1])


def latency_findings(scenarios: Sequence[tuple[str, list[PairedTurn]]]) -> Iterator[Candidate]:
    """Every latency: over all turns, over those of each scenario, and of single turns."""
    for measure in MEASURES:
        numbers = [
            found
            for name, turns in scenarios
            for turn in turns
            if (found := _numbers(name, turn, measure)) is not None
        ]
        if not numbers:
            continue
        names = list(dict.fromkeys(one.scenario for one in numbers))
        yield from _tested(measure, numbers, names[0] if len(names) == 1 else None)
        for name in names:
            own = [one for one in numbers if one.scenario == name]
            others = [one for one in numbers if one.scenario != name]
            if others and (len(own) >= FEW_TURNS or _is_repeated(own)):
                yield from _tested(measure, own, name, others=others)
            for one in own:
                if len(own) > 1 and min(map(len, one.sides)) >= ENOUGH_RUNS:
                    yield from _tested(measure, [one], name, one.turn)


def _numbers(name: str, turn: PairedTurn, measure: str) -> _Numbers | None:
    base, new = _sure(turn.base, measure), _sure(turn.new, measure)
    if not base or not new:
        return None
    sides = tuple(np.asarray([t.times_ms[measure] for t in side]) for side in (base, new))
    parts = [
        sum(t.uncertain_ms.get(measure, 0.0) ** 2 for t in side) / len(side) ** 2
        for side in (base, new)
    ]
    return _Numbers(name, turn.index, (sides[0], sides[1]), math.sqrt(sum(parts)))


def _sure(turns: Sequence[TurnFacts], measure: str) -> list[TurnFacts]:
    return [
        turn
        for turn in turns
        if measure in turn.times_ms and turn.uncertain_ms.get(measure, 0.0) <= MOST_UNCERTAIN_MS
    ]


def _is_repeated(numbers: Sequence[_Numbers]) -> bool:
    return float(np.median([one.runs for one in numbers])) >= ENOUGH_RUNS


def _p_of(numbers: Sequence[_Numbers], others: Sequence[_Numbers]) -> float:
    """How likely chance alone does that.

    One scenario's turns are too few to be sure of among many scenarios; whether they changed
    otherwise than the turns of all the others is seen with fewer.
    """
    if _is_repeated(numbers):
        return rank_sum_p([one.sides for one in numbers])
    changes = np.asarray([one.change_ms for one in numbers])
    if len(others) >= FEW_TURNS:
        return rank_sum_p([(np.asarray([one.change_ms for one in others]), changes)])
    return signed_rank_p(list(changes))


def _tested(
    measure: str,
    numbers: Sequence[_Numbers],
    scenario: str | None,
    turn: int | None = None,
    others: Sequence[_Numbers] = (),
) -> list[Candidate]:
    sides = [one.sides for one in numbers]
    p = _p_of(numbers, others)
    change = shift_of(sides)
    is_little = sum(min(map(len, side)) for side in sides) < FEWEST_PAIRS
    low, high = bootstrap(sides, [one.uncertain_ms for one in numbers])
    is_apart = low > 0 or high < 0
    is_large = abs(change) >= SMALLEST_MS
    same = not is_little and low >= -MARGIN_MS and high <= MARGIN_MS

    def finding(verdict: Verdict, more_repeats: int | None = None) -> Finding:
        words = "slower" if change > 0 else "faster"
        name = MEASURES[measure]
        text = f"{name} is {abs(change):.0f} ms {words}"
        if verdict == "same":
            text = f"{name} is the same"
        elif verdict == "cannot_tell":
            text = f"{name} may be {abs(change):.0f} ms {words}"
        return Finding(
            verdict,
            "latency",
            text,
            _evidence(numbers, None if is_little else (low, high), change),
            scenario,
            turn,
            measure,
            round(change, 1),
            None if is_little else round(low, 1),
            None if is_little else round(high, 1),
            p,
            more_repeats,
        )

    if is_little and abs(change) < WORTH_TELLING_MS:
        return []  # no test can hold with so few, and nobody misses it
    doubt = finding("same") if same else finding("cannot_tell", _more_repeats(numbers, low, high))
    sure = finding("worse" if change > 0 else "better")
    return [Candidate(p, sure if is_apart and is_large else doubt, doubt)]


def _more_repeats(numbers: Sequence[_Numbers], low: float, high: float) -> int:
    """So many more runs of each scenario, on either side, that the interval would decide it.

    The width goes with the root of the number of runs; it is enough where half of it is 50 ms, or
    half of the change, whichever is larger. Never fewer than a test can work with.
    """
    half, change = (high - low) / 2, abs(high + low) / 2
    runs = float(np.median([one.runs for one in numbers])) / 2
    wanted = runs * (half / max(MARGIN_MS, change / 2)) ** 2
    least = math.ceil(8 / len(numbers))
    return max(1, min(MOST_REPEATS, math.ceil(max(wanted, least, runs + 1) - runs)))


def _evidence(
    numbers: Sequence[_Numbers], interval: tuple[float, float] | None, change_ms: float
) -> str:
    turns = f"{len(numbers)} turn{'s' * (len(numbers) > 1)}"
    base = np.median(np.concatenate([one.sides[0] for one in numbers]))
    new = np.median(np.concatenate([one.sides[1] for one in numbers]))
    text = f"{turns}, median {base:.0f} → {new:.0f} ms"
    if interval is not None:
        text = f"95 %: {interval[0]:+.0f} to {interval[1]:+.0f} ms; {text}"
    if len(numbers) == 1:
        return text
    sign = -1 if change_ms < 0 else 1
    most = sorted(numbers, key=lambda one: -sign * one.change_ms)[:2]
    where = ", ".join(f"{one.scenario} turn {one.turn} {one.change_ms:+.0f}" for one in most)
    return f"{text}; most: {where}"
