"""Ratings of speech on two sides, turn by turn: PESQ and STOI, where a scenario has a reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from harness.regression.facts import TurnFacts
from harness.regression.findings import Finding
from harness.regression.loudness import other_words
from harness.regression.pairing import PairedTurn

RATINGS = {
    "pesq": ("the answer", "PESQ", 0.5),
    "stoi": ("the answer", "STOI", 0.1),
    "received_pesq": ("the user, as the server received them,", "PESQ", 0.5),
    "received_stoi": ("the user, as the server received them,", "STOI", 0.1),
}
"""As they are kept: of what, in words, and the change that is told.

A smaller one is within what codec and jitter buffer do to one sentence from run to run.
"""


def quality_findings(scenario: str, turns: Sequence[PairedTurn]) -> Iterator[Finding]:
    """Turns that are rated lower, or higher, in every run of the new side than in any of the base.

    An answer in other words has another reference, and is not compared.
    """
    for turn in turns:
        for name, (what, scale, least) in RATINGS.items():
            base, new = _rated(turn.base, name), _rated(turn.new, name)
            if not base or not new or (what == "the answer" and other_words(turn)):
                continue
            is_lower = min(base) - max(new) >= least
            if not is_lower and min(new) - max(base) < least:
                continue
            yield Finding(
                "worse" if is_lower else "better",
                "quality",
                f"{what} sounds {'worse' if is_lower else 'better'} ({scale})",
                f"{fmean(base):.2f} → {fmean(new):.2f}",
                scenario,
                turn.index,
            )


def _rated(turns: Sequence[TurnFacts], name: str) -> list[float]:
    return [turn.ratings[name] for turn in turns if name in turn.ratings]
