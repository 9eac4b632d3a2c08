"""Loudness of the same words on two sides, turn by turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from harness.regression.findings import Finding
from harness.regression.pairing import PairedTurn
from harness.regression.word_changes import always_changed

HEARD_DB = 4.0
"""A smaller change of level is within what one voice does with one sentence."""


def loudness_findings(scenario: str, turns: Sequence[PairedTurn]) -> Iterator[Finding]:
    """Turns that are quieter or louder; other words have another level, and are not compared."""
    for turn in turns:
        base = [one.level_dbfs for one in turn.base if one.level_dbfs is not None]
        new = [one.level_dbfs for one in turn.new if one.level_dbfs is not None]
        if not base or not new or other_words(turn):
            continue
        change = fmean(new) - fmean(base)
        if abs(change) < HEARD_DB:
            continue
        evidence = f"{fmean(base):.1f} → {fmean(new):.1f} dBFS"
        quieter = change < 0
        text = f"{abs(change):.1f} dB {'quieter' if quieter else 'louder'}"
        yield Finding(
            "worse" if quieter else "changed", "loudness", text, evidence, scenario, turn.index
        )


def other_words(turn: PairedTurn) -> bool:
    """Whether answers cannot be held beside each other: other words, or cut by the user."""
    if any(one.interrupted for one in (*turn.base, *turn.new)):
        return True
    base = [one.answer or one.heard or "" for one in turn.base]
    new = [one.answer or one.heard or "" for one in turn.new]
    return always_changed(base, new) is not None
