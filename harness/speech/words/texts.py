"""Compare words: what should have been said with what was recognised.

Texts are normalised first (case, punctuation, "I'm" and "I am", "ten" and "10"), because a
recogniser's spelling is not an error of speech. Even a good recogniser on a good voice makes
2 to 5 % errors: judge by key words or a threshold, never by equal texts.
"""

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

LONGEST_JOIN = 7
"""Most words that one word of the other side may stand for: the digits of a phone number."""

FILLERS = frozenset({"hmm", "mm", "mhm", "mmm", "uh", "um"})
"""Sounds that normalising takes out; nobody can look for them."""


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


def normalise(text: str) -> str:
    """Lower case, no punctuation, numbers as digits, contractions written out."""
    # A phone number's hyphens: the normaliser would drop the zero after one.
    joined_digits = re.sub(r"(?<=\d)[-\u2013](?=\d)", "", text)
    words = _normaliser()(joined_digits).split()
    return " ".join(word for word in words if any(sign.isalnum() for sign in word))


def can_be_looked_for(text: str) -> bool:
    """Whether something is left of a word or phrase when it is normalised.

    Cheap: the normaliser itself takes 0.1 s to import.
    """
    words = re.findall(r"\w+", re.sub(r"[<\[(].*?[>\])]", "", text.lower()))
    return any(word not in FILLERS for word in words)


def word_errors(reference: str, hypothesis: str) -> WordErrors:
    """Count the words to change, after both are normalised.

    Words that one side writes together and the other apart ("good bye", "555 0123") are no
    errors.
    """
    import jiwer  # 0.1 s to import, and most runs compare words only at their end

    wanted, found = normalise(reference).split(), normalise(hypothesis).split()
    wanted, found = _written_as(wanted, found), _written_as(found, wanted)
    if not wanted or not found:
        return WordErrors(0, len(wanted), len(found), len(wanted))
    counts = jiwer.process_words(" ".join(wanted), " ".join(found))
    return WordErrors(counts.substitutions, counts.deletions, counts.insertions, len(wanted))


def word_error_rate(reference: str, hypothesis: str) -> float:
    """Word error rate, 0.0 for the same words."""
    return word_errors(reference, hypothesis).rate


def character_error_rate(reference: str, hypothesis: str) -> float:
    """Letters to change, as a share of the reference's; 0.0 for the same text.

    Fairer than words where a sentence is short: "him" for "hear you" sounds nearly the same.
    """
    import jiwer

    wanted, found = normalise(reference), normalise(hypothesis)
    if not wanted:
        return float(bool(found))
    return float(jiwer.cer(wanted, found)) if found else 1.0


def missing_words(text: str, words: Iterable[str]) -> list[str]:
    """Those of the words (or phrases) that the text does not hold, as they were given.

    A phrase counts when its words follow each other in the text, written together or apart.
    """
    present = normalise(text).split()
    return [word for word in words if not _holds(present, "".join(normalise(word).split()))]


def contains_words(text: str, words: Iterable[str]) -> bool:
    """Whether the text holds every word and phrase."""
    return not missing_words(text, words)


def _written_as(words: list[str], other: list[str]) -> list[str]:
    """The words, with neighbours joined where the other side has them as one word."""
    known = set(other)
    result: list[str] = []
    position = 0
    while position < len(words):
        lengths = range(min(LONGEST_JOIN, len(words) - position), 1, -1)
        length = next((n for n in lengths if "".join(words[position : position + n]) in known), 1)
        result.append("".join(words[position : position + length]))
        position += length
    return result


def _holds(words: list[str], joined_phrase: str) -> bool:
    """Whether some of the words in a row, joined, are the phrase."""
    for first in range(len(words)):
        joined = ""
        for word in words[first:]:
            joined += word
            if joined == joined_phrase:
                return True
            if len(joined) >= len(joined_phrase):
                break
    return not joined_phrase


@functools.cache
def _normaliser() -> Callable[[str], str]:
    from whisper_normalizer.english import EnglishTextNormalizer  # 0.1 s to import

    normaliser: Callable[[str], str] = EnglishTextNormalizer()
    return normaliser
