"""Texts compared as wholes: their normal form, their word errors, the words they hold.

Even a good recogniser on a good voice makes 2 to 5 % errors: judge by key words or a threshold,
never by equal texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.speech.words.alignment import steps_of
from harness.speech.words.finding import find_in
from harness.speech.words.pieces import pieces_of
from harness.speech.words.readings import Edge, Meaning, Readings, readings_of


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
    "I'm at 21 Elm St., it's $42.50" is "i am at 21 elm saint it is 42.50 dollars".
    """
    readings = readings_of(text.split())
    words: list[str] = []
    at = 0
    while at < len(readings.pieces):
        edge = max(readings.edges[at], key=_preference, default=None)
        if edge is None:
            words.append(readings.pieces[at].text)
            at += 1
            continue
        words.append(_written(edge.meaning, readings.pieces[at].text))
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


_ORDER = ("word", "number", "ordinal", "digits", "clock", "amount", "date")


def _preference(edge: Edge) -> tuple[bool, int, int]:
    """Dates and amounts are spelled word by word: only what one word can say is taken together."""
    is_whole = edge.meaning.kind in ("number", "ordinal", "digits", "clock")
    return is_whole or edge.end == edge.start + 1, edge.end, -_ORDER.index(edge.meaning.kind)


def _written(meaning: Meaning, _piece: str) -> str:
    if meaning.kind == "ordinal":
        return f"{meaning.value}th"
    if meaning.kind == "clock" and meaning.unit is not None:
        return f"{meaning.value} {meaning.unit}"
    return meaning.value.removesuffix(" not")
