"""Words that are heard as others: whether what an ear wrote is another word, or another spelling.

A word that no ear wrote is found by weighing, and a recogniser weighs by sense as well as by sound:
"on the list" is a better sentence than "on the lift". So a word of the dictionary that stands in
its place counts as heard until the sound clearly speaks against it.
"""

from __future__ import annotations

from harness.speech.words import normalise
from harness.speech.words.sounds import is_known

SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "am",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "of",
        "and",
    ]
)
"""Words that carry a sentence and not its meaning. No negation is among them."""


def says_another_word(wanted: str, written: str) -> bool:
    """Whether an ear that wrote this heard another word than the wanted ones.

    It did not where it wrote them with something joined to them ("unhold", "afternoon", "agents"),
    where only small words differ ("is cleared" for "has cleared"), and where it wrote a word that
    does not exist ("Shivan"): names are written so.

    Args:
        wanted: words or a phrase.
        written: what stands in their place; "" where nothing does.
    """
    wanted_words, written_words = normalise(wanted).split(), normalise(written).split()
    if not written_words or "".join(wanted_words) in "".join(written_words):
        return False
    if not all(word.isdecimal() or is_known(word) for word in written_words):
        return False
    content, other = _content(wanted_words), _content(written_words)
    return not content or not content <= other


def _content(words: list[str]) -> set[str]:
    return {word for word in words if word not in SMALL_WORDS}
