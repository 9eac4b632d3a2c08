"""Understanding of a voice: was it understood at all. Pure.

Several voices at once, or a voice under music, are speech: a detector finds it, and each ear writes
down something else, or nothing. What was not said in it, nobody can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from harness.score.hearing import EarReport
from harness.speech.words import word_error_rate

NOTHING_UNDERSTOOD = "no ear understood a word of it (several voices at once, music, noise?)"

EARS_DIFFER = 0.5
"""Word errors of one ear against another from which on they heard different things."""

UNSURE = 0.7
"""Mean probability of the words below which an ear guesses.

Of 16 pairs of recordings played over each other, 8 go beyond one of the two (in most others one
voice is much longer, and understood); of 32 sentences of the verdicts' corpus in noise at 15 dB and
over a telephone, none.
"""


LEAST_WORDS = 5
"""Of fewer words, one that is misheard is no sign of several voices."""


def not_understood(reports: Sequence[EarReport]) -> str:
    """Why nobody understood it, in words; "" where it was understood, or an ear broke.

    Args:
        reports: of all ears.
    """
    if any(report.problem for report in reports):
        return ""
    if not any(report.text for report in reports):
        return NOTHING_UNDERSTOOD
    if any(0 < len(report.tokens) < LEAST_WORDS for report in reports):
        return ""
    texts = [report.text for report in reports]
    pairs = [(one, other) for one, other in permutations(texts, 2) if one and other]
    if any(word_error_rate(one, other) >= EARS_DIFFER for one, other in pairs):
        return "the ears heard different things (several voices at once, music, noise?)"
    known = [report for report in reports if report.words]
    if known and all(_mean(report) < UNSURE for report in known):
        return "all ears guess (several voices at once, music, noise?)"
    return ""


def _mean(report: EarReport) -> float:
    return sum(word.probability for word in report.words) / len(report.words)
