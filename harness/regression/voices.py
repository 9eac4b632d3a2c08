"""Voices of answers on two sides: the same one, another one, or too little speech to know."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.regression.facts import TurnFacts
from harness.regression.findings import Candidate, Finding
from harness.regression.loudness import other_words
from harness.regression.pairing import PairedTurn
from harness.regression.rates import changed_rate
from harness.score.voice_print import (
    DOUBTFUL_DISTANCE,
    ENOUGH_S,
    OTHER_DISTANCE,
    OTHER_DISTANCE_SAME_WORDS,
    VoicePrint,
    joined_prints,
    semitones,
    voice_distance,
)

SAME_PITCH = 1.5
"""Semitones: two voices that are nearer differ in their colour."""

Prints = list[VoicePrint]


def voice_findings(scenario: str, turns: Sequence[PairedTurn]) -> Iterator[Finding | Candidate]:
    """Turns whose words another voice says; short answers, and other words, are judged together."""
    short: list[tuple[Prints, Prints]] = []
    others: list[tuple[Prints, Prints]] = []
    for turn in turns:
        base, new = _prints(turn.base), _prints(turn.new)
        if not base or not new:
            continue
        if other_words(turn):
            others.append((base, new))
        elif min(_voiced_s(base) / len(base), _voiced_s(new) / len(new)) < ENOUGH_S:
            short.append((base, new))
        else:
            at = Finding("worse", "voice", "another voice speaks", "", scenario, turn.index)
            yield from _changed(at, base, new)
    yield from _together(scenario, short, OTHER_DISTANCE_SAME_WORDS, OTHER_DISTANCE_SAME_WORDS)
    yield from _together(scenario, others, OTHER_DISTANCE, DOUBTFUL_DISTANCE)


def _prints(turns: Sequence[TurnFacts]) -> Prints:
    return [one.voice for one in turns if one.voice is not None]


def _voiced_s(prints: Prints) -> float:
    return sum(one.voiced_s for one in prints)


def _changed(at: Finding, base: Prints, new: Prints) -> Iterator[Finding | Candidate]:
    """By how many runs of either side are in another voice than the base's runs together."""
    usual = joined_prints(base)
    others = [one for one in new if _is_other(usual, one)]
    was = sum(_is_other(usual, one) for one in base), len(base)
    now = len(others), len(new)
    if now[0] / now[1] > was[0] / was[1]:
        found = replace(at, evidence=_in_words(usual, joined_prints(others)))
        changed = changed_rate(was, now, found, otherwise="runs in another voice")
        if changed is not None:
            yield changed


def _together(
    scenario: str, turns: Sequence[tuple[Prints, Prints]], sure: float, doubtful: float
) -> Iterator[Finding]:
    """Many turns as one stretch of speech on either side.

    Args:
        sure: two voices are at least so far from each other.
        doubtful: so far they may be.
    """
    if not turns:
        return
    one, other = (joined_prints([each for turn in turns for each in turn[n]]) for n in (0, 1))
    distance = voice_distance(one, other)
    if distance < doubtful:
        return
    answers = f"{len(turns)} answer{'s' * (len(turns) != 1)}"
    evidence = f"{_in_words(one, other)}; by {answers} of this scenario"
    found = Finding("worse", "voice", "another voice speaks", evidence, scenario)
    least_s = min(one.voiced_s, other.voiced_s)
    if least_s < ENOUGH_S:
        text = "another voice may speak: there is too little speech"
        more = max(1, math.ceil(ENOUGH_S / max(least_s, 0.05)) - 1)
        yield replace(found, verdict="cannot_tell", text=text, more_repeats=more)
    elif distance < sure:
        text = "another voice may speak: the words are others, too"
        yield replace(found, verdict="cannot_tell", text=text)
    else:
        yield found


def _is_other(one: VoicePrint, other: VoicePrint) -> bool:
    return voice_distance(one, other) >= OTHER_DISTANCE_SAME_WORDS


def _in_words(one: VoicePrint, other: VoicePrint) -> str:
    pitch = f"{one.pitch_hz:.0f} → {other.pitch_hz:.0f} Hz"
    if abs(semitones(one, other)) < SAME_PITCH:
        return f"another colour at much the same pitch ({pitch})"
    return f"pitch {pitch}"
