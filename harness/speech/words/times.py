"""Times of day and dates, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harness.speech.words.closed import MONTHS
from harness.speech.words.meanings import Edge, Meaning, clock, stands, text_of
from harness.speech.words.numbers import Number
from harness.speech.words.pieces import Piece

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


def clocks(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """ "Seven o'clock", "noon", "half past seven", "ten to eight"; "at seven" as a time, too."""
    hours = {n.start: n for n in numbers if n.is_short and n.value <= 24}
    for number in hours.values():
        if stands(pieces, number.end, "oclock"):
            yield Edge(number.start, number.end + 1, clock(int(number.value), 0))
        elif stands(pieces, number.start - 1, "at"):
            yield Edge(number.start, number.end, clock(int(number.value), 0))
    for at, piece in enumerate(pieces):
        if written := re.fullmatch(r"(1?\d|2[0-4])\.([0-5]\d)", piece.text):
            yield Edge(at, at + 1, clock(int(written[1]), int(written[2])))
        if piece.text in NAMED_TIMES:
            yield Edge(at, at + 1, Meaning("clock", *NAMED_TIMES[piece.text]))
        yield from _part_of_hour(pieces, at, hours)


def _part_of_hour(pieces: Sequence[Piece], at: int, hours: dict[int, Number]) -> Iterator[Edge]:
    minutes = PARTS_OF_HOUR.get(pieces[at].text)
    start, end = at, at + 1
    if pieces[at].text == "twenty" and stands(pieces, at + 1, "five"):
        minutes, end = 25, at + 2
    if stands(pieces, end, "minutes"):
        end += 1
    if minutes is None or end + 1 >= len(pieces):
        return
    hour = hours.get(end + 1)
    if hour is None or not 1 <= hour.value <= 12:
        return
    relation = pieces[end].text
    starts = (start - 1, start) if stands(pieces, start - 1, "a") else (start,)
    for first in starts:  # "a quarter to eight" is "quarter to eight"
        if relation in ("past", "after"):
            yield Edge(first, hour.end, clock(int(hour.value), minutes))
        elif relation in ("to", "of", "before", "till") and minutes != 30:
            yield Edge(first, hour.end, clock((int(hour.value) - 1) or 12, 60 - minutes))


def full_hours(numbers: Sequence[Number]) -> Iterator[Edge]:
    """Hours that are a time only with am or pm behind them."""
    for number in numbers:
        if number.is_short and 1 <= number.value <= 12:
            yield Edge(number.start, number.end, clock(int(number.value), 0))


def half_days(pieces: Sequence[Piece], clocks: Sequence[Edge]) -> Iterator[Edge]:
    """Times with am, pm or a part of the day behind them."""
    for start, end, meaning in clocks:
        for words, half in HALF_DAYS.items():
            if stands(pieces, end, *words) and meaning.kind == "clock":
                yield Edge(start, end + len(words), Meaning("clock", meaning.value, half))


def dates(pieces: Sequence[Piece], numbers: Sequence[Number]) -> Iterator[Edge]:
    """ "March 4th", "the fourth of March", "4 March", "March four"."""
    for day in numbers:
        if not 1 <= day.value <= 31 or day.value != int(day.value):
            continue
        before = day.start - 1
        if before >= 0 and pieces[before].text == "the":
            before -= 1
        if before >= 0 and pieces[before].text in MONTHS and not pieces[before].ends_clause:
            yield from _date(day, pieces[before].text, before, day.end)
        month_at = day.end + 1 if stands(pieces, day.end, "of") else day.end
        if month_at < len(pieces) and pieces[month_at].text in MONTHS:
            start = before + 1 if stands(pieces, day.start - 1, "the") else day.start
            for first in {start, day.start}:
                yield from _date(day, pieces[month_at].text, first, month_at + 1)


def _date(day: Number, month: str, start: int, end: int) -> Iterator[Edge]:
    number = text_of(day.value)
    yield Edge(start, end, Meaning("date", f"{month} {number}"))
    yield Edge(day.start, day.end, Meaning("ordinal", number))  # "March 4" is said as "fourth"
