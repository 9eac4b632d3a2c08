"""One answer, measured in the samples of both sides: what was said and what was heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.level import rms_dbfs, window_levels_dbfs
from harness.call.utterance import Utterance
from harness.line.audio import AudioFrames
from harness.score.answers import Answer
from harness.score.heard_voices import CallSound
from harness.score.hearing import Hearing, Witness
from harness.score.turns import turn_of_answer, voice_to_voice_s
from harness.score.uncertainty import KNOWN_CLIP_S, combined
from harness.score.witness import ClipWitness
from harness.speech.ears import EarOf
from harness.speech.spans import Span
from harness.speech.tools import SpeechTools
from harness.speech.words import find_phrase

BEFORE_S, AFTER_S = 0.45, 0.45
"""Around an answer's voice, given to recognition."""

SOUND_DBFS = -50.0
"""Louder than this is a sound, whether or not it is speech."""

WINDOW_S, LEAST_SOUND_S = 0.05, 0.3
"""Levels are taken of so long a window; a sound is one that is loud for so long."""

EDGE_S = 0.5
"""Beside a voice there are its breath and its echo."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something that went into the microphone."""

    utterance: Utterance
    start_s: float
    """First sample, on the timeline."""

    uncertainty_s: float = 0.0
    """How wrong that may be; 0.0 but for a sound device of the machine."""

    @property
    def end_s(self) -> float:
        """End of its last sample, on the timeline."""
        return self.start_s + self.utterance.clip.duration_s

    @property
    def speech_start_s(self) -> float:
        """First voiced sample, on the timeline."""
        return self.start_s + self.utterance.speech_start_s

    @property
    def speech_end_s(self) -> float:
        """Last voiced sample, on the timeline."""
        return self.start_s + self.utterance.speech_end_s

    def without_sound(self) -> Said:
        """The same with silence for its samples, which costs no memory."""
        clip = self.utterance.clip
        silent = np.broadcast_to(np.float32(0.0), (clip.frames,))
        silence = AudioClip(silent, clip.sample_rate_hz)
        return replace(self, utterance=replace(self.utterance, clip=silence))

    @property
    def speech(self) -> Span:
        """From the first to the last voiced sample, on the timeline."""
        doubt_s = combined(KNOWN_CLIP_S, self.uncertainty_s)
        return Span(self.speech_start_s, self.speech_end_s, doubt_s, doubt_s)


class HeardText(str):
    """Recognised text; `in` finds words and phrases as people hear them.

    Numbers, spellings and what sounds the same are compared as `words` of a scenario are, by the
    first recogniser alone. What it misses only a scenario's expectation asks the others about.
    """

    __slots__ = ()

    def __contains__(self, wanted: object) -> bool:
        match = find_phrase(self.split(), str(wanted))
        return match is not None and match.how != "near"


@dataclass(frozen=True, slots=True)
class HeardAnswer:
    """One answer, when it was over."""

    transcript: str
    """What the protocol says was said."""

    recognised: str
    """What recognition hears in the audio; "" where nothing was heard."""

    start_s: float | None
    """First voiced sample heard, on the timeline; None where nothing was heard."""

    end_s: float | None
    """Last voiced sample heard."""

    voice_to_voice_s: float | None
    """From the user's last voiced sample to the answer's first; None without both."""

    interrupted: bool
    status: str | None
    answer_id: str

    voice_to_voice_uncertainty_s: float | None = None
    """How far `voice_to_voice_s` may be off, either way, in 95 of 100 cases; None: not known."""

    end_uncertainty_s: float | None = None
    """How far `end_s` may be off on the timeline, as above; None: not known."""

    unheard: str = ""
    """Why no voice was heard, in words; "" where one was."""

    copied: str = ""
    """Whose voice it is in truth, in words: what a user said, played again; else ""."""

    ahead_s: float = 0.0
    """How far the sound that came stood ahead of its time when this was judged; 0 as a rule."""

    remark: str = ""
    """What else is to be known about it, in words: that it is one that was cut, begun again."""

    hearing: Hearing | None = None
    """What the ears made of its sound; None where no voice was heard."""

    witness: Witness | None = field(default=None, repr=False, compare=False)
    """The ears, to be asked again about the same sound."""

    @property
    def words(self) -> HeardText:
        """What was heard, for `in`: ``"seven" in answer.words``, also where "7" is written."""
        return HeardText(self.recognised)

    @property
    def cut_the_user_off(self) -> bool:
        """Whether it began before the user had ended."""
        return self.voice_to_voice_s is not None and self.voice_to_voice_s < 0

    @property
    def text(self) -> str:
        """What was said: the transcript, or what was recognised where the page has none.

        The transcript of an interrupted answer goes on where nobody heard it any more.
        """
        return self.recognised if self.interrupted else self.transcript or self.recognised


@dataclass(frozen=True, slots=True)
class Voice:
    """Speech that was found in heard audio, on the timeline, and its words."""

    spans: tuple[Span, ...]
    words: str
    hearing: Hearing | None = None
    witness: Witness | None = field(default=None, repr=False, compare=False)

    @property
    def start_s(self) -> float:
        """First voiced sample, on the timeline."""
        return self.spans[0].start_s

    @property
    def end_s(self) -> float:
        """Last voiced sample, on the timeline."""
        return self.spans[-1].end_s


