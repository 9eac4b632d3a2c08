"""Fragments of a transcript: words on the 200 ms grid of the session's timeline."""

from __future__ import annotations

import re

from harness.live.state import LiveState

GRID_MS = 200

_WORD = re.compile(r"\S+")


class Fragments:
    """The transcript of one speaker, fragment by fragment; times never run backwards.

    Args:
        kind: the type of its events.
    """

    def __init__(self, state: LiveState, kind: str) -> None:
        self._state = state
        self._kind = kind
        self._slot = 0
        """The latest place on the grid that has words, or may get some."""

        self._words: list[str] = []
        """Of that place, not told yet."""

        self._has_told = False

    def add(self, text: str, at_ms: int) -> None:
        """Words that are said at a place of the timeline; an earlier one counts as the latest."""
        self.advance(at_ms)
        self._words += _WORD.findall(text)

    def advance(self, now_ms: int) -> None:
        """Tell what was said before this place's slot of the grid."""
        slot = now_ms // GRID_MS
        if slot > self._slot:
            self.flush()
            self._slot = slot

    def flush(self) -> None:
        """Tell what there is; nothing is told of a slot without words."""
        if not self._words:
            return
        blank = " " if self._has_told else ""
        start_ms = self._slot * GRID_MS
        self._state.send(
            self._kind,
            delta=blank + " ".join(self._words),
            start_ms=start_ms,
            end_ms=start_ms + GRID_MS,
        )
        self._words, self._has_told = [], True

    def spread(self, text: str, start_ms: int, end_ms: int) -> None:
        """Tell all words of a stretch of speech, each where its share of the letters puts it."""
        length_ms = max(0, end_ms - start_ms)
        for word in _WORD.finditer(text):
            self.add(word.group(), start_ms + length_ms * word.start() // max(1, len(text)))
        self.flush()
