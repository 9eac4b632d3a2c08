"""Edges of speech, read from the samples: when it begins and ends, each with its uncertainty.

A detector says *whether* somebody speaks, in windows and late. Here is *when*: from inside of
what it found, outwards, for as long as there is sound that is loud enough to count (35 dB below
the loudest of this speech) and that stands out of the noise around this edge in some band. A
short dip does not end it (a closed "t" is silent), and what the detector's windows happen to hold
has no part in it. Pure functions of the levels of `band_levels`; times come out to 2 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from harness.speech.band_levels import (
    BANDS,
    HOP_S,
    SILENT_POWER,
    Levels,
    Values,
    moving_mean,
)
from harness.speech.edge_noise import LEAST_NOISE_HOPS, Noise, beats, evidence_of, measured_noise
from harness.speech.edge_ways import (
    AMONG_VOICES,
    IN_GUSTS,
    IN_NOISE,
    IN_QUIET,
    LEAST_ERROR_S,
    LEAST_IN_NOISE_S,
    OFFSET_ERRORS_S,
    ONSET_ERRORS_S,
    Reach,
    Way,
    Ways,
    way_out,
)
from harness.speech.telephone_band import came_by_telephone, lost_by_telephone_db

BELOW_SPEECH_DB = 35.0
"""Sound counts as speech down to this below the loudest sample around: the definition of an edge,
where no noise covers it."""

CREST_DB = 10.0
"""Peaks of faint speech over its power."""

SMOOTH_HOPS = 5
QUIET_BEFORE_S, QUIET_AFTER_S = 0.25, 0.12
"""So much beside detected speech may still be speech: noise is measured further away."""

NOISE_S = 1.0
"""Noise is measured in so much quiet beside an edge."""

NOISE_AROUND_S = 3.0
SAME_SPEAKER_S = 4.0
"""How loud a speaker is, is taken from so much around an edge."""

SAME_TURN_S = 1.0
"""Stretches of speech nearer than this are of one turn, and measured by its loudest."""

INSIDE_ONSET_S, INSIDE_OFFSET_S = 0.1, 0.3
"""The way outwards begins this far inside of what was detected: a detector lets go late, and most
so in noise."""


CARRIED_FROM_S = 0.02
"""Noise that carries an edge no further than this by itself is steady."""

HIDING_DB = 5.0
"""What changes its level and hides less than this covers no edge."""

EARLY_HOPS, LATE_HOPS = 1, 2
"""In noise the window of `band_levels`, which reaches 4 ms beyond its hop, decides: an onset is
found so much early, an offset so much late."""

DOUBTFUL_DIP_S, DOUBTFUL_REACH_S = 0.3, 0.6
"""What sounds again behind a word, after so long a dip, may be a soft syllable of it or something
else: the end is in doubt by as much. Before a word such a sound is a breath as a rule."""

QUIET_RATIO = 3.0
"""Noise whose middle peaks are so much below the edge's level covers nothing."""

AFTER_SPEECH_S = 0.4
BY_TELEPHONE_S = 0.03
"""At least as uncertain is an offset by telephone: the last of an "s" or a "t" may be lost."""

BEFORE_STRONG_S, AFTER_STRONG_S = 0.015, 0.06
"""Other voices hide what is 14 dB weaker than the speaker's strong sounds. Before the first of
these a word has begun by so much as a rule; after the last one it goes on for up to 0.3 s, by so
much at least as a rule. An edge lies halfway from there to the last of what stands out."""

ONSET_AMONG_VOICES_S, OFFSET_AMONG_VOICES_S = 0.075, 0.22
"""Uncertainty of an edge before other voices: how differently words begin and end there."""

LEAST_PUMPING_DB, MOST_PUMPING_DB = 6.0, 20.0
"""Noise that is so much louder before speech than after it was pumped up by a gain control."""

HIDDEN_SOUNDS, HIDDEN_PERCENT = 60, 80
"""So many sounds of a voice are held against the noise; what hides most of them hides an edge."""

HIDDEN_BY_TELEPHONE_DB = 6.0
"""In noise, what a telephone took of a sound hides it, too."""

CARRIED_FROM_EVERY, CARRIED_PERCENT = 10, 90
"""What noise alone does to an edge is tried every 20 ms of it; so many of 100 are carried less."""

ONSET, OFFSET = 0, 1
"""Which part of a `Reach` is meant."""

