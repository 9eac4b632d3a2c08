"""Texts compared as wholes: their normal form, their word errors, the words they hold.

Even a good recogniser on a good voice makes 2 to 5 % errors: judge by key words or a threshold,
never by equal texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from harness.speech.words.alignment import steps_of
from harness.speech.words.finding import find_in
from harness.speech.words.meanings import Edge, Meaning
from harness.speech.words.numbers import CARDINALS
from harness.speech.words.pieces import pieces_of
from harness.speech.words.readings import Readings, readings_of


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Word errors of one comparison."""

    substitutions: int
    deletions: int
    insertions: int
    words: int
    """Words in the reference."""

    @property
    def rate(self) -> float:
        """Errors divided by the reference's words; above 1.0 where much was added.

        An empty reference gives 0.0 for an empty hypothesis and 1.0 otherwise.
        """
        errors = self.substitutions + self.deletions + self.insertions
        return errors / self.words if self.words else float(errors > 0)


def normal_form(text: str) -> str:
    """The text in one spelling: for people, and for patterns beside the words as heard.

    Lower case, no punctuation, American spelling, contractions written out, numbers as digits:
    "I'm at 21 Elm St., it's $42.50" is "i am at 21 elm saint it is 42 dollars 50 cents".
    """
    readings = readings_of(text.split())
    words: list[str] = []
    at = 0
    while at < len(readings.pieces):
        whole = (edge for edge in readings.edges[at] if _is_written_as_one(edge, readings))
        edge = max(whole, key=lambda edge: edge.end, default=None)
        if edge is None:
            words.append(readings.pieces[at].text)
            at += 1
            continue
        words.append(_written(edge.meaning))
        at = edge.end
    return " ".join(words).replace(" '", "'")


def normalise(text: str) -> str:
    """The normal form, under the name that comparisons of texts use."""
    return normal_form(text)


def can_be_looked_for(text: str) -> bool:
    """Whether a word is left of the text when punctuation and fillers ("um") are taken out."""
    return bool(pieces_of(text.split()))


def word_errors(reference: str, hypothesis: str) -> WordErrors:
    """Count the words to change, one spelling being as good as another.

    A homophone or a name that is only near is an error here: this is about a recogniser.
    """
    wanted, found = readings_of(reference.split()), readings_of(hypothesis.split())
    substitutions = deletions = insertions = 0
    for step in steps_of(wanted, found):
        if step.relation == "same":
            continue
        gone, new = step.a_end - step.a, step.b_end - step.b
        substitutions += min(gone, new)
        deletions += max(0, gone - new)
        insertions += max(0, new - gone)
    return WordErrors(substitutions, deletions, insertions, len(wanted.pieces))


def word_error_rate(reference: str, hypothesis: str) -> float:
    """Word error rate, 0.0 for the same words."""
    return word_errors(reference, hypothesis).rate


def character_error_rate(reference: str, hypothesis: str) -> float:
    """Letters to change, as a share of the reference's; 0.0 for the same text.

    Fairer than words where a sentence is short: "him" for "hear you" sounds nearly the same.
    """
    import jiwer  # 0.1 s to import

    wanted, found = normal_form(reference), normal_form(hypothesis)
    if not wanted:
        return float(bool(found))
    return float(jiwer.cer(wanted, found)) if found else 1.0


def missing_words(text: str, words: Iterable[str]) -> list[str]:
    """Those of the words (or phrases) that the text does not hold, as they were given.

    Held is what is the same or a homophone; a name that is only near is missing. A text without a
    word in it is never missing.
    """
    heard = readings_of(text.split())
    return [word for word in words if not _holds(heard, readings_of(word.split()))]


def contains_words(text: str, words: Iterable[str]) -> bool:
    """Whether the text holds every word and phrase."""
    return not missing_words(text, words)


def _holds(heard: Readings, wanted: Readings) -> bool:
    if not wanted.pieces:
        return True
    match = find_in(heard, wanted)
    return match is not None and match.how != "near"


def _is_written_as_one(edge: Edge, readings: Readings) -> bool:
    """Whether an edge has one way to be written.

    Dates and amounts are written word by word. Two numbers in a row ("seven thirty") are a time of
    day where they can be one, a year where they look like one, else two numbers.
    """
    kind, value, _ = edge.meaning
    pieces = readings.pieces[edge.start : edge.end]
    first = _first_of_several(edge, readings)
    if kind in ("date", "amount"):
        return False
    if kind == "digits":
        is_pair = len(pieces) == 2 and len(value) <= 4
        return not is_pair and all(CARDINALS.get(piece.text, 0) < 10 for piece in pieces)
    if first is None or pieces[0].is_clock:
        return True
    if kind == "clock":
        return first.isdecimal() and int(first) <= 12
    return kind != "number" or bool(re.fullmatch(r"(1[89]|20)\d\d", value))


def _first_of_several(edge: Edge, readings: Readings) -> str | None:
    """The first number of an edge that takes several together; None for one number."""
    for part in readings.edges[edge.start]:
        if part.meaning.kind != "number" or part.end >= edge.end:
            continue
        if any(other.meaning.kind == "number" for other in readings.edges[part.end]):
            return part.meaning.value
    return None


def _written(meaning: Meaning) -> str:
    if meaning.kind == "ordinal":
        return meaning.value + _suffix(int(meaning.value))
    if meaning.kind == "clock" and meaning.unit is not None:
        return f"{meaning.value} {meaning.unit}"
    return meaning.value.removesuffix(" not")


def _suffix(number: int) -> str:
    if number // 10 % 10 == 1:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
