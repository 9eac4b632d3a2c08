"""Compare words: what should have been said with what was recognised.

Texts are normalised first (case, punctuation, "I'm" and "I am", "ten" and "10"), because a
recogniser's spelling is not an error of speech. Even a good recogniser on a good voice makes
2 to 5 % errors: judge by key words or a threshold, never by equal texts.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass


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
    return _normaliser()(text).strip()


def word_errors(reference: str, hypothesis: str) -> WordErrors:
    """Count the words to change, after both are normalised."""
    import jiwer  # 0.1 s to import, and most runs compare words only at their end

    wanted, found = normalise(reference), normalise(hypothesis)
    if not wanted:
        return WordErrors(0, 0, len(found.split()), 0)
    if not found:
        return WordErrors(0, len(wanted.split()), 0, len(wanted.split()))
    counts = jiwer.process_words(wanted, found)
    return WordErrors(
        counts.substitutions, counts.deletions, counts.insertions, len(wanted.split())
    )


def word_error_rate(reference: str, hypothesis: str) -> float:
    """Word error rate, 0.0 for the same words."""
    return word_errors(reference, hypothesis).rate


def missing_words(text: str, words: Iterable[str]) -> list[str]:
    """Those of the words (or phrases) that the text does not hold, as they were given.

    A phrase counts when its words follow each other in the text.
    """
    present = f" {normalise(text)} "
    return [word for word in words if f" {normalise(word)} " not in present]


def contains_words(text: str, words: Iterable[str]) -> bool:
    """Whether the text holds every word and phrase."""
    return not missing_words(text, words)


@functools.cache
def _normaliser() -> Callable[[str], str]:
    from whisper_normalizer.english import EnglishTextNormalizer  # 0.1 s to import

    normaliser: Callable[[str], str] = EnglishTextNormalizer()
    return normaliser
