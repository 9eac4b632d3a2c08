"""Words of a turn that is still being spoken: told once they are certain, and never taken back."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

STREAMING_MODELS = ("gpt-realtime-whisper", "gpt-live-transcribe")
"""Transcription models that tell words during speech."""

EVERY_MS = 800
"""Speech between two looks, at least; a long turn is looked at more and more rarely."""

LONGEST_MS = 20_000
"""What is said after this much of a turn is told at its end."""


def is_streaming(model: object) -> bool:
    """Whether a session's transcription model tells words during speech."""
    return str(model).startswith(STREAMING_MODELS)


def next_look_ms(heard_ms: float) -> float:
    """How much of a turn there must be for the next look, after one at this much."""
    return heard_ms + max(EVERY_MS, heard_ms / 4)


class PartialTranscript:
    """Decides which words of one turn are certain.

    Those are that two looks in a row agree on (but for case and punctuation), without the last
    word of the newer one: that may be cut in half. What was told stays: the transcript is what was
    told and the rest of what the last look, at the whole turn, understood.
    """

    def __init__(self) -> None:
        self.told: list[str] = []
        self._before: list[str] = []

    def look(self, text: str) -> list[str]:
        """The words that are new and certain after one more look at the turn so far."""
        words = text.split()
        agreed = _common(self._before, words)
        self._before = words
        certain = words[: min(agreed, len(words) - 1)] if words else []
        if _common(self.told, certain) < len(self.told):
            return []  # it has changed its mind about what was told: that is left to the end
        new = certain[len(self.told) :]
        self.told += new
        return new

    def finish(self, text: str) -> list[str]:
        """The words still to be told, given what the whole turn says."""
        words = text.split()
        rest = words[_continues_at(self.told, words) :]
        self.told += rest
        return rest


def _continues_at(told: list[str], words: list[str]) -> int:
    """Where in the words those end that were told already, the best way they match."""
    matcher = SequenceMatcher(None, [*map(_plain, told)], [*map(_plain, words)], autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        if i2 == len(told):
            return min(j2, j1 + i2 - i1)
    return 0


def _common(some: list[str], others: list[str]) -> int:
    """How many words at the beginning are the same."""
    pairs = zip(some, others, strict=False)
    differing = (at for at, (one, other) in enumerate(pairs) if _plain(one) != _plain(other))
    return next(differing, min(len(some), len(others)))


def _plain(word: str) -> str:
    return re.sub(r"[^\w']", "", word.lower()) or word
