"""Numbers in a row of pieces, said in words or written in digits, each as one value.

"forty-two", "42", "two hundred and fifty", "3.5 million", "twenty-first": the longest number
that begins at a piece is one number, so "twenty" is not found in "twenty-five".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from harness.speech.words.pieces import Piece

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
CARDINALS = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
WORDS = {value: word for word, value in CARDINALS.items()}

_IRREGULAR = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9}
ORDINALS = (
    {f"{word}th": value for word, value in CARDINALS.items() if value and word not in _TENS}
    | {word.replace("y", "ieth"): value for word, value in CARDINALS.items() if word in _TENS}
    | _IRREGULAR
    | {"twelfth": 12}
)
SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
REPEATS = {"double": 2, "triple": 3}
ZEROS = {"oh", "o", "nought"}


@dataclass(frozen=True, slots=True)
class Number:
    """One number among the pieces `[start, end)`."""

    start: int
    end: int
    value: Decimal

    digits: str | None
    """As a part of a row of digits; None where it cannot be one ("one thousand", "4,217")."""

    is_ordinal: bool = False

    @property
    def is_short(self) -> bool:
        """Whether it can be one half of "seven thirty" or "nineteen ninety-five"."""
        return not self.is_ordinal and self.digits is not None and len(self.digits) <= 2


def numbers_in(pieces: Sequence[Piece]) -> list[Number]:
    """All numbers, in order, none overlapping another."""
    found: list[Number] = []
    at = 0
    while at < len(pieces):
        number = (
            _ordinal_at(pieces, at)
            or _repeated_at(pieces, at)
            or _cardinal_at(pieces, at)
            or _zero_at(pieces, at, found[-1] if found else None)
        )
        if number is not None:
            found.append(number)
        at = number.end if number is not None else at + 1
    return found


def _ordinal_at(pieces: Sequence[Piece], at: int) -> Number | None:
    text = pieces[at].text
    if text.endswith("th") and text[:-2].isdecimal():
        return Number(at, at + 1, Decimal(int(text[:-2])), None, is_ordinal=True)
    if text in ORDINALS:
        return Number(at, at + 1, Decimal(ORDINALS[text]), None, is_ordinal=True)
    if text in _TENS and at + 1 < len(pieces) and not pieces[at].ends_clause:
        unit = ORDINALS.get(pieces[at + 1].text, 10)
        if unit < 10:
            return Number(at, at + 2, Decimal(CARDINALS[text] + unit), None, is_ordinal=True)
    return None


def _repeated_at(pieces: Sequence[Piece], at: int) -> Number | None:
    """British telephone digits: "double five"."""
    times = REPEATS.get(pieces[at].text)
    if times is None or at + 1 == len(pieces):
        return None
    text = pieces[at + 1].text
    digit = CARDINALS.get(text, 0 if text in ZEROS else int(text) if _is_digit(text) else 10)
    if digit > 9:
        return None
    digits = str(digit) * times
    return Number(at, at + 2, Decimal(digits), digits)


def _zero_at(pieces: Sequence[Piece], at: int, before: Number | None) -> Number | None:
    """An "oh" between numbers."""
    if pieces[at].text not in ZEROS:
        return None
    follows = before is not None and before.end == at and before.digits is not None
    ahead = pieces[at + 1].text if at + 1 < len(pieces) else ""
    leads = ahead in CARDINALS or _is_digit(ahead) or ahead in ZEROS
    return Number(at, at + 1, Decimal(0), "0") if follows or leads else None


def _is_digit(text: str) -> bool:
    return len(text) == 1 and text.isdecimal()


def _cardinal_at(pieces: Sequence[Piece], at: int) -> Number | None:
    """The longest number that begins here: groups below a thousand, each with its scale."""
    total = Decimal(0)
    group: Decimal | None = None
    scale_before: int | None = None
    words = 0
    digits: str | None = None
    end = at
    while end < len(pieces):
        text, before = pieces[end].text, pieces[end - 1] if end > at else None
        if before is not None and before.ends_clause and before.text not in SCALES:
            break
        size = _written_end(pieces, end) - end if pieces[end].is_number else 1
        if text in SCALES:
            scale = SCALES[text]
            if scale == 100:
                if group is not None and not 0 < group < 100:
                    break
                group = (group or Decimal(1)) * 100
            else:
                if scale_before is not None and scale >= scale_before:
                    break
                if group is None and words:
                    break
                total, group, scale_before = total + (group or 1) * scale, None, scale
            digits = None
        elif text == "and":
            if before is None or before.text not in SCALES or not _is_small(pieces, end + 1):
                break
        else:
            value = _value(pieces, end, end + size)
            if value is None or not _fits(group, value, before, scale_before):
                break
            digits = _digits(pieces, end, end + size, value) if not words else None
            group = (group or 0) + value
            if words and scale_before is None and group < 100:
                digits = str(group)
        words += 1
        end += size
    if not words:
        return None
    value = total + (group or 0)
    if scale_before is None and digits is None and words == 2 and value % 100 == 0 < value < 1000:
        digits = str(value)  # "eight hundred", as telephone numbers are said
    return Number(at, end, value, digits)


def _is_small(pieces: Sequence[Piece], at: int) -> bool:
    if at >= len(pieces):
        return False
    text = pieces[at].text
    return text in CARDINALS or (text.isdecimal() and len(text) < 3 and pieces[at].group < 0)


def _fits(
    group: Decimal | None, value: Decimal, before: Piece | None, scale_before: int | None
) -> bool:
    """Whether a value goes on with the number before it, as "five" does with "twenty"."""
    if group is None:
        return scale_before is None or value < scale_before
    if before is not None and before.is_number:
        return False
    if group % 100 == 0 and group:
        return value < 100 and value != 0
    return group % 10 == 0 and group % 100 >= 20 and 0 < value < 10


def _written_end(pieces: Sequence[Piece], at: int) -> int:
    group = pieces[at].group
    end = at + 1
    while group >= 0 and end < len(pieces) and pieces[end].group == group:
        end += 1
    return end


def _value(pieces: Sequence[Piece], start: int, end: int) -> Decimal | None:
    if pieces[start].is_number and not pieces[start].text.endswith("th"):
        return Decimal("".join(piece.text for piece in pieces[start:end]))
    value = CARDINALS.get(pieces[start].text)
    return None if value is None else Decimal(value)


def _digits(pieces: Sequence[Piece], start: int, end: int, value: Decimal) -> str | None:
    if not pieces[start].is_number:
        return str(value)
    text = "".join(piece.text for piece in pieces[start:end])
    return text if text.isdecimal() and pieces[start].is_plain else None
