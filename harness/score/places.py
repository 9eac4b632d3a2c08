"""Places among heard words where another word may have been said instead."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from harness.speech.words import normalise

MOST_PLACES = 3
"""Weighing a place costs some 0.05 s; one that sounds less alike than three others is not it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A range of heard words: ``first`` up to and without ``last``."""

    first: int
    last: int


def places_for(wanted: str, tokens: Sequence[str], claimed: str) -> list[Place]:
    """The places where the wanted words would fit best, by sound and by the claimed transcript."""
    found = [_likest(wanted, tokens)] if tokens else [[]]
    by_claim = _place_of_claim(wanted, tokens, claimed)
    places = [*([by_claim] if by_claim else []), *found[0]]
    return list(dict.fromkeys(places))[: MOST_PLACES + 1]


def _likest(wanted: str, tokens: Sequence[str]) -> list[Place]:
    plain = [_letters(token) for token in tokens]
    target = _letters(wanted)
    count = len(wanted.split())
    lengths = range(1, min(len(tokens), count + 1) + 1)
    ranges = [
        Place(first, first + length)
        for length in lengths
        for first in range(len(tokens) - length + 1)
    ]
    matcher = difflib.SequenceMatcher(b=target, autojunk=False)

    def likeness(place: Place) -> float:
        matcher.set_seq1("".join(plain[place.first : place.last]))
        return matcher.ratio()

    return sorted(ranges, key=likeness, reverse=True)[:MOST_PLACES]


def _place_of_claim(wanted: str, tokens: Sequence[str], claimed: str) -> Place | None:
    """Which heard words stand where the transcript has the wanted ones."""
    there = [_letters(word) for word in claimed.split()]
    target = [_letters(word) for word in wanted.split()]
    firsts = [n for n in range(len(there)) if there[n : n + len(target)] == target]
    if not firsts or not target:
        return None
    first, last = firsts[0], firsts[0] + len(target)
    heard = [_letters(token) for token in tokens]
    blocks = difflib.SequenceMatcher(a=there, b=heard, autojunk=False).get_matching_blocks()
    before = [b.b + b.size for b in blocks if b.size and b.a + b.size <= first]
    behind = [b.b for b in blocks if b.size and b.a >= last]
    low = before[-1] if before else 0
    high = behind[0] if behind else len(tokens)
    return Place(low, high) if low <= high <= low + len(target) + 2 else None


def _letters(text: str) -> str:
    return "".join(normalise(text).split())
