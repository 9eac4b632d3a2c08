"""Calls of known truth: clips spliced into two channels at places that nobody has to find.

The truth of a clip is its first and last sample above 35 dB below its loudest one, in the clean
clip, before breath, noise, a codec or a gain control come to it. No speech detector has a part in
it. A barge-in ends the answer with a fade of 8 ms; its truth is that of the cut clip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.signals import pink_noise
from harness.speech.spans import Span

BELOW_PEAK_DB = 35.0
"""Speech is what is louder than this below the clip's loudest sample."""

BREATH_BELOW_PEAK_DB = 40.0
BREATH_S = (0.18, 0.35)
BREATH_ENDS_BEFORE_S = (0.09, 0.20)
BREATH_EVERY = 3
"""Each third clip has a breath before it, too quiet to be speech by the definition above."""

ROOM_DBFS = -75.0
LEVELS_DBFS = (-10.0, -3.0)
"""Peaks of clips: people do not all speak equally loud."""

FADE_S = 0.008
GAPS_S = (0.25, 1.6)
PAUSES_S = (0.8, 1.8)
INTO_ANSWER_S = (0.5, 1.3)
REACTIONS_S = (0.15, 0.8)
BARGE_IN_EVERY = 3


@dataclass(frozen=True, slots=True)
class TrueTurn:
    """One turn of the user and the answer to it, seconds from the call's first sample."""

    user: Span
    agent: Span


@dataclass(frozen=True, slots=True)
class TrueInterruption:
    """The user cut in, and the answer stopped."""

    start_s: float
    agent_stopped_s: float


@dataclass(frozen=True, slots=True)
class KnownCall:
    """Both channels of a call, 48 kHz, equally long, and what is true of them."""

    user: MonoFloat32
    """float32, shape (frames,), 48 kHz."""

    agent: MonoFloat32
    """float32, shape (frames,), 48 kHz."""

    turns: tuple[TrueTurn, ...]
    interruptions: tuple[TrueInterruption, ...]


def true_edges(
    samples: MonoFloat32, rate_hz: int = CALL_RATE_HZ, below_db: float = BELOW_PEAK_DB
) -> Span:
    """First and last sample above so much below the loudest one, seconds from the first."""
    sizes = np.abs(samples)
    loud = np.flatnonzero(sizes > np.max(sizes) * 10 ** (-below_db / 20))
    return Span(float(loud[0]) / rate_hz, float(loud[-1] + 1) / rate_hz)


class _Channel:
    """One side of a call that is being put together."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._pieces: list[tuple[int, MonoFloat32]] = []
        self._count = 0

    def add(self, samples: MonoFloat32, at_s: float) -> Span:
        """Put a clip so that its first sample lies at a place; where its speech is then."""
        self._count += 1
        at = round(at_s * CALL_RATE_HZ)
        edges = true_edges(samples)
        if self._count % BREATH_EVERY == 0:
            self._breathe(at + round(edges.start_s * CALL_RATE_HZ), float(np.max(np.abs(samples))))
        self._pieces.append((at, samples))
        start_s = at / CALL_RATE_HZ
        return Span(start_s + edges.start_s, start_s + edges.end_s)

    def _breathe(self, onset: int, peak: float) -> None:
        """An intake of breath: noise that swells and ends before the word."""
        length = round(self._random.uniform(*BREATH_S) * CALL_RATE_HZ)
        noise = pink_noise(length / CALL_RATE_HZ, 1.0, int(self._random.integers(1 << 30))).samples
        shape = np.sin(np.linspace(0, np.pi, len(noise))) ** 2
        breath = noise * shape
        breath *= peak * 10 ** (-BREATH_BELOW_PEAK_DB / 20) / np.max(np.abs(breath))
        end = onset - round(self._random.uniform(*BREATH_ENDS_BEFORE_S) * CALL_RATE_HZ)
        if end > len(breath):
            self._pieces.append((end - len(breath), breath.astype(np.float32)))

    def samples(self, frames: int, seed: int) -> MonoFloat32:
        """The whole side, with the sound of a quiet room under it."""
        room = pink_noise(frames / CALL_RATE_HZ, 10 ** (ROOM_DBFS / 20), seed).samples
        whole = room[:frames].copy()
        for at, samples in self._pieces:
            whole[at : at + len(samples)] += samples[: frames - at]
        return whole


def make_call(
    said: Sequence[AudioClip], answers: Sequence[AudioClip], exchanges: int, seed: int
) -> KnownCall:
    """A call of so many exchanges; the user cuts into each third answer.

    Args:
        said: what the user says, in turn, 48 kHz.
        answers: what is answered, in turn, 48 kHz.
        seed: of levels, gaps and breaths.
    """
    random = np.random.default_rng(seed)
    user, agent = _Channel(random), _Channel(random)
    turns: list[TrueTurn] = []
    interruptions: list[TrueInterruption] = []
    at_s, spoken, given = 1.0, 0, 0
    while len(turns) < exchanges:
        asked = user.add(_at_level(said[spoken % len(said)], random), at_s)
        spoken += 1
        answer = _at_level(answers[given % len(answers)], random)
        given += 1
        at_s = _start_for(answer, asked.end_s + random.uniform(*GAPS_S))
        is_cut = len(turns) % BARGE_IN_EVERY == BARGE_IN_EVERY - 1
        into_s, reaction_s = random.uniform(*INTO_ANSWER_S), random.uniform(*REACTIONS_S)
        onset_s = true_edges(answer).start_s
        if is_cut and into_s + reaction_s < true_edges(answer).end_s - onset_s - 0.2:
            answer = _cut(answer, onset_s + into_s + reaction_s)
            heard = agent.add(answer, at_s)
            interruption = said[spoken % len(said)]
            cut_in_s = heard.start_s + into_s
            start_s = _start_for(interruption.samples, cut_in_s)
            interruptions.append(TrueInterruption(cut_in_s, heard.end_s))
            at_s = start_s
        else:
            heard = agent.add(answer, at_s)
            at_s = heard.end_s + random.uniform(*PAUSES_S)
        turns.append(TrueTurn(asked, heard))
    frames = round((at_s + 1.0) * CALL_RATE_HZ)
    if interruptions and interruptions[-1].agent_stopped_s > turns[-1].agent.end_s - 1e-9:
        interruptions.pop()  # what cuts into the last answer is never said
    return KnownCall(
        user.samples(frames, 2 * seed),
        agent.samples(frames, 2 * seed + 1),
        tuple(turns),
        tuple(interruptions),
    )


def _start_for(samples: MonoFloat32, onset_s: float) -> float:
    """Where a clip begins whose speech is to begin at a place."""
    return onset_s - true_edges(samples).start_s


def _at_level(clip: AudioClip, random: np.random.Generator) -> MonoFloat32:
    peak = 10 ** (random.uniform(*LEVELS_DBFS) / 20)
    return np.asarray(clip.samples * (peak / np.max(np.abs(clip.samples))), np.float32)


def _cut(samples: MonoFloat32, at_s: float) -> MonoFloat32:
    cut = samples[: round(at_s * CALL_RATE_HZ)].copy()
    fade = round(FADE_S * CALL_RATE_HZ)
    cut[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return cut
