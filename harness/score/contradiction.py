"""Contradiction between two texts, of which one may be only the other's spelling."""

from __future__ import annotations

import re

from harness.score.rivals import rivals
from harness.speech.words import normalise, sound_distance

NEGATIONS = re.compile(r"\b(?:not|never|none|nobody|nothing|without)\b")
SAME_BY_EAR = 0.02
"""Two texts whose sounds differ by less than this cannot be told apart."""


def contradict(one: str, other: str) -> bool:
    """Whether they differ in a number or in a "not", and can be told apart by ear.

    That is never a matter of spelling, however alike they sound.
    """
    return denies(one, other) or denies(other, one)


def denies(wanted: str, heard: str) -> bool:
    """Whether what was heard says something else than the wanted words.

    It has another number, another "not", or a word that is taken for one of theirs. Numbers beside
    it do not matter where the wanted words have none.
    """
    distance = sound_distance(wanted, heard)
    if distance == 0.0:
        return False  # "B 1 2" and "be one too"
    one, other = (normalise(text).replace("cannot", "can not") for text in (wanted, heard))
    numbers, others = (re.findall(r"\d+", text) for text in (one, other))
    if any(normalise(rival) == normalise(wanted) for rival in rivals(heard.split())):
        return True  # "on" and "off": noise makes one of the other
    if numbers and others and "".join(numbers) != "".join(others):
        return True  # however long the words around them are, in which one sound is lost
    if distance <= SAME_BY_EAR:
        return False
    if numbers and numbers != others:
        return True
    return NEGATIONS.findall(one) != NEGATIONS.findall(other)
