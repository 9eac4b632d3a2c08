"""Find a phrase among the words of one recogniser."""

from __future__ import annotations

from collections.abc import Sequence

from harness.speech.words.matches import Match, Pair
from harness.speech.words.texts import normalise


def find_phrase(tokens: Sequence[str], phrase: str) -> Match | None:
    """The first place where a phrase's words follow each other among the tokens.

    Args:
        tokens: words as one recogniser wrote them, in order, punctuation included.
        phrase: a word or several.

    Returns:
        Which tokens they are, or None where they are not there.
    """
    wanted = normalise(phrase)
    if not wanted:
        return None
    for first in range(len(tokens)):
        for last in range(first, min(len(tokens), first + 12)):
            if normalise(" ".join(tokens[first : last + 1])) == wanted:
                return Match(first, last, "same")
    return None


def sound_distance(a: str, b: str) -> float:
    """How different two words sound: 0.0 the same, 1.0 nothing in common."""
    import jiwer

    one, other = normalise(a), normalise(b)
    if not one or not other:
        return float(one != other)
    return min(1.0, float(jiwer.cer(one, other)))


def align(a: Sequence[str], b: Sequence[str]) -> list[Pair]:
    """Lay the words of two texts side by side."""
    import jiwer

    one, other = [normalise(word) or "-" for word in a], [normalise(word) or "-" for word in b]
    if not one or not other:
        return [Pair(0, len(one), 0, len(other), "missing")] if one or other else []
    chunks = jiwer.process_words(" ".join(one), " ".join(other)).alignments[0]
    kinds = {"equal": "same", "substitute": "different", "delete": "missing", "insert": "missing"}
    return [
        Pair(c.ref_start_idx, c.ref_end_idx, c.hyp_start_idx, c.hyp_end_idx, kinds[c.type])
        for c in chunks
    ]
