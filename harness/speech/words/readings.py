"""The readings of a text: every way in which its pieces can be taken together.

A reading is an edge from one piece to a later one that carries a meaning: a word, a number, an
amount, a time of day, a date, a row of digits. Two texts say the same where a path of edges of one
and a path of the other carry the same meanings in order. Each rule is one function that adds
edges; where several meanings are possible ("seven thirty" is 7:30, 730 and 7.30), all are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from harness.speech.words import spellings
from harness.speech.words.closed import AUXILIARIES, MONTHS
from harness.speech.words.numbers import SCALES, Number, numbers_in
from harness.speech.words.pieces import Piece, pieces_of

LONGEST_ROW = 16
"""Most numbers that are taken together as one row of digits."""

SHORTEST_ROW = 3
"""Two digits in a row are two numbers, as in "table one, two people"."""

MINOR = {"dollars": "cents", "euros": "cents", "pounds": "pence"}
OPERATORS = {"minus", "negative"}
HALF_DAYS = {
    ("am",): "am",
    ("pm",): "pm",
    ("a", "m"): "am",
    ("p", "m"): "pm",
    ("in", "the", "morning"): "am",
    ("in", "the", "afternoon"): "pm",
    ("in", "the", "evening"): "pm",
    ("at", "night"): "pm",
}
PARTS_OF_HOUR = {"quarter": 15, "half": 30, "five": 5, "ten": 10, "twenty": 20} | {
    str(minutes): minutes for minutes in (5, 10, 15, 20, 25)
}
NAMED_TIMES = {"noon": ("12:00", "pm"), "midday": ("12:00", "pm"), "midnight": ("12:00", "am")}


class Meaning(NamedTuple):
    """What an edge says."""

    kind: str
    """word, number, ordinal, digits, amount, clock or date."""

    value: str

    unit: str | None = None
    """Of an amount its currency, of a clock am or pm; None where it was not said."""

    def holds(self, wanted: Meaning) -> bool:
        """Whether this was heard where `wanted` is wanted.

        An amount may leave its currency out ("forty-two fifty"); am and pm must be heard where
        they are wanted.
        """
        if (self.kind, self.value) != (wanted.kind, wanted.value):
            return False
        if wanted.unit is None or self.unit == wanted.unit:
            return True
        return self.kind == "amount" and self.unit is None


class Edge(NamedTuple):
    start: int
    end: int
    meaning: Meaning


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
    plain, hidden = _with_signs_and_decimals(pieces, numbers)
    yield from _words(pieces, numbers)
    yield from _letters(pieces)
    yield from (_number_edge(number) for number in plain)
    yield from _loose(pieces, numbers)
    yield from _rows(pieces, numbers)
    clocks = [*_pairs(pieces, numbers), *_clocks(pieces, numbers)]
    yield from (edge for edge in clocks if edge.start not in hidden)
    yield from _half_days(pieces, [*clocks, *_full_hours(numbers)])
    yield from _amounts(pieces, plain)
    yield from _dates(pieces, numbers)


def text_of(value: Decimal) -> str:
    """A number as its shortest text."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Words


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


# Numbers


def _number_edge(number: Number) -> Edge:
    kind = "ordinal" if number.is_ordinal else "number"
    return Edge(number.start, number.end, Meaning(kind, text_of(number.value)))


def _with_signs_and_decimals(
    pieces: Sequence[Piece], numbers: Sequence[Number]
) -> tuple[list[Number], set[int]]:
    """The numbers, with their signs, decimals and halves; and the pieces where none begins.

    A sign changes the value, so "23" is not found in "minus 23".
    """
    found: list[Number] = []
    hidden: set[int] = set()
    index = 0
    while index < len(numbers):
        number = numbers[index]
        index += 1
        whole = number
        while number.value == whole.value and index < len(numbers):
            longer = _decimal(pieces, number, numbers[index:])
            if longer is None:
                break
            number, used = longer
            index += used
        if (
            number is whole
            and not number.is_ordinal
            and _is(pieces, number.end, "and", "a", "half")
        ):
            number = Number(whole.start, whole.end + 3, whole.value + Decimal("0.5"), None)
        before = number.start - 1
        is_signed = before >= 0 and pieces[before].text in OPERATORS and not number.is_ordinal
        if is_signed and not (found and found[-1].end == before):
            hidden.add(number.start)
            number = Number(before, number.end, -number.value, None)
        found.append(number)
    return found, hidden


