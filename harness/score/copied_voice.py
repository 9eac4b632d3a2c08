"""Answers that are a user's words played again: this user's recording, or another caller's.

Pure. A server that mixes up its calls sends what somebody else said; one that plays back what it
recorded sends the user's own words, perhaps seconds later. The same words in another voice are an
answer like any other, and so is a recording that no user has said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from harness.audio.clip import AudioClip
from harness.score.voice_likeness import STEP_S, Energies, fine_energies, warped_likeness

COPY_LIKENESS = 0.8
"""From here on it is the same recording. By ``python -m harness.bench.copied_voices --sentences 6``
(the recordings, and sentences in 6 synthetic voices; clean, Opus, 15 dB, telephone) copies had at
least 0.944, everything else at most 0.766: the same sentence by the most alike two speakers. In
nine answers of ``--assistant echo-sound`` over a real connection on a busy machine, whose jitter
buffer stretched some by 1.3, copies had at least 0.818."""

LEAST_S = 0.6
"""Shorter stretches tell nothing: "yes" is like "yes"."""

ROOM_S = 0.3
"""Silence that is looked at around each, since the edges of both were found in different sounds."""

SHOWN = 60
"""Letters of what was said in a message."""


@dataclass(frozen=True)
class Uttered:
    """Something that a user said, in this call or in another one."""

    speech: AudioClip
    """From its first to its last voiced sample."""

    text: str
    """Its words; "" where nobody wrote them down."""

    by: str
    """Who said it and where, for a message."""

    @cached_property
    def energies(self) -> Energies:
        """Computed when they are needed, once."""
        return fine_energies(self.speech)


@dataclass(frozen=True, slots=True)
class Copy:
    """What an answer is a copy of."""

    uttered: Uttered
    likeness: float
    """0 to 1, of the voiced stretch that is most like it."""

    @property
    def in_words(self) -> str:
        """For a message."""
        text = self.uttered.text
        if len(text) > SHOWN:
            text = text[:SHOWN].rsplit(" ", 1)[0] + " …"
        said = f"“{text}”, " if text else ""
        return f"its sound is {self.uttered.by} again ({said}likeness {self.likeness:.2f})"


def copy_of(voices: Sequence[AudioClip], uttered: Iterable[Uttered]) -> Copy | None:
    """What an answer is a copy of, by most of its voice; None: the voice is one of its own.

    Args:
        voices: the answer's voiced stretches; the rate of each is as that of ``uttered``.
        uttered: what may have been copied; the first of two that are as like counts.
    """
    candidates, copied_s = list(uttered), 0.0
    copies: list[Copy] = []
    for heard in map(fine_energies, voices):
        found = [Copy(one, likeness_of(heard, one.energies)) for one in candidates]
        best = max(found, key=lambda copy: copy.likeness, default=None)
        if best is not None and best.likeness >= COPY_LIKENESS:
            copies.append(best)
            copied_s += _shared_s(heard, best.uttered.energies)
    if copied_s <= sum(voice.duration_s for voice in voices) / 2:
        return None
    return max(copies, key=lambda copy: copy.likeness)


def likeness_of(heard: Energies, said: Energies, enough: float = COPY_LIKENESS) -> float:
    """How like the two are where one lies best in the other, 0 to 1.

    Below `LEAST_S` of either, and where it cannot be ``enough``, nothing is told: -1.
    """
    if _shared_s(heard, said) < LEAST_S:
        return -1.0
    like = warped_likeness(_with_room(said), heard, enough)
    if len(heard) > len(said):  # stretched on its way, or with something else beside it
        like = max(like, warped_likeness(_with_room(heard), said, enough))
    return like


def _with_room(voice: Energies) -> Energies:
    room = round(ROOM_S / STEP_S)
    return np.pad(voice, ((room, room), (0, 0)))


def _shared_s(heard: Energies, said: Energies) -> float:
    return min(len(heard), len(said)) * STEP_S