def listen_again(
    sound: CallSound, spans: Sequence[Span], others: Sequence[Span], tools: SpeechTools
) -> Voice | None:
    """What an answer says whose voice is known, in a piece of the call around it. Blocks.

    Args:
        spans: its voice; ``others``: all other voices, which are not listened to.
    """
    if not spans:
        return None
    start_s, end_s = spans[0].start_s, spans[-1].end_s
    before_s = max((o.end_s for o in others if o.end_s <= start_s), default=sound.from_s)
    after_s = min((o.start_s for o in others if o.start_s >= end_s), default=end_s + AFTER_S)
    from_s = max(start_s - BEFORE_S, before_s, sound.from_s)
    clip = sound.heard_in(Span(from_s, min(end_s + AFTER_S, after_s)))
    witness = ClipWitness(tools.ears or (EarOf(tools.recogniser),), clip, from_s)
    hearing = witness.hearing([Span(s.start_s - from_s, s.end_s - from_s) for s in spans])
    return Voice(tuple(spans), hearing.text, hearing, witness)


def measured(
    answer: Answer,
    voice: Voice | None,
    said: Sequence[Said],
    ends_s: Sequence[float],
    unheard: str,
    clock_s: float = 0.0,
) -> HeardAnswer:
    """The answer with its latency: from the end of the turn that it answers.

    Args:
        ends_s: when the other side took turns for ended; see `harness.score.turns`.
        unheard: why no voice was heard, where there is none.
        clock_s: how far heard audio may be off on the timeline.
    """
    turns = [each.speech for each in said]
    turn = turn_of_answer(answer.began_s, turns, ends_s, answer.latest_start_s)
    said_end_s = turns[turn].end_s if turn >= 0 else None
    latency_s = voice_to_voice_s(voice.start_s if voice else None, said_end_s)
    doubt_s = None
    if voice is not None and latency_s is not None:
        doubt_s = combined(
            turns[turn].end_uncertainty_s, voice.spans[0].start_uncertainty_s, clock_s
        )
    end_doubt_s = combined(voice.spans[-1].end_uncertainty_s, clock_s) if voice else None
    return HeardAnswer(
        transcript=answer.text.strip(),
        recognised=voice.words if voice else "",
        start_s=voice.start_s if voice else None,
        end_s=voice.end_s if voice else None,
        voice_to_voice_s=None if latency_s is None else round(latency_s, 4),
        voice_to_voice_uncertainty_s=None if doubt_s is None else round(doubt_s, 4),
        end_uncertainty_s=None if end_doubt_s is None else round(end_doubt_s, 4),
        interrupted=answer.interrupted,
        status=answer.status,
        answer_id=answer.answer_id,
        unheard="" if voice else unheard,
        hearing=voice.hearing if voice else None,
        witness=voice.witness if voice else None,
    )


def why_unheard(answer: Answer, sound: CallSound, others: Sequence[Span] = ()) -> str:
    """What there was in place of a voice: silence, a sound that is no speech, or other voices.

    Args:
        others: voices in the sound that are not this answer's.
    """
    if answer.audio_started_s is None:
        return "no sound of it was ever played"
    until_s = answer.audio_ended_s or sound.from_s + sound.heard.duration_s
    played = Span(answer.audio_started_s, until_s + AFTER_S)
    level_dbfs = rms_dbfs(sound.heard_in(played).samples)
    if level_dbfs <= SOUND_DBFS:
        return "it was silent"
    over = [o for o in others if o.start_s < played.end_s and o.end_s > played.start_s]
    if over:
        return (
            f"the voice that was heard from {over[0].start_s:.3f} s to {over[-1].end_s:.3f} s is "
            "another answer's, and no other was heard beside it: two answers at once?"
        )
    return no_speech(level_dbfs)


def sound_beside(sound: CallSound, from_s: float, voices: Sequence[Span]) -> str | None:
    """What was heard from then on beside the voices, in words; None: nothing, or a click."""
    heard = sound.heard.between(from_s - sound.from_s, sound.heard.duration_s)
    levels = window_levels_dbfs(heard.samples, heard.sample_rate_hz, WINDOW_S)
    starts_s = from_s + WINDOW_S * np.arange(len(levels))
    beside = np.ones(len(levels), bool)
    for voice in voices:
        beside &= (starts_s < voice.start_s - EDGE_S) | (starts_s > voice.end_s + EDGE_S)
    loud = levels[beside & (levels > SOUND_DBFS)]
    if len(loud) * WINDOW_S < LEAST_SOUND_S:
        return None
    return no_speech(float(np.median(loud)))


def no_speech(level_dbfs: float) -> str:
    """A sound in which nobody speaks, in words."""
    return f"a sound was heard, and no speech in it ({level_dbfs:.0f} dBFS: music, a tone?)"


def heard_between(heard: Iterable[AudioFrames], start_s: float, end_s: float) -> AudioClip:
    """What was heard from start to end, silence where nothing was."""
    samples = np.zeros(max(0, round((end_s - start_s) * CALL_RATE_HZ)), np.float32)
    for frames in heard:
        at = round((frames.start_s - start_s) * CALL_RATE_HZ)
        first, last = max(0, at), min(len(samples), at + len(frames.samples))
        if first < last:
            samples[first:last] += frames.samples[first - at : last - at]
    return AudioClip(samples, CALL_RATE_HZ)
