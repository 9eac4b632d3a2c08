"""Voices in what was heard, with their places: answers' and our own coming back.

Pure. The detector decides in windows; they lie on the call's timeline, counted from 0 s, whatever
piece is looked at, so that one and the same sound has the same edges in the running call and in
the report.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from harness.audio.clip import AudioClip
from harness.audio.side_of_file import Sound
from harness.score.answers import Answer
from harness.score.own_voice import LONGEST_DELAY_S, own_voice_delay_s
from harness.score.voices import is_played, voices_of
from harness.speech.spans import Span

GRID_S = 0.16
"""The detector's windows (32 ms) and the windows of levels (5 ms) begin together each 160 ms."""

RUN_UP_S = 2.0
"""Heard before an answer's first sign: the detector remembers, and the noise is measured here."""

EDGE_S = 0.1
"""A voice that comes back at once seems to begin this much before it was sent, at most: the edges
of the two are found in different sounds."""

FindSpeech = Callable[[AudioClip], Sequence[Span]]
"""Where somebody speaks in a clip, seconds from its first sample."""


@dataclass(frozen=True, slots=True)
class OwnVoice:
    """A stretch in which the user's own voice was heard."""

    span: Span
    delay_s: float
    """How long after it was sent."""

    @property
    def in_words(self) -> str:
        """For a message."""
        return (
            f"the user's own voice was heard from {self.span.start_s:.3f} s to "
            f"{self.span.end_s:.3f} s, {self.delay_s:.2f} s after it was sent (an echo, or a loop "
            "in the page): it is no answer"
        )


@dataclass(frozen=True, slots=True)
class CallSound:
    """A piece of both sides of a call; both clips have the same rate and begin at ``from_s``."""

    from_s: float
    heard: Sound
    sent: Sound

    def heard_in(self, span: Span) -> AudioClip:
        """What was heard from start to end of a span of the timeline."""
        return self.heard.between(span.start_s - self.from_s, span.end_s - self.from_s)

    def sent_in(self, span: Span) -> AudioClip:
        """What was sent in a span of the timeline, with silence for what lies before the piece."""
        part = self.sent.between(span.start_s - self.from_s, span.end_s - self.from_s)
        missing = round(max(0.0, self.from_s - span.start_s) * part.sample_rate_hz)
        padded = np.concatenate([np.zeros(missing, np.float32), part.samples])
        return AudioClip(padded, part.sample_rate_hz)


def piece_start_s(first_sign_s: float) -> float:
    """Where a piece begins that holds an answer: on the grid, with the run-up it needs.

    Args:
        first_sign_s: of the answer, on the timeline; so is the result.
    """
    return max(0, math.floor((first_sign_s - RUN_UP_S) / GRID_S)) * GRID_S


def spans_in(sound: CallSound, find_speech: FindSpeech) -> list[Span]:
    """Where voice is heard, on the timeline."""
    return [
        span.later(sound.from_s)
        for span in find_speech(sound.heard.between(0.0, sound.heard.duration_s))
    ]


def own_voices(
    sound: CallSound, spans: Sequence[Span], turns: Sequence[Span], answers: Sequence[Answer]
) -> list[OwnVoice]:
    """The stretches that are the user's own voice, said again by a loop or an echo.

    Only what begins while the user speaks, or soon after and in no answer's playback, can be one:
    an assistant may well say the user's words again, in the same synthetic voice.
    """
    found = []
    for span in spans:
        if not _may_be_own(span, turns, answers):
            continue
        before = Span(span.start_s - LONGEST_DELAY_S, span.end_s)
        delay_s = own_voice_delay_s(sound.heard_in(span), sound.sent_in(before))
        if delay_s is not None:
            found.append(OwnVoice(span, delay_s))
    return found


def answers_voices(
    spans: Sequence[Span], own: Sequence[OwnVoice], answers: Sequence[Answer]
) -> dict[str | None, list[Span]]:
    """The stretches of each answer by its id; our own voice is nobody's answer.

    Args:
        spans: where voice is heard.
        own: those of them that are the user's voice coming back.
        answers: all of the call's.

    Returns:
        Spans in order of time; under None, those of no known answer.
    """
    ours = [each.span for each in own]
    return voices_of([span for span in spans if span not in ours], answers)


def _may_be_own(span: Span, turns: Sequence[Span], answers: Sequence[Answer]) -> bool:
    for said in turns:
        if said.start_s - EDGE_S <= span.start_s < said.end_s:
            return True
        if said.end_s <= span.start_s < said.end_s + LONGEST_DELAY_S:
            return not is_played(span, answers)
    return False
