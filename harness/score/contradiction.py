"""Contradiction between two texts, of which one may be only the other's spelling."""

from __future__ import annotations

import re

from harness.score.rivals import rivals
from harness.speech.words import normalise, sound_distance

NEGATIONS = re.compile(r"\b(?:not|never|none|nobody|nothing|without)\b")
SAME_BY_EAR = 0.02
"""Two texts whose sounds differ by less than this cannot be told apart."""

ROW_OF_DIGITS = 5
"""So many digits are read out one by one, or in groups of anybody's choice."""


def contradict(one: str, other: str) -> bool:
    """Whether they differ in a number or in a "not", and can be told apart by ear.

    That is never a matter of spelling, however alike they sound.
    """
    return denies(one, other) or denies(other, one)


def denies(wanted: str, heard: str, *, is_backed: bool = False) -> bool:
    """Whether what was heard says something else than the wanted words.

    It has another number, another "not", or a word that is taken for one of theirs. Numbers beside
    it do not matter where the wanted words have none.

    Args:
        is_backed: another ear wrote the wanted words themselves. Then no number at all, and a
            digit fewer of several equal ones ("55" for "555"), are what an ear loses: they say
            nothing else.
    """
    distance = sound_distance(wanted, heard)
    if distance == 0.0:
        return False  # "B 1 2" and "be one too"
    one, other = (normalise(text).replace("cannot", "can not") for text in (wanted, heard))
    numbers, others = (re.findall(r"\d+", text) for text in (one, other))
    if any(normalise(rival) == normalise(wanted) for rival in rivals(heard.split())):
        return True  # "on" and "off": noise makes one of the other
    loses = is_backed and _loses_digits("".join(numbers), "".join(others))
    if numbers and others and "".join(numbers) != "".join(others):
        return not loses  # however long the words around them are, in which one sound is lost
    if distance <= SAME_BY_EAR:
        return False
    # The same digits: how many of them are written as one is spelling.
    is_row = len("".join(numbers)) >= ROW_OF_DIGITS
    if numbers and numbers != others and not loses and not is_row:
        return True
    return NEGATIONS.findall(one) != NEGATIONS.findall(other)


def _loses_digits(wanted: str, heard: str) -> bool:
    """Whether all digits are lost, or only some of several equal ones in a row."""
    return not heard or (len(heard) < len(wanted) and _once(heard) == _once(wanted))


def loses_digits(wanted: str, heard: str) -> bool:
    """Whether what was heard has the wanted words' digits in their order, and some of them not.

    An ear that is unsure leaves digits out; hardly ever does it make one up.
    """
    left = iter(re.sub(r"\D", "", normalise(wanted)))
    digits = re.sub(r"\D", "", normalise(heard))
    return bool(digits) and all(digit in left for digit in digits)


def _once(digits: str) -> str:
    return re.sub(r"(\d)\1+", r"\1", digits)
