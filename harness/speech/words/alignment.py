"""Two texts side by side: which words of one belong to which of the other, and how alike they are.

For comparing what two ears heard, or an ear with a transcript.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from harness.speech.words.finding import homophone, near, same
from harness.speech.words.matches import Pair, Relation
from harness.speech.words.readings import Readings, readings_of

LONGEST = 600
"""Most pieces of a side that are aligned at once; what is longer is aligned in such parts."""

COSTS: dict[Relation, float] = {
    "same": 0.0,
    "homophone": 0.1,
    "near": 0.4,
    "different": 1.0,
    "missing": 0.75,
}
"""Of a piece. A word for another one is cheaper than one left out and one put in."""


@dataclass(frozen=True, slots=True)
class Step:
    """Pieces `[a, a_end)` beside `[b, b_end)`."""

    a: int
    a_end: int
    b: int
    b_end: int
    relation: Relation


def align(a: Sequence[str], b: Sequence[str]) -> list[Pair]:
    """Lay two texts, given as tokens, side by side.

    Returns:
        Every token with a word in it, in order; what agrees in another spelling ("$90" and
        "ninety dollars") is one pair of two stretches.
    """
    one, other = readings_of(a), readings_of(b)
    pairs: list[Pair] = []
    for step in steps_of(one, other):
        first, last = _tokens(one, step.a, step.a_end)
        other_first, other_last = _tokens(other, step.b, step.b_end)
        pair = Pair(first, last, other_first, other_last, step.relation)
        pairs = _joined(pairs, pair)
    return pairs


def steps_of(a: Readings, b: Readings) -> list[Step]:
    """The cheapest alignment of the pieces of two texts."""
    steps: list[Step] = []
    for start in range(0, max(len(a.pieces), len(b.pieces), 1), LONGEST):
        steps += _aligned(a, b, start)
    return steps


def _aligned(a: Readings, b: Readings, start: int) -> list[Step]:
    """The cheapest way from the start of both to the end of both (Dijkstra).

    Texts that are nearly the same, the usual case, are walked along their diagonal alone.
    """
    a_end, b_end = (min(len(side.pieces), start + LONGEST) for side in (a, b))
    at = (min(start, a_end), min(start, b_end))
    costs = {at: 0.0}
    came_by: dict[tuple[int, int], Step] = {}
    waiting = [(0.0, *at)]
    while waiting:
        cost, i, j = heapq.heappop(waiting)
        if (i, j) == (a_end, b_end):
            break
        if cost > costs[i, j]:
            continue
        for step in _steps(a, i, a_end, b, j, b_end):
            ahead, total = (step.a_end, step.b_end), cost + _cost(step)
            if ahead[0] > a_end or ahead[1] > b_end or total >= costs.get(ahead, float("inf")):
                continue
            costs[ahead], came_by[ahead] = total, step
            heapq.heappush(waiting, (total, *ahead))
    steps: list[Step] = []
    at = (a_end, b_end)
    while at in came_by:
        steps.append(came_by[at])
        at = (steps[-1].a, steps[-1].b)
    return steps[::-1]


def _steps(a: Readings, i: int, a_end: int, b: Readings, j: int, b_end: int) -> Iterator[Step]:
    if i < a_end and j < b_end:
        if a.pieces[i].text == b.pieces[j].text and not a.pieces[i].is_number:
            yield Step(i, i + 1, j, j + 1, "same")  # "can" beside the "can" of "can not"
        rules: tuple[tuple[Relation, Callable[..., Iterator[tuple[int, int]]]], ...]
        rules = (("same", same), ("homophone", homophone), ("near", near))
        for relation, rule in rules:
            ends: list[tuple[int, int]] = list(rule(a, i, b, j))
            yield from (Step(i, end, j, other_end, relation) for end, other_end in ends)
            if ends:
                break
        yield Step(i, i + 1, j, j + 1, "different")
    if i < a_end:
        yield Step(i, i + 1, j, j, "missing")
    if j < b_end:
        yield Step(i, i, j, j + 1, "missing")


def _cost(step: Step) -> float:
    return COSTS[step.relation] * max(step.a_end - step.a, step.b_end - step.b)


def _tokens(readings: Readings, start: int, end: int) -> tuple[int, int]:
    """The tokens of some pieces, `[first, end)`; an empty stretch lies before the next piece."""
    pieces = readings.pieces
    if start < end:
        return pieces[start].token, pieces[end - 1].last_token + 1
    at = (
        pieces[start].token if start < len(pieces) else (pieces[-1].last_token + 1 if pieces else 0)
    )
    return at, at


def _joined(pairs: list[Pair], pair: Pair) -> list[Pair]:
    """Pieces of one token are one pair, with the worst of their relations."""
    if not pairs:
        return [pair]
    before = pairs[-1]
    shares_a = pair.a_first < before.a_end
    shares_b = pair.b_first < before.b_end
    if not (shares_a or shares_b):
        return [*pairs, pair]
    worst = max(before.relation, pair.relation, key=lambda relation: COSTS[relation])
    joined = Pair(
        min(before.a_first, pair.a_first),
        max(before.a_end, pair.a_end),
        min(before.b_first, pair.b_first),
        max(before.b_end, pair.b_end),
        "different" if worst == "missing" else worst,
    )
    return [*pairs[:-1], joined]
