"""The end of a turn in text: does what was said sound finished, by punctuation and last word."""

from __future__ import annotations

import re

_UNFINISHED_LAST_WORD = re.compile(
    "a|an|and|as|at|because|but|by|er|for|from|he|i|i'm|if|in|into|is|it's|like|my|of|on|or|our|"
    "she|so|than|that|the|their|then|they|this|to|uh|um|we|with|would|you|your"
)


def sounds_finished(text: str) -> bool:
    """True where a listener would take the turn.

    A sentence mark at the end speaks for it; a trailing ellipsis, comma, conjunction,
    preposition, article or hesitation speaks against it, whatever mark follows. Text without
    words is finished: there is nothing to wait for.
    """
    stripped = text.strip()
    words = re.findall(r"[\w']+", stripped.lower())
    if not words:
        return True
    if stripped.endswith(("...", "…", ",", "-", "–")) or _UNFINISHED_LAST_WORD.fullmatch(words[-1]):
        return False
    return stripped.endswith((".", "!", "?")) or len(words) >= 3
