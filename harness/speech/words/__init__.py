"""Words compared as meanings of sound: the same in any spelling, told apart where ears can."""

from harness.speech.words.finding import align, find_phrase, sound_distance
from harness.speech.words.matches import Alike, Match, Pair, Relation
from harness.speech.words.texts import (
    FILLERS,
    WordErrors,
    can_be_looked_for,
    character_error_rate,
    contains_words,
    missing_words,
    normalise,
    word_error_rate,
    word_errors,
)

__all__ = [
    "FILLERS",
    "Alike",
    "Match",
    "Pair",
    "Relation",
    "WordErrors",
    "align",
    "can_be_looked_for",
    "character_error_rate",
    "contains_words",
    "find_phrase",
    "missing_words",
    "normal_form",
    "normalise",
    "sound_distance",
    "word_error_rate",
    "word_errors",
]


def normal_form(text: str) -> str:
    """The text as patterns see it beside the words as heard."""
    return normalise(text)
