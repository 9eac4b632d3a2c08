"""Numbers as people say them: counted, in order, digit by digit, as years, times and money."""

from __future__ import annotations

import re

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
LARGEST = 10**15
"""From here on a number is said digit by digit."""


def cardinal(number: int) -> str:
    """42 as "forty two"; without "and", as Americans count.

    Args:
        number: not negative.
    """
    if number >= LARGEST:
        return digits(str(number))
    for scale, name in _SCALES:
        if number >= scale:
            rest = number % scale
            head = f"{cardinal(number // scale)} {name}"
            return f"{head} {cardinal(rest)}" if rest else head
    if number >= 100:
        rest = number % 100
        head = f"{_ONES[number // 100]} hundred"
        return f"{head} {cardinal(rest)}" if rest else head
    if number >= 20:
        tens = _TENS[number // 10]
        return f"{tens} {_ONES[number % 10]}" if number % 10 else tens
    return _ONES[number]


def ordinal(number: int) -> str:
    """3 as "third"."""
    *head, last = cardinal(number).split(" ")
    last = last[:-1] + "ieth" if last.endswith("y") else _ORDINALS.get(last, last + "th")
    return " ".join((*head, last))


def day_of_month(day: int) -> str:
    """4 as "fourth"."""
    return ordinal(day)


def digits(text: str) -> str:
    """Digit by digit: "204" as "two oh four"; a lone zero is "zero"."""
    if text == "0":
        return "zero"
    return " ".join("oh" if sign == "0" else _ONES[int(sign)] for sign in text if sign.isdigit())


def decimal(text: str) -> str:
    """A number with or without a part behind its point; at most one point."""
    whole, _, part = text.partition(".")
    said = cardinal(int(whole or "0"))
    return f"{said} point {' '.join(_ONES[int(sign)] for sign in part)}" if part else said


def year(number: int) -> str:
    """1995 as "nineteen ninety five", 2005 as "two thousand five", 2026 as "twenty twenty six"."""
    century, rest = divmod(number, 100)
    if number < 1000 or number >= 10_000 or (number % 1000) < 10:
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def clock_time(hour: int, minute: int, half: str | None) -> str:
    """A time of day.

    Args:
        half: "a" or "p" (of a.m. and p.m.), or None.
    """
    said = cardinal(hour) if hour else ("twelve" if half else "zero")
    if minute:
        said += f" {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    elif not half:
        said += " o'clock" if 1 <= hour <= 12 else " hundred"
    return f"{said} {half.upper()} M" if half else said


def money(whole: int, part: int, one: str, small: str) -> str:
    """An amount: 42 and 50 as "forty two dollars and fifty cents".

    Args:
        one: the currency's name, singular.
        small: its hundredth's name, singular.
    """
    smalls = "pence" if small == "penny" else small + "s"
    amount = f"{cardinal(whole)} {one}{'' if whole == 1 else 's'}"
    cents = f"{cardinal(part)} {small if part == 1 else smalls}"
    if not part:
        return amount
    return cents if not whole else f"{amount} and {cents}"


def code(text: str) -> str:
    """Letters and digits one by one, in the groups they are written in: "A7B" as "A seven B".

    A gate, a seat or a road has a number: "B12" is "B twelve", "14C" "fourteen C".
    """
    groups = re.findall(r"[A-Za-z]+|\d+", text)
    is_place = re.fullmatch(r"[A-Za-z]{1,2}[1-9]\d|[1-9]\d[A-Za-z]", text)
    said_number = (lambda g: cardinal(int(g))) if is_place else digits
    said = [said_number(g) if g[0].isdigit() else " ".join(g.upper()) for g in groups]
    return " ".join(said)
