"""Spellings of one word: British and American, short forms, contractions, units.

The British and American table is the one of whisper-normalizer (MIT); the others are small and
here. Everything is in lower case, without accents.
"""

from __future__ import annotations

import functools
import importlib.resources
import json

FILLERS = frozenset({"hmm", "mm", "mhm", "mmm", "uh", "um"})
"""Sounds that comparing leaves out; nobody can look for them."""

CONTRACTIONS = {
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "let's": "let us",
    "o'clock": "oclock",
    "ma'am": "madam",
    "y'all": "you all",
    "alright": "all right",
    "'n'": "and",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "wasnt": "was not",
    "arent": "are not",
    "couldnt": "could not",
    "shouldnt": "should not",
    "wouldnt": "would not",
    "havent": "have not",
    "hasnt": "has not",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "gimme": "give me",
    "dunno": "do not know",
    "mph": "miles per hour",
}
"""Written as one, said as several; the endings n't, 're, 'll, 've, 'm are rules of their own."""

ENDINGS = {"re": "are", "ll": "will", "ve": "have", "m": "am"}

ONE_WORD = {
    "ok": "okay",
    "bye-bye": "bye",
    "mr": "mister",
    "mrs": "missus",
    "prof": "professor",
    "ave": "avenue",
    "rd": "road",
    "blvd": "boulevard",
    "jr": "junior",
    "sr": "senior",
    "vs": "versus",
    "etc": "etcetera",
    "dept": "department",
    "apt": "apartment",
    "jan": "january",
    "feb": "february",
    "aug": "august",
    "sept": "september",
    "sep": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
    "tue": "tuesday",
    "tues": "tuesday",
    "thu": "thursday",
    "thurs": "thursday",
    "fri": "friday",
    "mon": "monday",
    "dollar": "dollars",
    "cent": "cents",
    "euro": "euros",
    "pound": "pounds",
    "penny": "pence",
    "lb": "pounds",
    "lbs": "pounds",
    "km": "kilometers",
    "kms": "kilometers",
    "kilometer": "kilometers",
    "kilometre": "kilometers",
    "kilometres": "kilometers",
    "metre": "meters",
    "metres": "meters",
    "meter": "meters",
    "cm": "centimeters",
    "centimeter": "centimeters",
    "centimetre": "centimeters",
    "centimetres": "centimeters",
    "millimeter": "millimeters",
    "millimetre": "millimeters",
    "millimetres": "millimeters",
    "kg": "kilograms",
    "kgs": "kilograms",
    "kilo": "kilograms",
    "kilos": "kilograms",
    "kilogram": "kilograms",
    "kilogramme": "kilograms",
    "kilogrammes": "kilograms",
    "gram": "grams",
    "gramme": "grams",
    "grammes": "grams",
    "milligram": "milligrams",
    "milligramme": "milligrams",
    "milliliter": "milliliters",
    "millilitre": "milliliters",
    "millilitres": "milliliters",
    "mile": "miles",
    "litre": "liters",
    "litres": "liters",
    "liter": "liters",
    "hr": "hours",
    "hrs": "hours",
    "hour": "hours",
    "min": "minutes",
    "mins": "minutes",
    "minute": "minutes",
    "degree": "degrees",
}

AFTER_NUMBER = {
    "m": "meters",
    "mm": "millimeters",
    "g": "grams",
    "mg": "milligrams",
    "l": "liters",
    "ml": "milliliters",
    "h": "hours",
    "s": "seconds",
    "sec": "seconds",
    "secs": "seconds",
    "mi": "miles",
    "ft": "feet",
}
"""Short units; what is a unit behind a number is a letter or a filler elsewhere."""

AFTER_DEGREES = {"f": "fahrenheit", "c": "celsius"}

OPEN_ENDINGS = {"s": ("is", "has"), "d": ("would", "had")}
"""What is behind the apostrophe may be either, or a genitive."""

TWO_WORDS = {"dr": ("doctor", "drive"), "st": ("saint", "street"), "ms": ("miss", "ms")}
"""Short for either; both count."""

SYMBOLS = {
    "&": "and",
    "@": "at",
    "%": "percent",
    "‰": "permille",
    "+": "plus",
    "=": "equals",
    "°": "degrees",
    "$": "dollars",
    "€": "euros",
    "£": "pounds",
    "¢": "cents",
    "½": "half",
}

CURRENCIES = {"$": ("dollars", "cents"), "€": ("euros", "cents"), "£": ("pounds", "pence")}

IN_ADDRESS = {"@": "at", ".": "dot", "_": "underscore", "/": "slash", "+": "plus"}
"""Signs that are said in a web or e-mail address."""

LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
"""Letters that are not taken apart into a base and an accent."""


MORE_SPELLINGS = {
    "adviser": "advisor", "barbeque": "barbecue", "doughnut": "donut", "houmous": "hummus",
    "hummous": "hummus", "kerb": "curb", "lasagne": "lasagna", "whisky": "whiskey",
}  # fmt: skip
"""Two spellings of one word that the table of British ones lacks."""


def spelled(word: str) -> str:
    """One spelling for a word that has several: American, written out, units in the plural."""
    return ONE_WORD.get(word) or ONE_WORD.get(american(word)) or american(word)


def american(word: str) -> str:
    """The American spelling of a British word; any other as it is."""
    return _british().get(word, word)


@functools.cache
def _british() -> dict[str, str]:
    table = importlib.resources.files("whisper_normalizer") / "normalizers" / "english.json"
    british: dict[str, str] = json.loads(table.read_text(encoding="utf-8"))
    plurals = {f"{word}s": f"{other}s" for word, other in MORE_SPELLINGS.items()}
    return MORE_SPELLINGS | plurals | british
