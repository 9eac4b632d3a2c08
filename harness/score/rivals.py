"""Words that ears take for each other, whole sentences around them or not: thirteen and thirty.

Where such a word was heard, its rival is weighed against it before it counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TEENS = {10 + ones: 10 * ones for ones in range(3, 10)}
_NUMBERS = _TEENS | {tens: teen for teen, tens in _TEENS.items()} | {12: 20, 20: 12, 5: 9, 9: 5}

_PAIRS = (
    *((f"{stem}teen", f"{stem}ty") for stem in ("thir", "six", "seven", "nine")),
    ("fourteen", "forty"),
    ("fifteen", "fifty"),
    ("eighteen", "eighty"),
    ("twelve", "twenty"),
    ("five", "nine"),
    ("seven", "eleven"),
    ("can", "can't"),
    ("can", "cannot"),
    ("Tuesday", "Thursday"),
    ("Sunday", "Monday"),
    ("on", "off"),
)


def _words() -> dict[str, str]:
    both: dict[str, str] = {}
    for one, other in _PAIRS:
        both.setdefault(one.lower(), other)
        both.setdefault(other.lower(), one)
    return both


_WORDS = _words()


def rivals(tokens: Sequence[str]) -> list[str]:
    """The tokens in a row, each time with one word or number taken for its rival; often []."""
    found = []
    for index, token in enumerate(tokens):
        for other in _rivals_of(token):
            found.append(" ".join([*tokens[:index], other, *tokens[index + 1 :]]))
    return found


_AUXILIARIES = frozenset(
    [
        *("is", "are", "was", "were", "has", "have", "had", "do", "does", "did"),
        *("could", "would", "should", "need", "must", "might"),
    ]
)
_LIKE_NT = frozenset(["a", "an", "and", "in", "it", "on", "to"])


def swallowed_negation(tokens: Sequence[str]) -> str | None:
    """The last but one token with the "n't" that an ear may have written as the last one.

    "Hasn't expired" is heard as "has an expired", "needn't" as "need to".

    Args:
        tokens: those in question and the one that follows them.
    """
    *before, verb, small = tokens
    if verb.lower() not in _AUXILIARIES or small.lower() not in _LIKE_NT:
        return None
    return " ".join([*before, f"{verb}n't"])


def _rivals_of(token: str) -> list[str]:
    """A token's rivals, with its own punctuation and capital."""
    numbers = [
        f"{token[: match.start()]}{other}{token[match.end() :]}"
        for match in re.finditer(r"\d+", token)
        if (other := _rival_number(match.group())) is not None
    ]
    core = re.search(r"[^\W\d_]+(?:['’][^\W\d_]+)?", token)
    word = _WORDS.get(core.group().lower().replace("’", "'")) if core else None
    if core is None or word is None:
        return numbers
    word = word.capitalize() if core.group()[0].isupper() else word.lower()
    return [*numbers, f"{token[: core.start()]}{word}{token[core.end() :]}"]


def _rival_number(digits: str) -> str | None:
    """The number whose last part sounds alike: 13 and 30, 415 and 450."""
    value = int(digits)
    other = _NUMBERS.get(value % 100)
    if other is None or (len(digits) > 2 and value % 100 < 10) or digits.startswith("0"):
        return None
    return str(value - value % 100 + other)
