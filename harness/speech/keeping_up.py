"""Live speech: what nobody could know beforehand, first part first, and never slower than it plays.

A voice that people understand takes up to a second of CPU for a second of speech. So a text is
made clause by clause, and where the machine is too slow for it, a quick voice takes over for a
while, from the next text on. That is told, for whoever listens must know why the voice changed.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterator

from harness.audio.clip import AudioClip
from harness.speech.interface import ENGLISH
from harness.speech.voices import KeepingSynthesiser, Voices

LEAST_CLAUSE_CHARS = 16
"""A clause is at least this long: about a second of speech."""

GRACE_S = 0.5
"""A part may take this much longer than it plays: what there is before it covers that, and a single
word always costs more than it lasts."""

REST_S = 30.0
"""For this long the quick voice speaks; then the other one is tried again."""

_CLAUSE_END = re.compile(r"(?<=[,;:–—.!?])\s+")


class KeepingUp:
    """`Voices` for live text. Safe for several threads, if they are.

    Args:
        voices: speak what is kept already, and the rest where the machine is quick enough.
        quick: takes over; None where there is none.
        told: called in the synthesis thread, once for each time that the quick voice takes over.
        now_s: a monotonic clock.
    """

    def __init__(
        self,
        voices: Voices,
        quick: KeepingSynthesiser | None,
        told: Callable[[str], None] = lambda _: None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.told = told
        self._voices = voices
        self._quick = quick
        self._now_s = now_s
        self._rests_until_s = float("-inf")
        self.name = voices.name
        self.voices = voices.voices
        self.own_voices = voices.own_voices
        self.stand_ins = voices.stand_ins
        self.languages = voices.languages

    def load(self) -> None:
        """Load the model.

        Raises:
            SpeechError: its package is missing or damaged.
        """
        self._voices.load()

    def synthesise(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> AudioClip:
        """The whole text as one clip, at whatever it costs."""
        return self._voices.synthesise(text, voice, speed, language)

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        """The text part by part, each when it is ready.

        Raises:
            SpeechError: unknown voice or language, or its engine is missing, damaged or failed.
        """
        if self._voices.has(text, voice, speed, language):
            yield from self._voices.parts(text, voice, speed, language)
            return
        is_own = (voice is None or voice in self.own_voices) and language in (None, ENGLISH)
        if is_own and self._quick is not None and self._now_s() < self._rests_until_s:
            yield from self._quick.parts(text, quick_voice(voice, self._quick.voices), speed)
            return
        for clause in clauses(text):
            was_kept = self._voices.has(clause, voice, speed, language)
            took_s = played_s = 0.0
            making = self._voices.parts(clause, voice, speed, language)
            began_s = self._now_s()
            while (clip := next(making, None)) is not None:
                took_s += self._now_s() - began_s
                played_s += clip.duration_s
                yield clip
                began_s = self._now_s()  # what the taker does with it is not our time
            if is_own and not was_kept:
                self._judge(clause, took_s, played_s)

    def _judge(self, clause: str, took_s: float, played_s: float) -> None:
        if self._quick is None or took_s <= played_s + GRACE_S:
            return
        self._rests_until_s = self._now_s() + REST_S
        self.told(
            f"“{clause}” took {took_s:.1f} s to speak and lasts {played_s:.1f} s: this machine is "
            f"too slow for {self.name} now, so {self._quick.name} speaks for {REST_S:.0f} s"
        )


def clauses(text: str) -> list[str]:
    """The text in clauses that are each long enough to be spoken on their own."""
    found: list[str] = []
    for piece in _CLAUSE_END.split(text.strip()):
        if found and len(found[-1]) < LEAST_CLAUSE_CHARS:
            found[-1] += " " + piece
        else:
            found.append(piece)
    if len(found) > 1 and len(found[-1]) < LEAST_CLAUSE_CHARS:
        last = found.pop()
        found[-1] += " " + last
    return [piece for piece in found if piece]


def quick_voice(voice: str | None, voices: tuple[str, ...]) -> str | None:
    """The quick engine's voice for another engine's: of the same name, else always the same one."""
    if voice is None or voice in voices:
        return voice
    return voices[zlib.crc32(voice.encode()) % len(voices)]
