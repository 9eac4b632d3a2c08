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


def is_whole(value: Decimal) -> bool:
    """Whether it has no fraction."""
    return value == value.to_integral_value()


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
    leads = ahead in CARDINALS or ahead == "point" or _is_digit(ahead) or ahead in ZEROS
    return Number(at, at + 1, Decimal(0), "0") if follows or leads else None


def _is_digit(text: str) -> bool:
    return len(text) == 1 and text.isdecimal()


def _cardinal_at(pieces: Sequence[Piece], at: int) -> Number | None:
    """The longest cardinal that begins here."""
    said = _Cardinal()
    end = at
    while end < len(pieces):
        before = pieces[end - 1] if end > at else None
        if before is not None and before.ends_clause and before.text not in SCALES:
            break
        text = pieces[end].text
        after = _written_end(pieces, end)
        if text in SCALES:
            is_part = said.takes_scale(SCALES[text])
        elif text == "and":
            is_part = before is not None and before.text in SCALES and _is_small(pieces, end + 1)
        else:
            value = _value(pieces, end, after)
            is_part = value is not None and said.takes(
                value, pieces[end].is_number, _digits(pieces, end, after, value)
            )
        if not is_part:
            break
        end = after
    return None if end == at else Number(at, end, said.value, said.digits)


class _Cardinal:
    """A number while it is read, word by word: groups below a thousand, each with its scale."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.group: Decimal | None = None
        self.scale: int | None = None
        self.digits: str | None = None
        self.ends_written = False

    @property
    def value(self) -> Decimal:
        return self.total + (self.group or 0)

    def takes_scale(self, scale: int) -> bool:
        """Whether "hundred", "thousand" ... goes on with it; then it does."""
        group = self.group
        if scale == 100:
            if group is not None and not 0 < group < 100:
                return False
            self.group = (group or Decimal(1)) * 100
            is_round = self.scale is None and self.group < 1000
            is_row = is_round and group is not None and is_whole(group)
            self.digits = str(self.group) if is_row else None
        else:
            if self.scale is not None and (scale >= self.scale or group is None):
                return False
            self.total += (Decimal(1) if group is None else group) * scale
            self.group, self.scale, self.digits = None, scale, None
        self.ends_written = False
        return True

    def takes(self, value: Decimal, is_written: bool, digits: str | None) -> bool:
        """Whether a smaller number goes on with it, as "five" does with "twenty"; then it does."""
        if self.group is None:
            if self.scale is not None and value >= self.scale:
                return False
            self.digits = digits if self.scale is None else None
        elif self.ends_written or not self._has_room_for(self.group, value):
            return False
        else:
            is_short = self.scale is None and self.group < 100
            self.digits = str(self.group + value) if is_short else None
        self.group = (self.group or Decimal(0)) + value
        self.ends_written = is_written
        return True

    @staticmethod
    def _has_room_for(group: Decimal, value: Decimal) -> bool:
        if not is_whole(value):
            return False
        if group % 100 == 0:
            return group > 0 and 0 < value < 100
        return group % 10 == 0 and group % 100 >= 20 and 0 < value < 10


def _is_small(pieces: Sequence[Piece], at: int) -> bool:
    if at >= len(pieces):
        return False
    text = pieces[at].text
    return text in CARDINALS or (text.isdecimal() and len(text) < 3 and pieces[at].group < 0)


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
    """A number of one word or one writing as a part of a row of digits."""
    if not pieces[start].is_number:
        return str(value)
    text = "".join(piece.text for piece in pieces[start:end])
    return text if text.isdecimal() and pieces[start].is_plain else None
