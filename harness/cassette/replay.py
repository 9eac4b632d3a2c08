"""The assistant that answers from a cassette. Pure: its sounds are in memory, its waits are told.

Ids, times and secrets are not replayed: the session that asks makes its own.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from harness.audio.clip import MonoFloat32
from harness.cassette.matching import Mismatch, find_answer
from harness.cassette.model import Cassette, Piece, RecordedAnswer
from harness.errors import AssistantError
from harness.realtime.server.assistants import assistant as a

Delays = Literal["recorded", "none"]

MISMATCH = "cassette_mismatch"
"""Code of the error with which a response fails that the cassette does not have."""

FRAME_S = 0.02
"""A sound is there one frame before it is to be heard, so that playback begins it to the sample."""

CHARACTERS_A_SECOND = 14.0
"""Of speech, to guess how many of the words a sound holds that was cut."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CassetteAssistant:
    """Answers what the cassette answered; the same object serves any number of calls."""

    cassette: Cassette
    sounds: Mapping[str, MonoFloat32] = field(repr=False)
    """By the name that a piece gives: float32 at 24 kHz, shape (frames,)."""

    delays: Delays = "recorded"
    fallback: a.Assistant | None = None
    """Asked for what the cassette does not have; None: that is an error."""

    def answer(self, prompt: a.Prompt) -> Iterable[a.Piece] | AsyncIterator[a.Piece]:
        """The recorded answer.

        Raises:
            AssistantError: code `MISMATCH`, and nobody else was to be asked; or the recorded
                answer failed, too, with the code it had.
        """
        found = find_answer(self.cassette, prompt)
        if not isinstance(found, Mismatch):
            return self._pieces(found)
        if self.fallback is not None:
            _log.warning("%s The local assistant answers.", found.in_words)
            return self.fallback.answer(prompt)
        raise AssistantError(found.in_words, MISMATCH)

    def _pieces(self, answer: RecordedAnswer) -> Iterator[a.Piece]:
        for piece in answer.pieces:
            early_s = 0.0
            if self.delays == "recorded" and piece.at_s > 0:
                early_s = min(FRAME_S, piece.at_s) if piece.audio is not None else 0.0
                yield a.Wait(piece.at_s - early_s, since_asked=True)
            yield from self._piece(piece, early_s)
        if answer.error is not None:
            raise AssistantError(answer.error.message, answer.error.code)

    def _piece(self, piece: Piece, early_s: float) -> Iterator[a.Piece]:
        if piece.call is not None:
            yield a.UseTool(piece.call, piece.arguments or "{}", piece.server_label)
            return
        words = piece.say or ""
        if piece.audio is None:
            yield a.Say(words)
            return
        samples = self.sounds[piece.audio]
        heard, rest = words, ""
        if piece.cut:
            heard, rest = _split(words, len(samples) / a.ASSISTANT_RATE_HZ)
        yield a.Play(samples, heard, early_s)
        if rest:
            # What nobody let it say is spoken by the local voice, or a user who interrupts a
            # little later than then would find an answer that is over.
            yield a.Say(f" {rest}")


def _split(words: str, heard_s: float) -> tuple[str, str]:
    """The words that a sound of this length holds, about, and those that come after it."""
    each = words.split()
    count, characters = 0, 0.0
    while count < len(each) and characters < heard_s * CHARACTERS_A_SECOND:
        characters += len(each[count]) + 1
        count += 1
    return " ".join(each[:count]), " ".join(each[count:])
