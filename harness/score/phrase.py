"""Find words among words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from harness.speech.words import missing_words


@dataclass(frozen=True, slots=True)
class Match:
    first: int
    last: int
    how: Literal["same", "homophone", "near"]


def find_phrase(tokens: Sequence[str], phrase: str) -> Match | None:
    """The shortest range that holds the phrase."""
    if missing_words(" ".join(tokens), [phrase]):
        return None
    for length in range(1, len(tokens) + 1):
        for first in range(len(tokens) - length + 1):
            if not missing_words(" ".join(tokens[first : first + length]), [phrase]):
                return Match(first, first + length - 1, "same")
    return None
