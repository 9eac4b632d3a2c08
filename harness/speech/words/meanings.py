"""Meanings of a stretch of text: a word, number, amount, time, date, or row of digits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from harness.speech.words.pieces import Piece


class Meaning(NamedTuple):
    """What an edge says."""

    kind: str
    """word, number, ordinal, digits, amount, clock or date."""

    value: str

    unit: str | None = None
    """Of an amount its currency, of a clock am or pm, of a digit within a written number "digit";
    None where it was not said."""

    def holds(self, wanted: Meaning) -> bool:
        """Whether this was heard where `wanted` is wanted.

        A digit within a written number is one that was said ("one two" is in "1234"), but the
        written "123" is not in the written "1234". An amount may leave its currency out
        ("forty-two fifty"); am and pm must be heard where they are wanted.
        """
        if (self.kind, self.value) != (wanted.kind, wanted.value):
            return False
        if self.kind == "number":
            return not (self.unit and wanted.unit)
        if wanted.unit is None or self.unit == wanted.unit:
            return True
        return self.kind == "amount" and self.unit is None

    def sounds_like(self, wanted: Meaning) -> bool:
        """Whether a time and a number are read out alike: "6:15" and "615" are "six fifteen".

        The half of the day must be heard where it is wanted. A full hour is no hundred.
        """
        clock, number = (self, wanted) if self.kind == "clock" else (wanted, self)
        if clock.kind != "clock" or number.kind not in ("number", "digits") or number.unit:
            return False
        if (wanted.kind == "clock" and wanted.unit) or number.value.endswith("00"):
            return False
        return clock.value.replace(":", "") == number.value


class Edge(NamedTuple):
    """A meaning and the pieces that carry it: from `start` to before `end`."""

    start: int
    end: int
    meaning: Meaning


def text_of(value: Decimal) -> str:
    """A number as its shortest text."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def stands(pieces: Sequence[Piece], at: int, *words: str) -> bool:
    """Whether these words stand there."""
    if at < 0 or at + len(words) > len(pieces):
        return False
    return all(pieces[at + index].text == word for index, word in enumerate(words))


def clock(hours: int, minutes: int) -> Meaning:
    """A time on a clock of twelve hours, with its half of the day where 24 hours tell it."""
    half = "pm" if 12 < hours < 24 else "am" if hours in (0, 24) else None
    return Meaning("clock", f"{hours % 12 or 12}:{minutes:02d}", half)
