"""Words of a user beside those of a cassette: the same turn, or what is different.

Two recognisers write the same speech differently, so a few misheard words are let pass. A number, a
day, a negation or a direction never is: it is what makes another request of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.speech.words import Pair, align, normal_form
from harness.speech.words.closed import CLOSED, FUNCTION_WORDS

MOST_MISHEARD = 0.25
"""The share of the words that may be misheard."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a wording has that what was said has not, and the other way round."""

    recorded: tuple[str, ...]
    said: tuple[str, ...]
    kept: int
    """Words that both have."""

    matters: bool
    """Whether it makes another turn of it."""

    @property
    def in_words(self) -> str:
        """For people."""
        gone, new = _quoted(self.recorded), _quoted(self.said)
        if gone and new:
            return f"{gone} in the cassette, {new} here"
        return f"{gone} is missing here" if gone else f"{new} is new here"


def difference(recorded: str, said: str) -> Difference | None:
    """What is different between a wording and what was said; None: not a word."""
    ones, others = recorded.split(), said.split()
    pairs = [pair for pair in align(ones, others) if pair.relation not in ("same", "homophone")]
    if not pairs:
        return None
    gone = [word for pair in pairs for word in ones[pair.a_first : pair.a_end]]
    new = [word for pair in pairs for word in others[pair.b_first : pair.b_end]]
    share = max(len(gone), len(new)) / max(len(ones), len(others), 1)
    matters = share > MOST_MISHEARD or any(_is_another(pair, ones, others) for pair in pairs)
    return Difference(
        tuple(map(_plain, gone)), tuple(map(_plain, new)), len(ones) - len(gone), matters
    )


def nearest(wordings: Sequence[str], said: str) -> Difference | None:
    """The difference from the nearest of several wordings; None where one of them agrees."""
    found: list[Difference] = []
    for wording in wordings:
        one = difference(wording, said)
        if one is None or not one.matters:
            return None
        found.append(one)
    return max(found, key=lambda one: one.kept - len(one.recorded) - len(one.said), default=None)


def _is_another(pair: Pair, ones: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a word that is always another meaning stands on one side alone."""
    if pair.relation == "near":
        return False
    gone = _words(ones[pair.a_first : pair.a_end])
    new = _words(others[pair.b_first : pair.b_end])
    return any(word.isdecimal() or word in _TELLING for word in gone ^ new)


_TELLING = CLOSED - FUNCTION_WORDS | frozenset({"not"})


def _words(tokens: Sequence[str]) -> set[str]:
    return set(normal_form(" ".join(tokens)).split())


def _plain(word: str) -> str:
    return word.strip(".,;:!?…\"“”'()")


def _quoted(words: Sequence[str]) -> str:
    return f"“{' '.join(words)}”" if words else ""
