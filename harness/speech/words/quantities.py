"""Numbers beside each other and their neighbours: signs, decimals, rows of digits, pairs, money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from harness.speech.words.meanings import Edge, Meaning, clock, stands, text_of
from harness.speech.words.numbers import SCALES, Number, is_whole
from harness.speech.words.pieces import Piece

LONGEST_ROW = 16
"""Most numbers that are taken together as one row of digits."""

SHORTEST_ROW = 3
"""Two digits in a row are two numbers, as in "table one, two people"."""

MINOR = {"dollars": "cents", "euros": "cents", "pounds": "pence"}
OPERATORS = {"minus", "negative"}


def number_edge(number: Number) -> Edge:
    """A number or an ordinal as a meaning, at its place."""
    kind = "ordinal" if number.is_ordinal else "number"
    return Edge(number.start, number.end, Meaning(kind, text_of(number.value)))


def with_signs_and_decimals(
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
            and stands(pieces, number.end, "and", "a", "half")
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
    if not stands(pieces, number.end, "point") or number.is_ordinal or not after:
        return None
    if not is_whole(number.value):
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
    is_one_digit = number.end - number.start == 2 and scale > 100 and digit < 10 and is_whole(digit)
    return (text_of(digit), scale) if is_one_digit else ("", 1)


def loose(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """ "A hundred" is one hundred; a long number may be said digit by digit."""
    for number in numbers:
        first = pieces[number.start]
        if first.text in ("hundred", "thousand", "million") and stands(
            pieces, number.start - 1, "a"
        ):
            yield Edge(number.start - 1, number.end, Meaning("number", text_of(number.value)))
        if first.group >= 0 and first.is_plain and number.digits:
            for at in range(number.start, number.end):
                yield Edge(at, at + 1, Meaning("number", pieces[at].text, "digit"))


def rows(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """Digits, in any groups: "555-0199", "five five five, oh one nine nine"."""
    for first, number in enumerate(numbers):
        digits, end = "", number.start
        shortest = SHORTEST_ROW - _is_letter(pieces, number.start - 1)  # "gate B 1 2"
        for following in numbers[first : first + LONGEST_ROW]:
            if following.digits is None or following.start != end or pieces[end].is_clock:
                break
            digits, end = digits + following.digits, following.end
            if len(digits) >= shortest:
                yield Edge(number.start, end, Meaning("digits", digits))
            if stands(pieces, end, "dash"):
                end += 1


def _is_letter(pieces: Sequence[Piece], at: int) -> bool:
    return at >= 0 and len(pieces[at].text) == 1 and pieces[at].text.isalpha()


def pairs(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """Two numbers said as one: "seven thirty", "nineteen ninety-five", "two oh four"."""
    for index, number in enumerate(numbers[:-1]):
        second = numbers[index + 1]
        if not (number.is_short and _follow(pieces, number, second)):
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
        yield Edge(number.start, end, clock(int(high), int(low)))


def _is_two_digits(number: Number) -> bool:
    return number.digits is not None and len(number.digits) == 2 and not number.is_ordinal


def _follow(pieces: Sequence[Piece], one: Number, other: Number) -> bool:
    last, first = pieces[one.end - 1], pieces[min(other.start, len(pieces) - 1)]
    is_range = last.is_hyphened and last.is_number and first.is_number  # "10-15 minutes"
    return one.end == other.start and not last.ends_clause and not is_range


def amounts(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
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
    if stands(pieces, at, "and"):
        at += 1
    small = by_start.get(at)
    if small is None or not 0 < small.value < 100 or number.value != int(number.value):
        return
    sign = -1 if number.value < 0 else 1
    amount = f"{number.value + sign * small.value / 100:.2f}"
    if small.value == int(small.value) and not small.is_ordinal:
        end = small.end + 1 if stands(pieces, small.end, MINOR[unit]) else small.end
        if end > small.end or not stands(pieces, at - 1, "and"):
            yield Edge(number.start, end, Meaning("amount", amount, unit))
