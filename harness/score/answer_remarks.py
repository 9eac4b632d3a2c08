"""Remarks on an answer: that one was begun before it, and given up. Pure.

An answer that was cut off and begins again may be right (the user asked for it once more), or the
other side's way of not hearing "stop". One that was taken back before anybody heard it cut nobody
off; but the other side had taken a pause for the end of the turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from harness.score.answers import Answer
from harness.speech.spans import Span

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


def taken_back(answer: Answer, answers: Sequence[Answer], turns: Sequence[Span]) -> str | None:
    """In words, that the same turn was taken for ended before, in a pause; None: it was not.

    Args:
        turns: what the user said, from first to last voiced sample.
    """
    said = next((turn for turn in reversed(turns) if turn.start_s < answer.began_s), None)
    for before in answers:
        is_unheard = before.interrupted and before.voice_start_s is None
        if said and is_unheard and said.start_s < before.began_s < min(said.end_s, answer.began_s):
            return (
                f"a pause was taken for the end of the turn: an answer was begun at "
                f"{before.began_s:.3f} s and taken back before anything of it was heard"
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
