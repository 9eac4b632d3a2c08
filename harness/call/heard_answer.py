"""What was said and what was heard, measured in the samples of both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.browser.page_audio import AudioFrames
from harness.call.answers import Answer
from harness.call.speech_tools import SpeechTools
from harness.call.utterance import Utterance
from harness.score.hearing import Hearing, Witness
from harness.score.witness import ClipWitness
from harness.speech.ears import EarOf

RUN_UP_S = 0.3
"""Heard before an answer's first sign: its onset may lie up to 0.15 s before the detector's."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something that went into the microphone."""

    utterance: Utterance
    start_s: float
    """First sample, on the time line; exact."""

    @property
    def end_s(self) -> float:
        return self.start_s + self.utterance.clip.duration_s

    @property
    def speech_start_s(self) -> float:
        return self.start_s + self.utterance.speech_start_s

    @property
    def speech_end_s(self) -> float:
        return self.start_s + self.utterance.speech_end_s


@dataclass(frozen=True, slots=True)
class HeardAnswer:
    """One answer, when it was over."""

    transcript: str
    """What the protocol says was said."""

    recognised: str
    """What recognition hears in the audio; "" where nothing was heard."""

    start_s: float | None
    """First voiced sample heard, on the time line; None where nothing was heard."""

    end_s: float | None
    """Last voiced sample heard."""

    voice_to_voice_s: float | None
    """From the user's last voiced sample to the answer's first; None without both."""

    interrupted: bool
    status: str | None
    answer_id: str

    hearing: Hearing | None = None
    """What the ears made of its sound; None where no voice was heard."""

    witness: Witness | None = field(default=None, repr=False, compare=False)
    """The ears, to be asked again about the same sound."""

    @property
    def text(self) -> str:
        """What was said: the transcript, or what was recognised where the page has none.

        The transcript of an interrupted answer goes on where nobody heard it any more.
        """
        return self.recognised if self.interrupted else self.transcript or self.recognised


@dataclass(frozen=True, slots=True)
class Voice:
    """Speech that was found in heard audio, on the time line, and its words."""

    start_s: float
    end_s: float
    words: str
    hearing: Hearing | None = None
    witness: Witness | None = field(default=None, repr=False, compare=False)


def listen_again(clip: AudioClip, from_s: float, tools: SpeechTools) -> Voice | None:
    """Where voice is in a clip that starts at ``from_s``, and what it says. Blocks."""
    spans = tools.find_speech(clip)
    if not spans:
        return None
    witness = ClipWitness(tools.ears or (EarOf(tools.recogniser),), clip, from_s)
    hearing = witness.hearing(spans)
    return Voice(hearing.start_s, hearing.end_s, hearing.text, hearing, witness)


def measured(answer: Answer, voice: Voice | None, said: Sequence[Said]) -> HeardAnswer:
    """The answer with its latency: from the end of the turn that it answers.

    Negative where the answer began while the user still spoke.
    """
    before = [s for s in said if voice is not None and s.speech_start_s < voice.start_s]
    latency_s = voice.start_s - before[-1].speech_end_s if before and voice is not None else None
    return HeardAnswer(
        transcript=answer.text.strip(),
        recognised=voice.words if voice else "",
        start_s=voice.start_s if voice else None,
        end_s=voice.end_s if voice else None,
        voice_to_voice_s=None if latency_s is None else round(latency_s, 4),
        interrupted=answer.interrupted,
        status=answer.status,
        answer_id=answer.answer_id,
        hearing=voice.hearing if voice else None,
        witness=voice.witness if voice else None,
    )


def heard_from_s(answer: Answer, answers: Sequence[Answer]) -> float:
    """From where on the heard audio is this answer's, with the run-up that a detector needs.

    Its first event may come after its first sound (a busy page hands events on late), so the
    earlier of both counts. What was heard of the answers before it stays out.
    """
    begun_s = min(answer.started_s, answer.voice_start_s or answer.started_s)
    ends = [a.voice_end_s for a in answers[: answers.index(answer)] if a.voice_end_s is not None]
    before_s = max((e for e in ends if e < (answer.voice_start_s or float("inf"))), default=0.0)
    return max(begun_s - RUN_UP_S, before_s, 0.0)


def heard_between(heard: Iterable[AudioFrames], start_s: float, end_s: float) -> AudioClip:
    """What was heard from start to end, silence where nothing was."""
    samples = np.zeros(max(0, round((end_s - start_s) * CALL_RATE_HZ)), np.float32)
    for frames in heard:
        at = round((frames.start_s - start_s) * CALL_RATE_HZ)
        first, last = max(0, at), min(len(samples), at + len(frames.samples))
        if first < last:
            samples[first:last] += frames.samples[first - at : last - at]
    return AudioClip(samples, CALL_RATE_HZ)
