"""Whether an answer that was cut off begins again. Pure.

It may be right (the user asked for it once more), or the other side's way of not hearing "stop".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from harness.score.answers import Answer

LEAST_WORDS = 4
"""Answers that begin with fewer words in common ("Of course.") are not the same one."""


def restarted(answer: Answer, answers: Sequence[Answer]) -> str | None:
    """In words, which answer that was cut begins again with this one; None: none does.

    Args:
        answers: all of the call's, by whose transcripts this is known.
    """
    words = _words(answer.text)
    for cut in reversed(answers):
        if cut is answer or not cut.interrupted or cut.began_s >= answer.began_s:
            continue
        if _shared(words, _words(cut.text)) >= LEAST_WORDS:
            return (
                f"it begins with the words of the answer that was cut off (at {cut.began_s:.3f} s):"
                " that answer began again"
            )
    return None


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with alike."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower().replace("’", "'"))
