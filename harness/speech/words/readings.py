"""The readings of a text: every way in which its pieces can be taken together.

A reading is an edge from one piece to a later one that carries a meaning: a word, a number, an
amount, a time of day, a date, a row of digits. Two texts say the same where a path of edges of one
and a path of the other carry the same meanings in order. Each rule is one function that adds
edges; where several meanings are possible ("seven thirty" is 7:30, 730 and 7.30), all are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.speech.words import spellings
from harness.speech.words.closed import AUXILIARIES
from harness.speech.words.meanings import Edge, Meaning
from harness.speech.words.numbers import Number, numbers_in
from harness.speech.words.pieces import Piece, pieces_of
from harness.speech.words.quantities import (
    amounts,
    loose,
    number_edge,
    pairs,
    rows,
    with_signs_and_decimals,
)
from harness.speech.words.times import clocks, dates, full_hours, half_days


@dataclass(frozen=True, slots=True)
class Readings:
    """A text's pieces, and the edges that begin at each of them."""

    pieces: list[Piece]
    edges: list[list[Edge]]


def readings_of(tokens: Sequence[str]) -> Readings:
    """Every reading of a text given as tokens."""
    pieces = pieces_of(tokens)
    edges: list[list[Edge]] = [[] for _ in pieces]
    for edge in _all_edges(pieces):
        edges[edge.start].append(edge)
    return Readings(pieces, edges)


def _all_edges(pieces: Sequence[Piece]) -> Iterator[Edge]:
    numbers = numbers_in(pieces)
    plain, hidden = with_signs_and_decimals(pieces, numbers)
    yield from _words(pieces, numbers)
    yield from _letters(pieces)
    yield from (number_edge(number) for number in plain)
    yield from loose(pieces, numbers)
    yield from rows(pieces, numbers)
    times = [*pairs(pieces, numbers), *clocks(pieces, numbers)]
    yield from (edge for edge in times if edge.start not in hidden)
    yield from half_days(pieces, [*times, *full_hours(numbers)])
    yield from amounts(pieces, plain)
    yield from dates(pieces, numbers)


def _words(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """Every piece that is no part of a number."""
    in_number = {at for number in numbers for at in range(number.start, number.end)}
    for at, piece in enumerate(pieces):
        is_second = piece.text == "second"
        if at in in_number and not is_second and piece.text not in ("o", "oh"):
            continue
        text = piece.text
        if text in AUXILIARIES and at + 1 < len(pieces) and pieces[at + 1].text == "not":
            text += " not"
        for word in (text, *piece.others):
            yield Edge(at, at + 1, Meaning("word", word))


def _letters(pieces: Sequence[Piece]) -> Iterator[Edge]:
    """Letters one by one: "S-M-I-T-H", "p.m.", "T V"."""
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and len(pieces[end].text) == 1 and pieces[end].text.isalpha():
            end += 1
        if end - at > 1:
            joined = "".join(piece.text for piece in pieces[at:end])
            yield Edge(at, end, Meaning("word", spellings.spelled(joined)))
        at = max(end, at + 1)
