"""Spoken forms of what is no word: addresses, dates, times, money, numbers, codes.

One table, `RULES`: a pattern, and the function that says what it found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from harness.speech.text.spoken_numbers import (
    MONTHS,
    cardinal,
    clock_time,
    code,
    day_of_month,
    decimal,
    digits,
    money,
    ordinal,
    year,
)

Say: TypeAlias = Callable[[re.Match[str]], str]

_MONTH = "|".join(MONTHS)
_MONTH_SHORT = r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_MONTH_OF = {name[:3].lower(): name for name in MONTHS}
_CURRENCY = {"$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "penny")}
_WEEKDAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday",
    "Thur": "Thursday", "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
}  # fmt: skip
_UNITS = {
    "km": "kilometer", "m": "meter", "cm": "centimeter", "mm": "millimeter", "kg": "kilogram",
    "g": "gram", "mg": "milligram", "l": "liter", "ml": "milliliter", "lb": "pound",
    "lbs": "pound", "oz": "ounce", "ft": "foot", "mi": "mile", "mph": "mile per hour",
    "km/h": "kilometer per hour", "h": "hour", "hr": "hour", "hrs": "hour", "min": "minute",
    "mins": "minute", "sec": "second", "secs": "second", "s": "second", "ms": "millisecond",
    "GB": "gigabyte", "MB": "megabyte", "kB": "kilobyte", "KB": "kilobyte", "kWh": "kilowatt hour",
}  # fmt: skip
_ABBREVIATIONS = {
    "Mr": "Mister", "Mrs": "Missis", "Ms": "Miz", "Dr": "Doctor", "Prof": "Professor",
    "St": "Saint", "Jr": "Junior", "Sr": "Senior", "Ave": "Avenue", "Rd": "Road",
    "Blvd": "Boulevard", "Apt": "Apartment", "approx": "approximately", "etc": "et cetera",
    "vs": "versus", "dept": "department", "ext": "extension", "incl": "including",
    "tel": "telephone", "Inc": "Incorporated", "Ltd": "Limited",
}  # fmt: skip
_READ_IN_DIGITS = (
    r"room|flight|gate|suite|apartment|apt|bus|code|pin|zip|extension|ext|account|order|"
    r"ticket|booking|reference|invoice|tracking|ending in|route|highway|platform"
)


def _address(match: re.Match[str]) -> str:
    """An e-mail address."""
    local, domain = match[0].split("@", 1)
    return f" {_dotted(local)} at {_dotted(domain)} "


def _dotted(name: str) -> str:
    """Names joined by dots, dashes and underscores; digits one by one."""
    words = {".": " dot ", "-": " dash ", "_": " underscore ", "+": " plus ", "/": " slash "}
    said = "".join(words.get(sign, sign) for sign in name)
    said = re.sub(r"\d+", lambda found: f" {digits(found[0])} ", said)
    return re.sub(r"\b(?=[a-z]{2,3}\b)(?![aeiou]?[a-z]?[aeiouy])[a-z]+", _upper_letters, said)


def _upper_letters(match: re.Match[str]) -> str:
    """Letters without a vowel cannot be read as a word."""
    return " ".join(match[0].upper())


def _web(match: re.Match[str]) -> str:
    """A web address: its host, and no more of it than a person would read out."""
    host = re.sub(r"^(https?://)?(www\.)?", "", match[0]).split("/")[0].split("?")[0]
    return f" {_dotted(host.rstrip('.,'))} "


def _date_iso(match: re.Match[str]) -> str:
    month, day = int(match[2]), int(match[3])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return code(match[0])
    return f"{MONTHS[month - 1]} {day_of_month(day)}, {year(int(match[1]))}"


def _date_slashes(match: re.Match[str]) -> str:
    """Month first, as Americans write; where that cannot be, day first."""
    first, second = int(match[1]), int(match[2])
    month, day = (first, second) if first <= 12 else (second, first)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return f"{cardinal(first)} slash {cardinal(second)}"
    of = f", {year(int(match[3]) + (2000 if len(match[3]) == 2 else 0))}" if match[3] else ""
    return f"{MONTHS[month - 1]} {day_of_month(day)}{of}"


def _month_day(match: re.Match[str]) -> str:
    of = f", {year(int(match[3]))}" if match[3] else ""
    day = int(match[2])
    return (
        f"{_MONTH_OF[match[1][:3].lower()]} {day_of_month(day) if day <= 31 else cardinal(day)}{of}"
    )


def _day_month(match: re.Match[str]) -> str:
    of = f" {year(int(match[3]))}" if match[3] else ""
    day = int(match[1])
    said = day_of_month(day) if 1 <= day <= 31 else cardinal(day)
    return f"the {said} of {_MONTH_OF[match[2][:3].lower()]}{of}"


def _time(match: re.Match[str]) -> str:
    return clock_time(int(match[1]), int(match[2] or 0), match[3]) + _full_stop(match)


def _hour(match: re.Match[str]) -> str:
    return clock_time(int(match[1]), 0, match[2]) + _full_stop(match)


def _full_stop(match: re.Match[str]) -> str:
    """The point behind "p.m." also ends a sentence, if another one follows or none does."""
    ends = re.match(r"\s*$|\s+[A-Z\"(]", match.string[match.end() :])
    return "." if match[0].endswith(".") and ends else ""


def _money(match: re.Match[str]) -> str:
    whole, part = match[3].replace(",", ""), match[4] or ""
    minus = "minus " if match[1] else ""
    one, small = _CURRENCY[match[2]]
    if match[5]:
        scale = {"k": "thousand", "m": "million", "bn": "billion"}.get(match[5].lower(), match[5])
        return f"{minus}{decimal(whole + part)} {scale} {one}s"
    return minus + money(int(whole), int(part[1:].ljust(2, "0")[:2]) if part else 0, one, small)


def _money_behind(match: re.Match[str]) -> str:
    one, small = _CURRENCY[match[3]]
    part = (match[2] or "")[1:].ljust(2, "0")[:2] if match[2] else "0"
    return money(int(match[1].replace(",", "")), int(part), one, small)


def _phone(match: re.Match[str]) -> str:
    plus = "plus " if match[0].lstrip().startswith("+") else ""
    groups = re.findall(r"\d+", match[0])
    return plus + ", ".join(digits(group) for group in groups)


def _unit(match: re.Match[str]) -> str:
    number, unit = match[1], _UNITS[match[2]]
    said = _number(number)
    if number in ("1", "a"):
        return f"{said} {unit}"
    first, *rest = unit.split(" ")
    plural = {"foot": "feet"}.get(first, first + "s")
    return " ".join((said, plural, *rest)) if rest[:1] != ["hour"] else f"{said} {unit}s"


def _degrees(match: re.Match[str]) -> str:
    scale = {"C": " Celsius", "F": " Fahrenheit", None: ""}[match[2]]
    return f"{_number(match[1])} degree{'' if match[1] == '1' else 's'}{scale}"


def _number(text: str) -> str:
    minus = "minus " if text.startswith(("-", "−")) else ""
    return minus + decimal(text.lstrip("-−").replace(",", ""))


def _plain_number(match: re.Match[str]) -> str:
    text = match[0]
    bare = text.lstrip("-−")
    if "," in bare or "." in bare:
        return _number(text)
    minus = "minus " if bare != text else ""
    if len(bare) == 4 and bare[0] in "12" and not minus and 1100 <= int(bare) <= 2099:
        return year(int(bare))
    if (bare[0] == "0" and len(bare) > 1) or len(bare) > 4:
        return minus + digits(bare)
    return minus + cardinal(int(bare))


def _labelled(match: re.Match[str]) -> str:
    number = match[3]
    said = digits(number) if len(number) > 2 else cardinal(int(number))
    return f"{match[1]}{' number ' if '#' in match[2] else ' '}{said}"


def _code(match: re.Match[str]) -> str:
    return code(match[0])


def _spelled(match: re.Match[str]) -> str:
    return ", ".join(sign.upper() for sign in match[0] if sign.isalnum())


def _initials(match: re.Match[str]) -> str:
    return " ".join(sign for sign in match[0] if sign.isalpha()) + " "


def _range(match: re.Match[str]) -> str:
    return f"{match[1]} to {match[2]}"


def _to(_: re.Match[str]) -> str:
    return " to "


def _decade(match: re.Match[str]) -> str:
    """The 90s, the 1980s."""
    number = match[1] or match[2]
    head, _, last = (year(int(number)) if len(number) == 4 else cardinal(int(number))).rpartition(
        " "
    )
    plural = last[:-1] + "ies" if last.endswith("y") else last + "s"
    return f"{head} {plural}".strip()


def _mixed(match: re.Match[str]) -> str:
    """2 1/2."""
    part = _part(int(match[2]), int(match[3]))
    part = "a" + part.removeprefix("one") if match[2] == "1" else part
    return f"{cardinal(int(match[1]))} and {part}"


def _fraction(match: re.Match[str]) -> str:
    return _part(int(match[1]), int(match[2]))


def _part(top: int, bottom: int) -> str:
    if bottom == 2:
        below = "half" if top == 1 else "halves"
    elif bottom == 4:
        below = "quarter" if top == 1 else "quarters"
    else:
        below = ordinal(bottom) + ("" if top == 1 else "s")
    return f"{cardinal(top)} {below}"


_MONTH_ANY = rf"{_MONTH}|(?:{_MONTH_SHORT})\b\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_OF_YEAR = r"(?:,? (\d{4})\b)?"
_HALF = r"(?:\.m\.?|m\b)"
_FIGURE = r"\d[\d,]*(?:\.\d+)?"
_UNIT_NAMES = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_HOST = r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|example)\b(?:/\S*)?"
_PHONES = (
    r"(?<![\w.])\+?(?:\d{1,3}[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b",
    r"\b\d{3}-\d{4}\b",
    r"(?<!\w)\+\d[\d ]{6,}\d",
)

_TABLE: list[tuple[str, int, Say]] = [
    (r"(?<=[\dm])\s?[–—-]\s?(?=[$€£]?\d+(?:[:.]\d\d|[.,]\d+)?\s?(?:[ap]\.?m\b|%|[€£]))", 0, _to),
    (r"(?<=\d)\s?[–-]\s?(?=[$€£]\d)|(?<=:\d\d)\s?[–-]\s?(?=\d)|(?<=\d)\s?–\s?(?=\d)", 0, _to),
    (r"\band/or\b", re.I, lambda _: "and or"),
    (r"\b50/50\b", 0, lambda _: "fifty fifty"),
    (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", 0, _address),
    (rf"(?:https?://|www\.)[^\s,;]+|{_HOST}", re.I, _web),
    (r"\b(\d{4})-(\d\d)-(\d\d)\b", 0, _date_iso),
    (r"\b(\d{4})/(\d\d)/(\d\d)\b", 0, _date_iso),
    (r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b", 0, _date_slashes),
    (r"(?<=\bon )(\d{1,2})/(\d{1,2})()\b(?!/)", 0, _date_slashes),
    (r"(?:(?<=\bthe )|(?<=\bthe '))(\d0)s\b|\b(\d{3}0)s\b", 0, _decade),
    (r"\b(\d+(?:\.\d+)?)k\b", 0, lambda m: f"{_number(m[1])} thousand"),
    (r"\b(\d+)x\b", 0, lambda m: f"{_number(m[1])} times"),
    (r"\b(\d+) ([1-9])/([2-9])\b", 0, _mixed),
    (rf"\b({_MONTH_ANY}) {_DAY}\b{_OF_YEAR}(?![:.]\d)", 0, _month_day),
    (rf"\b(?:the )?{_DAY}(?: of)? ({_MONTH})\b{_OF_YEAR}", 0, _day_month),
    (rf"\b([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:\s?([ap]){_HALF})?", re.I, _time),
    (rf"\b(1[0-2]|0?[1-9])\s?([ap]){_HALF}", re.I, _hour),
    (
        r"([-−])?([$€£])\s?(\d[\d,]*)(\.\d+)?(?:\s?(k|m|bn|thousand|million|billion)\b)?",
        re.I,
        _money,
    ),
    (r"\b(\d[\d,]*)([.]\d\d)?\s?([€£])", 0, _money_behind),
    ("|".join(_PHONES), 0, _phone),
    (rf"(?<![\w.])([-−]?{_FIGURE})\s?°\s?([CF])?(?!\w)", 0, _degrees),
    (rf"(?<![\w.])([-−]?{_FIGURE})\s?%", 0, lambda m: f"{_number(m[1])} percent"),
    (
        rf"\b({_READ_IN_DIGITS})( ?#? ?|: ?| number )(\d{{1,12}})\b(?![.,]?\d)",
        re.I,
        _labelled,
    ),
    (rf"(?<![\w.])({_FIGURE})\s?({_UNIT_NAMES})(?![\w/])", 0, _unit),
    (r"\b24/7\b", 0, lambda _: "twenty four seven"),
    (r"\b(?:911|999|112|311|411)\b(?![.,]?\d)", 0, lambda m: digits(m[0])),
    (r"\b(?:[A-Za-z0-9]-){2,}[A-Za-z0-9]\b", 0, _spelled),
    (r"\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*\b", 0, _code),
    (r"\b(\d{1,4})(?:st|nd|rd|th)\b", re.I, lambda m: ordinal(int(m[1]))),
    (r"(?<![\w.])(\d+)\s?[–-]\s?(\d+)(?![\w.-])", 0, _range),
    (r"(?<![\w/])([1-9]\d?)/([2-9]|1\d)(?![\w/])", 0, _fraction),
    (r"\be\.g\.,?", re.I, lambda _: "for example,"),
    (r"\bi\.e\.,?", re.I, lambda _: "that is,"),
    (r"\bNo\. ?(?=\d)", 0, lambda _: "number "),
    (r"#\s?(?=\d)", 0, lambda _: "number "),
    (rf"\b({'|'.join(_WEEKDAYS)})\.(?=\s|,|$)", 0, lambda m: _WEEKDAYS[m[1]]),
    (r"(?<=\w )St\b\.?(?=[\s,.]*(?:$|[,.;!?]|[a-z]))", 0, lambda _: "Street"),
    (rf"\b({'|'.join(_ABBREVIATIONS)})\.", 0, lambda m: _ABBREVIATIONS[m[1]]),
    (r"\b(Mr|Mrs|Ms|Dr)\b", 0, lambda m: _ABBREVIATIONS[m[1]]),
    (r"\b(?:[A-Za-z]\.){2,}", 0, _initials),
    (
        r"(?<![\w.,])[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.])[-−]?\d+(?:\.\d+)?",
        0,
        _plain_number,
    ),
    (r"(?<=[a-z])/(?=[a-z])", re.I, lambda _: " or "),
    (r"/", 0, lambda _: " slash "),
    (r"(?<=\w)\s?--?\s(?=\w)|\s[-–—]+\s", 0, lambda _: ", "),
    (r"(?<=\w)[-‑](?=\w)", 0, lambda _: " "),
]

RULES = [(re.compile(pattern, flags), say) for pattern, flags, say in _TABLE]
"""In this order: what is longer and rarer comes first."""
