"""Words of the caller as they are kept: where one recogniser errs, two others are asked.

The one that hears live turns is quick; on a bad line it now and then writes a word that nobody
said. A recording is listened to once, so it may cost more.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from harness.audio.clip import MonoFloat32
from harness.errors import SpeechError
from harness.regression.word_changes import word_change
from harness.speech.interface import Recogniser

_log = logging.getLogger(__name__)


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
        """The words, spelt as by whoever is believed; an opinion that fails is none.

        Raises:
            SpeechError: the first recogniser cannot run.
        """
        words = self.first.recognise(samples, sample_rate_hz).strip()
        other = _opinion(self.umpire, samples, sample_rate_hz)
        if not words or not other or sounds_the_same(words, other):
            return words
        if self.third is not None:
            third = _opinion(self.third, samples, sample_rate_hz)
            if sounds_the_same(words, third):
                return words
        return other


def _opinion(recogniser: Recogniser, samples: MonoFloat32, sample_rate_hz: int) -> str:
    try:
        return recogniser.recognise(samples, sample_rate_hz).strip()
    except SpeechError as error:
        _log.warning("%s Its opinion is left out.", error.message)
        return ""


def sounds_the_same(words: str, others: str) -> bool:
    """Whether two texts are the same but for spelling and homophones. Pure."""
    change = word_change(words, others)
    return not change.gone and not change.new