def _decimal(
    pieces: Sequence[Piece], number: Number, after: Sequence[Number]
) -> tuple[Number, int] | None:
    """ "Three point one four", and how many of the numbers after it belong to it."""
    if not _is(pieces, number.end, "point") or number.is_ordinal or not after:
        return None
    digits, end, used, scale = "", number.end + 1, 0, 1
    for following in after:
        if following.start != end or scale > 1:
            break
        if following.digits is None:
            digit, scale = _scaled(pieces, following)
            if scale == 1:
                break
            digits, end, used = digits + digit, following.end, used + 1
            continue
        digits, end, used = digits + following.digits, following.end, used + 1
        if pieces[end - 1].ends_clause:
            break
    if not digits:
        return None
    value = scale * Decimal(f"{text_of(number.value)}.{digits}")
    return Number(number.start, end, value, None), used


def _scaled(pieces: Sequence[Piece], number: Number) -> tuple[str, int]:
    """ "Five million" behind a point: its digit, and what all of the number is multiplied by."""
    scale = SCALES.get(pieces[number.end - 1].text, 1)
    digit = number.value / scale
    is_one_digit = number.end - number.start == 2 and scale > 100 and digit < 10
    return (text_of(digit), scale) if is_one_digit else ("", 1)


def _loose(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """ "A hundred" is one hundred; a long number may be said digit by digit."""
    for number in numbers:
        first = pieces[number.start]
        if first.text in ("hundred", "thousand", "million") and _is(pieces, number.start - 1, "a"):
            yield Edge(number.start - 1, number.end, Meaning("number", text_of(number.value)))
        if first.group >= 0 and first.is_plain and number.digits:
            for at in range(number.start, number.end):
                yield Edge(at, at + 1, Meaning("number", pieces[at].text))


def _rows(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """Digits, in any groups: "555-0199", "five five five, oh one nine nine"."""
    for first, number in enumerate(numbers):
        digits, end = "", number.start
        for following in numbers[first : first + LONGEST_ROW]:
            if following.digits is None or following.start != end:
                break
            digits, end = digits + following.digits, following.end
            if len(digits) >= SHORTEST_ROW:
                yield Edge(number.start, end, Meaning("digits", digits))
            if _is(pieces, end, "dash"):
                end += 1


def _pairs(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """Two numbers said as one: "seven thirty", "nineteen ninety-five", "two oh four"."""
    for index, number in enumerate(numbers[:-1]):
        second = numbers[index + 1]
        if not (_can_be_paired(number) and _follow(pieces, number, second)):
            continue
        low = second.value if _is_two_digits(second) else None
        if second.digits == "0" and index + 2 < len(numbers):
            third = numbers[index + 2]
            if _follow(pieces, second, third) and third.digits and len(third.digits) == 1:
                second, low = third, third.value
        if low is not None:
            yield from _pair(pieces, number, low, second.end)


def _pair(pieces: Sequence[Piece], number: Number, low: Decimal, end: int) -> Iterator[Edge]:
    high = number.value
    if high and not pieces[number.start].is_clock:
        yield Edge(number.start, end, Meaning("number", text_of(100 * high + low)))
        yield Edge(number.start, end, Meaning("amount", f"{high}.{int(low):02d}"))
    if high <= 24 and low < 60:
        yield Edge(number.start, end, _clock(int(high), int(low)))


def _can_be_paired(number: Number) -> bool:
    return not number.is_ordinal and number.digits is not None and len(number.digits) <= 2


def _is_two_digits(number: Number) -> bool:
    return number.digits is not None and len(number.digits) == 2 and not number.is_ordinal


def _follow(pieces: Sequence[Piece], one: Number, other: Number) -> bool:
    return one.end == other.start and not pieces[one.end - 1].ends_clause


# Amounts of money


def _amounts(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """ "Forty-two dollars [and] fifty [cents]", "42.50", "42.50 dollars", "50 cents"."""
    by_start = {number.start: number for number in numbers}
    for number in numbers:
        written = pieces[number.start].text
        unit = pieces[number.end].text if number.end < len(pieces) else ""
        amount = f"{number.value:.2f}" if abs(number.value) < 10**12 else None
        if amount is None or number.is_ordinal:
            continue
        if len(written.partition(".")[2]) == 2:
            yield Edge(number.start, number.end, Meaning("amount", amount))
        if unit in MINOR:
            yield Edge(number.start, number.end + 1, Meaning("amount", amount, unit))
            yield from _with_small_unit(pieces, number, unit, by_start)
        if unit == "cents" and 0 < number.value < 100:
            small = f"{number.value / 100:.2f}"
            for large in ("dollars", "euros"):
                yield Edge(number.start, number.end + 1, Meaning("amount", small, large))


def _with_small_unit(
    pieces: Sequence[Piece], number: Number, unit: str, by_start: dict[int, Number]
) -> Iterator[Edge]:
    at = number.end + 1
    if _is(pieces, at, "and"):
        at += 1
    small = by_start.get(at)
    if small is None or not 0 < small.value < 100 or number.value != int(number.value):
        return
    sign = -1 if number.value < 0 else 1
    amount = f"{number.value + sign * small.value / 100:.2f}"
    if small.value == int(small.value) and not small.is_ordinal:
        end = small.end + 1 if _is(pieces, small.end, MINOR[unit]) else small.end
        if end > small.end or not _is(pieces, at - 1, "and"):
            yield Edge(number.start, end, Meaning("amount", amount, unit))


# Times of day


def _clock(hours: int, minutes: int) -> Meaning:
    """A time on a clock of twelve hours, with its half of the day where 24 hours tell it."""
    half = "pm" if 12 < hours < 24 else "am" if hours in (0, 24) else None
    return Meaning("clock", f"{hours % 12 or 12}:{minutes:02d}", half)


def _clocks(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """ "Seven o'clock", "noon", "half past seven", "ten to eight"; "at seven" as a time, too."""
    hours = {n.start: n for n in numbers if _can_be_paired(n) and n.value <= 24}
    for number in hours.values():
        if _is(pieces, number.end, "oclock"):
            yield Edge(number.start, number.end + 1, _clock(int(number.value), 0))
        elif _is(pieces, number.start - 1, "at"):
            yield Edge(number.start, number.end, _clock(int(number.value), 0))
    for at, piece in enumerate(pieces):
        if piece.text in NAMED_TIMES:
            yield Edge(at, at + 1, Meaning("clock", *NAMED_TIMES[piece.text]))
        yield from _part_of_hour(pieces, at, hours)


def _part_of_hour(pieces: Sequence[Piece], at: int, hours: dict[int, Number]) -> Iterator[Edge]:
    minutes = PARTS_OF_HOUR.get(pieces[at].text)
    start, end = at, at + 1
    if pieces[at].text == "twenty" and _is(pieces, at + 1, "five"):
        minutes, end = 25, at + 2
    if _is(pieces, end, "minutes"):
        end += 1
    if minutes is None or end + 1 >= len(pieces):
        return
    hour = hours.get(end + 1)
    if hour is None or not 1 <= hour.value <= 12:
        return
    relation = pieces[end].text
    if relation in ("past", "after"):
        yield Edge(start, hour.end, _clock(int(hour.value), minutes))
    elif relation in ("to", "of", "before", "till") and minutes != 30:
        yield Edge(start, hour.end, _clock((int(hour.value) - 1) or 12, 60 - minutes))


def _full_hours(numbers: Sequence[Number]) -> Iterator[Edge]:
    """Hours that are a time only with am or pm behind them."""
    for number in numbers:
        if _can_be_paired(number) and 1 <= number.value <= 12:
            yield Edge(number.start, number.end, _clock(int(number.value), 0))


def _half_days(pieces: Sequence[Piece], clocks: Sequence[Edge]) -> Iterator[Edge]:
    for start, end, meaning in clocks:
        for words, half in HALF_DAYS.items():
            if _is(pieces, end, *words) and meaning.kind == "clock":
                yield Edge(start, end + len(words), Meaning("clock", meaning.value, half))


# Dates


def _dates(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """ "March 4th", "the fourth of March", "4 March", "March four"."""
    for day in numbers:
        if not 1 <= day.value <= 31 or day.value != int(day.value):
            continue
        before = day.start - 1
        if before >= 0 and pieces[before].text == "the":
            before -= 1
        if before >= 0 and pieces[before].text in MONTHS and not pieces[before].ends_clause:
            yield from _date(day, pieces[before].text, before, day.end)
        month_at = day.end + 1 if _is(pieces, day.end, "of") else day.end
        if month_at < len(pieces) and pieces[month_at].text in MONTHS:
            start = before + 1 if _is(pieces, day.start - 1, "the") else day.start
            for first in {start, day.start}:
                yield from _date(day, pieces[month_at].text, first, month_at + 1)


def _date(day: Number, month: str, start: int, end: int) -> Iterator[Edge]:
    number = text_of(day.value)
    yield Edge(start, end, Meaning("date", f"{month} {number}"))
    for kind in ("number", "ordinal"):
        yield Edge(day.start, day.end, Meaning(kind, number))


def _is(pieces: Sequence[Piece], at: int, *words: str) -> bool:
    """Whether these words stand there."""
    if at < 0 or at + len(words) > len(pieces):
        return False
    return all(pieces[at + index].text == word for index, word in enumerate(words))