Hops = tuple[int, int]
"""First hop, and the one behind the last."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a stretch of speech."""

    hop: int
    uncertainty_s: float
    """In 95 of 100 cases the true edge lies this near, either way."""

    hidden_db: float
    """By how much the noise hides speech that would count; 0 and less: nothing of it."""

    found: bool
    """False: the samples do not show it; the detector's own edge stands here."""


class EdgeFinder:
    """Finds the edges of what a detector found in a stretch of sound.

    Args:
        levels: of the sound.
        seeds: where the detector is sure, in order; they do not touch.
        among_voices: other voices are heard behind, and the seeds are what is loud enough to be
            the speaker's.
    """

    def __init__(self, levels: Levels, seeds: Sequence[Hops], among_voices: bool = False) -> None:
        self._among_voices = among_voices
        self._seeds = [(first, min(end, levels.hops)) for first, end in seeds]
        self._fine = levels.powers
        self._powers = moving_mean(levels.powers, SMOOTH_HOPS)
        self._peaks = levels.peaks()
        self._is_telephone = came_by_telephone(self._powers, self._seeds)
        self._quiet = np.ones(levels.hops, bool)
        for first, end in self._seeds:
            self._quiet[max(0, first - _hops(QUIET_BEFORE_S)) : end + _hops(QUIET_AFTER_S)] = False

    def edges(self) -> list[tuple[Edge, Edge]]:
        """First and last moment of each seed's speech."""
        return [(self._onset(index), self._offset(index)) for index in range(len(self._seeds))]

    def _onset(self, index: int) -> Edge:
        first, end = self._seeds[index]
        before = self._middle(index - 1) if index else 0
        noise = self._noise(first, max(0, first - _hops(NOISE_S + QUIET_BEFORE_S)), first)
        least = self._least_peak(index, first)
        if _reach(noise, least) is IN_NOISE:
            least *= 10 ** (self._pumped_db(noise, index) / 20)
        hidden_db = self._hidden_db(index, noise, least)
        around = self._around(first, noise, least, hidden_db, ONSET)
        inner = min(end, first + _hops(INSIDE_ONSET_S) + 1)

        def go(way: Way, level: tuple[float, float]) -> int | None:
            outer = max(before, first - _hops(way.reach_s))
            loud = self._loud(outer, inner, around.noise, *level)[::-1]
            return way_out(loud, inner - first, _hops(way.dip_s))

        ways = Ways.of(go, around.way, least)
        if self._among_voices:
            place = first if ways.out is None else inner - ways.out
            usual = first - _hops(BEFORE_STRONG_S)
            return Edge((place + usual) // 2, ONSET_AMONG_VOICES_S, hidden_db, found=True)
        early = 0 if around.is_quiet else EARLY_HOPS
        least_s = LEAST_ERROR_S if around.is_quiet else LEAST_IN_NOISE_S
        carried_s = around.doubt_s(ways.out, inner - first)
        stated_s = ways.stated_s(hidden_db, ONSET_ERRORS_S, least_s, carried_s)
        if ways.out is None:
            return Edge(first, stated_s, hidden_db, found=False)
        return Edge(inner - ways.out + early, stated_s, hidden_db, found=True)

    def _offset(self, index: int) -> Edge:
        first, end = self._seeds[index]
        after = self._middle(index) if index + 1 < len(self._seeds) else len(self._peaks)
        noise = self._noise(end, end, end + _hops(NOISE_S + QUIET_AFTER_S))
        least = self._least_peak(index, end)
        hidden_db = self._hidden_db(index, noise, least)
        around = self._around(end, noise, least, hidden_db, OFFSET)
        inner = max(first, end - _hops(INSIDE_OFFSET_S) - 1)

        def go(way: Way, level: tuple[float, float]) -> int | None:
            outer = min(after, end + _hops(way.reach_s))
            loud = self._loud(inner, outer, around.noise, *level)
            return way_out(loud, end - inner, _hops(way.dip_s))

        doubtful = Way(max(around.way.reach_s, DOUBTFUL_REACH_S), DOUBTFUL_DIP_S)
        ways = Ways.of(go, around.way, least, go(doubtful, (least, 1.0)))
        if self._among_voices:
            seen = 0 if ways.out is None else max(0, inner + ways.out - end)
            place = end + _hops(AFTER_STRONG_S) + seen // 2
            return Edge(min(place, after), OFFSET_AMONG_VOICES_S, hidden_db, found=True)
        late = 0 if around.is_quiet else LATE_HOPS
        least_s = LEAST_ERROR_S if around.is_quiet else LEAST_IN_NOISE_S
        least_s = BY_TELEPHONE_S if self._is_telephone else least_s
        carried_s = around.doubt_s(ways.out, end - inner)
        stated_s = ways.stated_s(hidden_db, OFFSET_ERRORS_S, least_s, carried_s)
        if ways.out is None:
            return Edge(end, stated_s, hidden_db, found=False)
        return Edge(inner + ways.out - late, stated_s, hidden_db, found=True)

    def _around(self, at: int, noise: Noise, least: float, hidden_db: float, side: int) -> _Around:
        """What lies beside an edge, and how far one may go there."""
        if self._among_voices:
            return _Around(noise, AMONG_VOICES[side], 0.0, is_quiet=False)
        is_quiet = _reach(noise, least) is IN_QUIET
        way = (IN_QUIET if is_quiet else IN_NOISE)[side]
        carried_s = self._carried_s(at, noise, least, way)
        drifts = noise.drifts and hidden_db > HIDING_DB
        if is_quiet or not (noise.beats or drifts or carried_s > CARRIED_FROM_S):
            return _Around(noise, way, carried_s, is_quiet)
        noise = replace(noise, moves=True)
        carried_s = self._carried_s(at, noise, least, way)
        if drifts or carried_s > CARRIED_FROM_S:
            way = IN_GUSTS[side]
            carried_s = self._carried_s(at, noise, least, way)
        return _Around(noise, way, carried_s, is_quiet)

    def _loud(
        self, first: int, end: int, noise: Noise, least_peak: float, lost_share: float
    ) -> Values:
        """Which hops hold sound that counts and is no noise."""
        evidence = evidence_of(self._powers[first:end], noise.powers)
        fine = self._fine[first:end]
        covered = noise.tops if noise.moves else noise.powers
        beyond = np.maximum(fine - covered, 0).sum(axis=1)
        least = np.full(end - first, least_peak)
        if self._is_telephone:
            lost_db = lost_by_telephone_db(self._powers[first:end], noise.powers)
            least *= 10 ** (-lost_share * lost_db / 20)
        peaks = self._peaks[first:end]
        stands_out = peaks > noise.highest
        is_sound = (evidence > noise.evidence) | stands_out
        if _reach(noise, least_peak) is IN_QUIET:
            return np.asarray(is_sound & (peaks > least))
        own = np.sqrt(np.maximum(peaks**2 - noise.peak**2, 0))  # the rest of them is the noise's
        enough = beyond > least**2 * 10 ** (-CREST_DB / 10)
        if noise.moves:
            return np.asarray(is_sound & (enough | (stands_out & (own > least))))
        return np.asarray(is_sound & (own > least) & (enough | stands_out))

    def _least_peak(self, index: int, at: int) -> float:
        """The size of a sample that counts, by how loud this speaker is around here."""
        return self._loudest(index, at) * float(10 ** (-BELOW_SPEECH_DB / 20))

    def _loudest(self, index: int, at: int) -> float:
        """The largest sample of this turn near an edge; a lone click is left out."""
        low, high = at - _hops(SAME_SPEAKER_S), at + _hops(SAME_SPEAKER_S)
        first = last = index
        while first and self._seeds[first][0] > low and self._pause_s(first - 1) < SAME_TURN_S:
            first -= 1
        count = len(self._seeds)
        while (
            last + 1 < count and self._seeds[last][1] < high and self._pause_s(last) < SAME_TURN_S
        ):
            last += 1
        turn = [
            (max(a - _hops(INSIDE_ONSET_S), low), min(b, high))
            for a, b in self._seeds[first : last + 1]
        ]
        peaks = np.concatenate([self._peaks[max(a, 0) : b] for a, b in turn if b > a])
        whole = peaks[: len(peaks) // 10 * 10].reshape(-1, 10).max(axis=1)
        if len(whole) < 2:
            return float(peaks.max())
        second, loudest = np.sort(whole)[-2:]
        return float(loudest if loudest < 2 * second else second)

    def _middle(self, index: int) -> int:
        """Of the pause behind a seed: what lies before belongs to it, what lies after does not."""
        return (self._seeds[index][1] + self._seeds[index + 1][0]) // 2

    def _pause_s(self, index: int) -> float:
        """Between this seed and the one after it."""
        return (self._seeds[index + 1][0] - self._seeds[index][1]) * HOP_S

    def _noise(self, at: int, first: int, end: int) -> Noise:
        """Noise in the quiet of a stretch; where there is too little, of what is around it."""
        hops = first + np.flatnonzero(self._quiet[first:end])
        around = _hops(NOISE_AROUND_S)
        low, high = max(0, at - around), min(len(self._peaks), at + around)
        if len(hops) < LEAST_NOISE_HOPS:
            hops = low + np.flatnonzero(self._quiet[low:high])
        if len(hops) < LEAST_NOISE_HOPS:
            order = np.argsort(self._powers[low:high].sum(axis=1))
            hops = low + np.sort(order[: max(1, len(order) // 10)])
        noise = measured_noise(self._powers[hops], self._peaks[hops], self._fine[hops])
        around_it = low + np.flatnonzero(self._quiet[low:high])
        return replace(noise, beats=beats(self._peaks[around_it]))

    def _carried_s(self, at: int, noise: Noise, least: float, way: Way) -> float:
        """How far the noise alone would carry an edge on, in most places of the quiet around it."""
        around = _hops(NOISE_AROUND_S)
        low, high = max(0, at - around), min(len(self._peaks), at + around)
        loud = self._loud(low, high, noise, least, 1.0)[self._quiet[low:high]]
        if not loud.any():
            return 0.0
        longest, dip = _hops(way.reach_s), _hops(way.dip_s)
        ways = [
            way_out(np.concatenate([[True], loud[first : first + longest]]), 1, dip) or 1
            for first in range(0, len(loud), CARRIED_FROM_EVERY)
        ]
        return (float(np.percentile(ways, CARRIED_PERCENT)) - 1) * HOP_S

    def _pumped_db(self, noise: Noise, index: int) -> float:
        """By how much a gain control had turned up what comes before a seed; 0: not at all."""
        end = self._seeds[index][1]
        around = self._powers[max(0, end - _hops(0.05)) : end + _hops(AFTER_SPEECH_S)]
        then = moving_mean(around.sum(axis=1), _hops(0.02)).min()
        db = 10 * float(np.log10(noise.powers.sum() / max(float(then), SILENT_POWER)))
        return min(db, MOST_PUMPING_DB) if db > LEAST_PUMPING_DB else 0.0

    def _hidden_db(self, index: int, noise: Noise, least_peak: float) -> float:
        """How much louder than it must be to count most sounds must be to stand out."""
        first, end = self._seeds[index]
        every = max(1, (end - first) // HIDDEN_SOUNDS)
        least = least_peak**2 * 10 ** (-CREST_DB / 10)
        own = np.maximum(self._powers[first:end:every] - noise.powers, SILENT_POWER)
        totals = own.sum(axis=1)
        counts = totals > min(least, float(totals.max()) / 2)
        shapes = own[counts] / totals[counts, None]
        steps_db = np.arange(-10.0, 60.0, 1.0)
        sounds = least * 10 ** (steps_db[:, None, None] / 10) * shapes
        evidence = evidence_of((noise.powers + sounds).reshape(-1, BANDS), noise.powers)
        seen = evidence.reshape(len(steps_db), -1) > noise.evidence
        seen[-1] = True
        found_db = float(np.percentile(steps_db[seen.argmax(axis=0)], HIDDEN_PERCENT))
        is_in_noise = _reach(noise, least_peak) is IN_NOISE
        return found_db + (HIDDEN_BY_TELEPHONE_DB if self._is_telephone and is_in_noise else 0.0)


def _reach(noise: Noise, least_peak: float) -> Reach:
    return IN_QUIET if noise.peak * QUIET_RATIO < least_peak else IN_NOISE


@dataclass(frozen=True, slots=True)
class _Around:
    """What lies beside an edge."""

    noise: Noise
    way: Way
    """How far one may go there."""

    carried_s: float
    """How far the noise alone would carry the edge on."""

    is_quiet: bool
    """The noise covers nothing."""

    def doubt_s(self, out: int | None, inside: int) -> float:
        """How far it may have carried an edge: all the way, where what was found does not end.

        Args:
            out: so many hops were found, from inside of the speech.
            inside: of these, so many lie within what was detected.
        """
        goes_on = out is not None and out - inside >= _hops(self.way.reach_s) - 1
        return self.way.reach_s if goes_on and self.way in IN_GUSTS else self.carried_s


def _hops(seconds: float) -> int:
    return round(seconds / HOP_S)
