"""Other voices and other levels, planted into real speech, against what a comparison says of them.

Every answer is a sentence that somebody really speaks. A run of it is one of its takes: at another
pace, through Opus at another bit rate, at another level. Its voice, its level and its length are
measured as those of a run are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Any

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.level import rms_dbfs
from harness.audio.resample import resample_clip
from harness.bench.opus import opus_round_trip
from harness.regression.compare import Comparison, compare
from harness.regression.facts import Calls, RunFacts, ScenarioFacts, TurnFacts
from harness.score.voice_print import VoicePrint, voice_distance, voice_print
from harness.speech.spans import voiced_spans

SENTENCES = (
    "Certainly, a table for two at seven in Rome.",
    "Your order of 42 dollars and 50 cents leaves on Monday.",
    "It is twelve degrees and cloudy, with rain in the evening.",
    "Yes, of course.",
    "Is there anything else that I can do for you?",
    "Thank you for calling, goodbye.",
)
SPEEDS = (0.96, 1.0)
BIT_RATES_BPS = (24_000, 32_000, 40_000)
LEVEL_DB = 0.5
QUIETER_DB = 6.0
TURNS = (4, 8, 12)
PLANTED = 50
UNCHANGED = 200


@dataclass(frozen=True, slots=True)
class Take:
    """A sentence as it was spoken once, and arrived."""

    level_dbfs: float
    speech_s: float
    voice: VoicePrint | None


@dataclass(frozen=True)
class Bank:
    """Takes of every sentence in every voice."""

    takes: dict[str, list[tuple[str, list[Take]]]]
    """By voice: sentences with their takes. All voices have as many sentences."""

    @property
    def voices(self) -> list[str]:
        """Names of the voices."""
        return list(self.takes)


def take_of(clip: AudioClip) -> Take:
    """What is measured of a clip, between its first and its last voiced sample."""
    spans = voiced_spans(clip)
    speech = clip.between(spans[0].start_s, spans[-1].end_s) if spans else clip
    return Take(rms_dbfs(speech.samples), speech.duration_s, voice_print(speech))


def takes_of(clips: Sequence[AudioClip]) -> list[Take]:
    """Each clip of a sentence through Opus, at every bit rate."""
    found = []
    for clip in clips:
        samples = resample_clip(clip, CALL_RATE_HZ).samples
        for rate_bps in BIT_RATES_BPS:
            found.append(take_of(AudioClip(opus_round_trip(samples, rate_bps), CALL_RATE_HZ)))
    return found


def synthesised_bank(sentences: Sequence[str] = SENTENCES) -> Bank:
    """Every sentence by every voice that we ship; some minutes when it was never done before."""
    from harness.speech.engines import default_synthesiser

    synthesiser = default_synthesiser()
    takes = {
        voice: [
            (text, takes_of([synthesiser.synthesise(text, voice, speed) for speed in SPEEDS]))
            for text in sentences
        ]
        for voice in synthesiser.own_voices
    }
    return Bank(takes)


def measure(
    bank: Bank, planted: int = PLANTED, unchanged: int = UNCHANGED, seed: int = 1
) -> dict[str, Any]:
    """All figures: shares of the trials, 0 to 1.

    Args:
        bank: of at least two voices.
        planted: trials of each kind; voice, turn and takes are others in each.
        unchanged: pairs of runs of one build.
    """
    rng = np.random.default_rng(seed)
    alarms = [_compared(bank, rng, None) for _ in range(unchanged)]
    kinds = {kind: [_compared(bank, rng, kind) for _ in range(planted)] for kind in PLANTS}
    return {
        "found": {
            name: sum(bool(_places(one, PLANTS[name])) for one, _ in trials) / planted
            for name, trials in kinds.items()
        },
        "pinned": {
            name: sum(_places(one, PLANTS[name]) == [at] for one, at in trials) / planted
            for name, trials in kinds.items()
        },
        "nothing_else": {
            name: sum(
                [each.kind for each in one.of("worse")] == [PLANTS[name]] for one, _ in trials
            )
            / planted
            for name, trials in kinds.items()
        },
        "false_alarms": sum(one.verdict == "worse" for one, _ in alarms) / unchanged,
        "false_claims": sum(bool(_claims(one)) for one, _ in alarms) / unchanged,
        "distances": distances(bank),
        "voices": len(bank.voices),
        "sentences": len(next(iter(bank.takes.values()))),
        "planted": planted,
        "unchanged": unchanged,
    }


def distances(bank: Bank) -> dict[str, float]:
    """How far one voice is from itself, and from others: what the limits were set by.

    See `harness.score.voice_print`.
    """
    kept: dict[tuple[bool, bool], list[float]] = defaultdict(list)
    spoken = [
        (voice, number, take.voice)
        for voice, sentences in bank.takes.items()
        for number, (_, takes) in enumerate(sentences)
        for take in takes
        if take.voice is not None
    ]
    for (voice, number, one), (other_voice, other_number, other) in combinations(spoken, 2):
        kept[voice == other_voice, number == other_number].append(voice_distance(one, other))
    found = {
        "one_voice_same_words_largest": max(kept[True, True], default=0.0),
        "two_voices_same_words_smallest": min(kept[False, True], default=0.0),
        "one_voice_other_words_largest": max(kept[True, False], default=0.0),
        "two_voices_other_words_median": median(kept[False, False] or [0.0]),
    }
    return {name: round(value, 2) for name, value in found.items()}


PLANTS = {"other_voice": "voice", "quieter_6_db": "loudness"}
"""What is planted, and the kind of finding that it should be."""


def _places(comparison: Comparison, kind: str) -> list[int | None]:
    return [one.turn for one in comparison.of("worse") if one.kind == kind]


def _claims(comparison: Comparison) -> list[str]:
    return [one.kind for one in comparison.findings if one.verdict not in ("same", "cannot_tell")]


def _compared(bank: Bank, rng: np.random.Generator, plant: str | None) -> tuple[Comparison, int]:
    """Two runs by one voice, the second with what is planted; and the turn of that, from 1."""
    turns = int(rng.choice(TURNS))
    voice, other = (str(name) for name in rng.permutation(bank.voices)[:2])
    sentences = rng.integers(0, len(bank.takes[voice]), turns)
    at = int(rng.integers(0, turns))
    base = [_turn(bank, rng, voice, int(n), place) for place, n in enumerate(sentences)]
    new = [
        _turn(bank, rng, other if (plant, place) == ("other_voice", at) else voice, int(n), place)
        for place, n in enumerate(sentences)
    ]
    if plant == "quieter_6_db":
        level_dbfs = (new[at].level_dbfs or 0.0) - QUIETER_DB
        new[at] = new[at].model_copy(update={"level_dbfs": level_dbfs})
    elif plant == "other_voice":  # no other difference than the voice is planted
        same = {"level_dbfs": base[at].level_dbfs, "speech_s": base[at].speech_s}
        new[at] = new[at].model_copy(update=same)
    return compare(_calls(base), _calls(new)), at + 1


def _turn(bank: Bank, rng: np.random.Generator, voice: str, sentence: int, place: int) -> TurnFacts:
    text, takes = bank.takes[voice][sentence]
    take = takes[int(rng.integers(0, len(takes)))]
    return TurnFacts(
        said=f"question {place + 1}",
        answer=text,
        heard=text,
        level_dbfs=take.level_dbfs + float(rng.normal(0, LEVEL_DB)),
        speech_s=take.speech_s,
        voice=take.voice,
    )


def _calls(turns: list[TurnFacts]) -> Calls:
    run = RunFacts(turns=tuple(turns))
    return Calls(scenarios=(ScenarioFacts(name="spoken", engine="simulated", runs=(run,)),))
