"""Words compared as meanings of sound: the same in any spelling, told apart where ears can."""

from harness.speech.words.alignment import align
from harness.speech.words.finding import find_phrase, sound_distance
from harness.speech.words.matches import Alike, Match, Pair, Relation
from harness.speech.words.spellings import FILLERS
from harness.speech.words.texts import (
    WordErrors,
    can_be_looked_for,
    character_error_rate,
    contains_words,
    missing_words,
    normal_form,
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
