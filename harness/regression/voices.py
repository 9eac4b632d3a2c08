"""Voices of answers on two sides: the same one, another one, or too little speech to know."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.regression.facts import TurnFacts
from harness.regression.findings import Candidate, Finding
from harness.regression.pairing import PairedTurn
from harness.regression.rates import changed_rate
from harness.score.voice_print import (
    ENOUGH_S,
    OTHER_DISTANCE,
    VoicePrint,
    joined_prints,
    semitones,
    voice_distance,
)

SAME_PITCH = 1.5
"""Semitones: two voices that are nearer differ in their colour."""


def voice_findings(scenario: str, turns: Sequence[PairedTurn]) -> Iterator[Finding | Candidate]:
    """Turns in another voice; answers that are too short alone are judged together."""
    short: list[tuple[list[VoicePrint], list[VoicePrint]]] = []
    for turn in turns:
        base, new = _prints(turn.base), _prints(turn.new)
        if not base or not new:
            continue
        if min(_voiced_s(base) / len(base), _voiced_s(new) / len(new)) < ENOUGH_S:
            short.append((base, new))
            continue
        at = Finding("worse", "voice", "another voice speaks", "", scenario, turn.index)
        found = _changed(at, base, new)
        if found is not None:
            yield found
    if short:
        base, new = ([one for side in short for one in side[n]] for n in (0, 1))
        found = _of_short_ones(scenario, len(short), base, new)
        if found is not None:
            yield found


def _prints(turns: Sequence[TurnFacts]) -> list[VoicePrint]:
    return [one.voice for one in turns if one.voice is not None]


def _voiced_s(prints: Sequence[VoicePrint]) -> float:
    return sum(one.voiced_s for one in prints)


def _changed(
    at: Finding, base: Sequence[VoicePrint], new: Sequence[VoicePrint]
) -> Finding | Candidate | None:
    """By how many runs of either side are in another voice than the base's runs together."""
    usual = joined_prints(base)
    was = sum(_is_other(usual, one) for one in base), len(base)
    now = sum(_is_other(usual, one) for one in new), len(new)
    if now[0] / now[1] <= was[0] / was[1]:
        return None
    others = [one for one in new if _is_other(usual, one)]
    found = replace(at, evidence=_in_words(usual, joined_prints(others)))
    return changed_rate(was, now, found, otherwise="runs in another voice")


def _of_short_ones(
    scenario: str, turns: int, base: Sequence[VoicePrint], new: Sequence[VoicePrint]
) -> Finding | None:
    one, other = joined_prints(base), joined_prints(new)
    if not _is_other(one, other):
        return None
    evidence = f"{_in_words(one, other)}; {turns} short answer{'s' * (turns != 1)} together"
    found = Finding("worse", "voice", "another voice speaks", evidence, scenario)
    least_s = min(one.voiced_s, other.voiced_s)
    if least_s >= ENOUGH_S:
        return found
    return replace(
        found,
        verdict="cannot_tell",
        text="another voice may speak: there is too little speech",
        more_repeats=max(1, math.ceil(ENOUGH_S / max(least_s, 0.05)) - 1),
    )


def _is_other(one: VoicePrint, other: VoicePrint) -> bool:
    return voice_distance(one, other) >= OTHER_DISTANCE


def _in_words(one: VoicePrint, other: VoicePrint) -> str:
    pitch = f"{one.pitch_hz:.0f} → {other.pitch_hz:.0f} Hz"
    if abs(semitones(one, other)) < SAME_PITCH:
        return f"another colour at much the same pitch ({pitch})"
    return f"pitch {pitch}"
