"""A text taken apart into pieces: words as they are said, numbers as they are written.

"$42.50" is said as four pieces (42, dollars, 50, cents), "can't" as two, "A7B" as three. Every
piece knows which token it came from.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from harness.speech.words import spellings
from harness.speech.words.closed import MONTHS, PRONOUNS

SHORTEST_CODE = 4
"""Digits of a number that may have been said one by one though it is written as one."""

LONGEST_CODE = 24


@dataclass(frozen=True, slots=True)
class Piece:
    """One word, or one number (or one digit of it)."""

    text: str
    """Lower case, no accents, one spelling. A number as it is written, without commas."""

    others: tuple[str, ...] = ()
    """Further words that the same writing may stand for ("St.")."""

    token: int = 0
    """Index of the token it begins in."""

    last_token: int = 0
    """Index of the token it ends in: another one where a recogniser parts a word."""

    ends_clause: bool = False
    """Punctuation behind it."""

    is_hyphened: bool = False
    """Joined to the next by a hyphen."""

    is_name: bool = False
    """Written with a capital."""

    group: int = -1
    """For the digits of one written number: the index of its first piece; else -1."""

    is_plain: bool = True
    """False for a number that is never said digit by digit: with commas, or an amount."""

    contraction: str = ""
    """For the first of the two words of a contraction: how it was written ("you're")."""

    is_clock: bool = False
    """The hours of a written time."""

    @property
    def is_number(self) -> bool:
        """Whether it begins with a digit."""
        return self.text[:1].isdecimal()


_LETTER = r"[^\W\d_\u0600-\u06ff\u0900-\u0eff]|[\u0600-\u06ff\u0900-\u0eff]"
_DOMAIN = r"(?:com|org|net|edu|gov|io|co|uk|de|fr|eu)"
_TOKEN = re.compile(
    rf"""
    (?P<money>(?<![\w.,])[-\u2212]?[$€£][-\u2212]?\d[\d,]*(?:\.\d+)?
        (?:\s(?:thousand|million|billion)\b)?)
  | (?P<email>[^\W_][\w.+-]*@[\w-]+(?:\.[\w-]+)+)
  | (?P<site>(?:https?://(?:www\.)?|www\.)?[a-z][\w-]*(?:\.[\w-]+)*\.{_DOMAIN}
        (?:/[\w/.-]*)?(?![\w@]))
  | (?P<isodate>(?<![\d-])\d{{4}}-(?:0[1-9]|1[0-2])-\d\d(?![\d-]))
  | (?P<clock>(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?!\d))
  | (?P<ordinal>\d+(?:st|nd|rd|th)\b)
  | (?P<thousands>\d+(?:\.\d+)?k\b)
  | (?P<number>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|0\d+|\d+(?:\.\d+)?)
  | (?P<initials>(?<![\w.])(?:[a-z]\.){{2,}}[a-z]?(?![a-z]))
  | (?P<rate>\b(?:km|mi)/h\b)
  | (?P<count>(?<!\w)no\.(?=\s?\d)|\#(?=\d))
  | (?P<symbol>[&@%‰+=°€£¢$½])
  | (?P<percent>\bper\scent\b)
  | (?P<word>'n'|(?:{_LETTER})+(?:'(?:{_LETTER})+)*)
  | (?P<minus>(?<![\w)\]])[-\u2212](?=[$€£]?\d)|\u2212)
  | (?P<end>[.,;:!?…()\[\]"“”|]|\u2014|(?<=\s)[-\u2013](?=\s))
  | (?P<hyphen>[-\u2010\u2011\u2013/])
    """,
    re.VERBOSE,
)


def pieces_of(tokens: Sequence[str]) -> list[Piece]:
    """The pieces of a text given as tokens; fillers are left out."""
    text, starts = _joined(tokens)
    names = [next((c.isupper() for c in token if c.isalpha()), False) for token in tokens]
    pieces: list[Piece] = []
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "end" and pieces:
            pieces[-1] = replace(pieces[-1], ends_clause=True)
        elif kind == "hyphen" and pieces:
            pieces[-1] = replace(pieces[-1], is_hyphened=True)
        elif kind in _TAKEN_APART:
            token_index = bisect_right(starts, found.start()) - 1
            last_index = bisect_right(starts, found.end() - 1) - 1
            first = len(pieces)
            for piece in _TAKEN_APART[kind](found.group(), pieces[-1] if pieces else None):
                group = piece.group if piece.group < 0 else first
                pieces.append(
                    replace(
                        piece,
                        token=token_index,
                        last_token=last_index,
                        group=group,
                        is_name=names[token_index],
                    )
                )
    return pieces


_GOES_ON = re.compile(r"[-\u2010\u2011.'@][^\W\d_]")
_GOES_ON_NUMBER = re.compile(r"[-.,:]\d|%")


def _joined(tokens: Sequence[str]) -> tuple[str, list[int]]:
    """The tokens as one text, and where in it each begins.

    Some recognisers part a word at its punctuation ("$42" ".50", "Wi" "-Fi", "7" ":30"): such a
    token is put where it came from.
    """
    text = ""
    starts: list[int] = []
    for token in tokens:
        plain = _plain(token)
        is_apart = token[:1].isspace() or not (
            (text[-1:].isalnum() and _GOES_ON.match(plain))
            or (text[-1:].isdecimal() and _GOES_ON_NUMBER.match(plain))
        )
        if text and is_apart:
            text += " "
        starts.append(len(text))
        text += plain
    return text, starts


def _plain(token: str) -> str:
    """Lower case, without accents, with one kind of apostrophe."""
    text = re.sub("[\u2018\u2019\u02bc\u00b4`]", "'", token.strip()).lower()
    text = "".join(spellings.LETTERS.get(sign, sign) for sign in text)
    if text.isascii():
        return text
    taken_apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", taken_apart))


def _words(text: str) -> Iterator[Piece]:
    return (Piece(spellings.spelled(word)) for word in text.split())


def _word(text: str, before: Piece | None) -> Iterator[Piece]:
    after_number = before is not None and before.is_number
    if text in spellings.CONTRACTIONS:
        yield from _words(spellings.CONTRACTIONS[text])
    elif text in spellings.AFTER_NUMBER and after_number:
        yield Piece(text, (spellings.AFTER_NUMBER[text],))
    elif text in spellings.AFTER_DEGREES and before is not None and before.text == "degrees":
        yield Piece(spellings.AFTER_DEGREES[text])
    elif text in spellings.TWO_WORDS:
        first, *rest = spellings.TWO_WORDS[text]
        yield Piece(first, tuple(rest))
    elif "'" in text:
        yield from _with_apostrophe(text)
    elif text not in spellings.FILLERS:
        yield Piece(spellings.spelled(text))


def _with_apostrophe(text: str) -> Iterator[Piece]:
    base, _, ending = text.rpartition("'")
    base = base.replace("'", "")
    if ending == "t" and base.endswith("n"):
        yield Piece(spellings.spelled(base[:-1]))
        yield Piece("not")
    elif ending in spellings.ENDINGS:
        yield Piece(spellings.spelled(base), contraction=text)
        yield Piece(spellings.ENDINGS[ending])
    elif ending in spellings.OPEN_ENDINGS and base in PRONOUNS:
        first, *rest = spellings.OPEN_ENDINGS[ending]
        yield Piece(spellings.spelled(base), contraction=text)
        yield Piece(first, tuple(rest))
    elif ending in spellings.OPEN_ENDINGS:
        yield Piece(spellings.spelled(base))
        yield Piece(f"'{ending}", spellings.OPEN_ENDINGS[ending])
    else:
        yield Piece(base + ending)


def _number(text: str, _: Piece | None = None) -> Iterator[Piece]:
    digits = text.replace(",", "")
    is_code = digits == text and digits.isdecimal() and len(digits) >= SHORTEST_CODE
    is_year = re.fullmatch(r"(?:1[89]|20)\d\d", digits) is not None
    if is_code and not is_year and len(digits) <= LONGEST_CODE:
        yield from (Piece(digit, group=0) for digit in digits)
    else:
        yield Piece(digits, is_plain=digits == text)


def _money(text: str, _: Piece | None) -> Iterator[Piece]:
    if re.search("[-\u2212]", text):
        yield Piece("minus")
    sign = next(sign for sign in text if sign in spellings.CURRENCIES)
    unit, small_unit = spellings.CURRENCIES[sign]
    text = re.sub(r",(\d\d)$", r".\1", text)  # "€3,50"
    amount, *multiplier = re.sub(f"[-\u2212,{re.escape(sign)}]", "", text).split()
    whole, _dot, rest = amount.partition(".")
    if int(whole) == 0 and len(rest) == 1 and not multiplier:
        rest = f"0{rest}"  # "$0.9" is how recognisers write "nine cents"; ninety is "$0.90"
    if len(rest) != 2 or multiplier:
        yield Piece(amount, is_plain=False)
        yield from (Piece(word) for word in [*multiplier, unit])
        return
    if int(whole) or not int(rest):
        yield Piece(whole, is_plain=False)
        yield Piece(unit)
    if int(rest):
        yield Piece(str(int(rest)), is_plain=False)
        yield Piece(small_unit)


def _clock(text: str, _: Piece | None) -> Iterator[Piece]:
    hours, minutes = text.split(":")
    yield Piece(str(int(hours)), is_clock=True)
    yield Piece("oclock") if minutes == "00" else Piece(minutes)


def _isodate(text: str, _: Piece | None) -> Iterator[Piece]:
    year, month, day = text.split("-")
    yield Piece(MONTHS[int(month) - 1])
    yield Piece(str(int(day)))
    yield Piece(year)


def _address(text: str, _: Piece | None) -> Iterator[Piece]:
    text = re.sub("^https?://", "", text).rstrip("./")
    for part in re.findall(r"\d+|[^\W\d_]+|[@._/+]", text):
        yield Piece(spellings.IN_ADDRESS.get(part, part))


def _minus(text: str, _: Piece | None) -> Iterator[Piece]:
    yield Piece("minus")


def _symbol(text: str, before: Piece | None) -> Iterator[Piece]:
    if text == "½" and before is not None and before.is_number:
        yield from _words("and a half")
    else:
        yield Piece(spellings.SYMBOLS[text])


def _initials(text: str, _: Piece | None) -> Iterator[Piece]:
    return (Piece(letter) for letter in text if letter != ".")


def _thousands(text: str, _: Piece | None) -> Iterator[Piece]:
    yield Piece(text[:-1], is_plain=False)
    yield Piece("thousand")


def _rate(text: str, _: Piece | None) -> Iterator[Piece]:
    yield Piece("kilometers" if text.startswith("km") else "miles")
    yield from _words("per hour")


def _percent(text: str, _: Piece | None) -> Iterator[Piece]:
    yield Piece("percent")


def _count(text: str, _: Piece | None) -> Iterator[Piece]:
    yield Piece("number") if text == "#" else Piece("no", ("number",))


def _ordinal(text: str, _: Piece | None) -> Iterator[Piece]:
    yield Piece(f"{int(text[:-2])}th")


_TAKEN_APART: dict[str, Callable[[str, Piece | None], Iterator[Piece]]] = {
    "money": _money,
    "email": _address,
    "site": _address,
    "isodate": _isodate,
    "clock": _clock,
    "ordinal": _ordinal,
    "thousands": _thousands,
    "number": _number,
    "initials": _initials,
    "rate": _rate,
    "percent": _percent,
    "count": _count,
    "word": _word,
    "minus": _minus,
    "symbol": _symbol,
}
