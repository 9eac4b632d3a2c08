"""Results of comparing words: where a phrase is, and how two texts lie side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Alike = Literal["same", "homophone", "near"]
"""How a wanted word and a heard one agree, the surest first: the same word in any spelling;
another word that nobody can tell from it by ear; a name that sounds nearly like it."""

Relation = Literal["same", "homophone", "near", "different", "missing"]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a phrase was found among the words of one recogniser."""

    first: int
    """Index of the first token that belongs to it."""

    last: int
    """Index of the last one, inclusive."""

    how: Alike
    """The weakest agreement among its words. "near" is a hint, not a proof: another ear decides."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A stretch of one text and the stretch of the other that lies beside it.

    Indices are of tokens, `[first, end)`; an empty stretch (first == end) where the other side
    alone has words, which is the relation "missing".
    """

    a_first: int
    a_end: int
    b_first: int
    b_end: int
    relation: Relation
