"""Order of events within a turn on two sides: what now comes before what it followed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from harness.regression.facts import TurnFacts
from harness.regression.findings import Finding
from harness.regression.pairing import PairedTurn

APART_MS = 150.0
"""Events that are nearer to each other have no order: what tells of them takes its time."""

AT_ANY_TIME = ("user.transcript", "user.transcript_failed")
"""Kinds that a server tells whenever it is ready, before or behind the answer's."""


def order_findings(scenario: str, turns: Sequence[PairedTurn]) -> Iterator[Finding]:
    """Turns in which one kind of event always came before another, and now always behind it."""
    for turn in turns:
        base = [one for one in turn.base if one.events_ms]
        new = [one for one in turn.new if one.events_ms]
        if not base or not new:
            continue
        moved = [
            (first, then)
            for first, then in permutations(_common(base, new), 2)
            if _always(first, then, base) and _always(then, first, new)
        ]
        if moved:
            first, then = max(moved, key=lambda two: _moved_ms(two[0], two[1], base, new))
            text = f"{then} now comes before {first}"
            evidence = " → ".join(
                f"{first} {_gap_ms(first, then, side):+.0f} ms {then}" for side in (base, new)
            )
            yield Finding("changed", "events", text, evidence, scenario, turn.index)


def _common(base: Sequence[TurnFacts], new: Sequence[TurnFacts]) -> list[str]:
    each = [one.events_ms for one in (*base, *new)]
    return [
        kind
        for kind in each[0]
        if kind not in AT_ANY_TIME and all(kind in events for events in each)
    ]


def _always(first: str, then: str, turns: Sequence[TurnFacts]) -> bool:
    return all(one.events_ms[then] - one.events_ms[first] >= APART_MS for one in turns)


def _moved_ms(first: str, then: str, base: Sequence[TurnFacts], new: Sequence[TurnFacts]) -> float:
    return _gap_ms(first, then, base) - _gap_ms(first, then, new)


def _gap_ms(first: str, then: str, turns: Sequence[TurnFacts]) -> float:
    """From one to the other, in the run where they are nearest."""
    gaps = (one.events_ms[then] - one.events_ms[first] for one in turns)
    return min(gaps, key=abs)
