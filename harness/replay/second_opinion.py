"""Words of the caller as they are kept: where one recogniser errs, two others are asked.

The one that hears live turns is quick; on a bad line it now and then writes a word that nobody
said. A recording is listened to once, so it may cost more.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.audio.clip import MonoFloat32
from harness.regression.word_changes import word_change
from harness.speech.interface import Recogniser


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """A recogniser of three: the first is believed where another one hears the same."""

    first: Recogniser
    umpire: Recogniser
    """Who is asked each time, and believed where the other two say something else."""

    third: Recogniser | None = None
    """Who is asked where these two differ."""

    @property
    def name(self) -> str:
        """The first one's name."""
        return self.first.name

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The words, spelt as by whoever is believed.

        Raises:
            SpeechError: a recogniser cannot run.
        """
        words = self.first.recognise(samples, sample_rate_hz).strip()
        other = self.umpire.recognise(samples, sample_rate_hz).strip()
        if not words or not other or sounds_the_same(words, other):
            return words
        if self.third is not None:
            third = self.third.recognise(samples, sample_rate_hz)
            if sounds_the_same(words, third.strip()):
                return words
        return other


def sounds_the_same(words: str, others: str) -> bool:
    """Whether two texts are the same but for spelling and homophones. Pure."""
    change = word_change(words, others)
    return not change.gone and not change.new
