"""Readings of a whole: each ear's text, as far as all ears find it likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.score.contradiction import contradict
from harness.score.hearing import EarReport, Witness

AS_LIKELY = -2.0
"""Logarithm, mean of the ears: a text that is further below the likeliest was not said."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One text that may have been said."""

    text: str
    weight: float
    """Logarithm, mean of the ears: how much more likely it is than what each of them wrote."""


def readings(reports: Sequence[EarReport], witness: Witness | None, claimed: str) -> list[Reading]:
    """The texts that are about as likely as the likeliest, in that order; at least one.

    Args:
        reports: of all ears.
        witness: weighs them; without one, every ear's text stands.
        claimed: the transcript of the other side; stands only where it is as likely.
    """
    listening = [n for n, report in enumerate(reports) if not report.problem]
    texts = list(dict.fromkeys(reports[n].text for n in listening)) or [""]
    asked = [*texts, claimed] if claimed and claimed not in texts else texts
    weights = [_weights(n, reports[n], witness, asked) for n in listening]
    usable = [w for w in weights if w is not None]
    if not usable or len(asked) == 1:
        return [Reading(text, 0.0) for text in texts]
    means = [sum(column) / len(usable) for column in zip(*usable, strict=True)]
    ranked = sorted(zip(asked, means, strict=True), key=lambda pair: -pair[1])
    best = ranked[0][1]
    return [Reading(text, weight) for text, weight in ranked if weight >= best + AS_LIKELY]


def is_spelling(one: str, other: str) -> bool:
    """Whether two texts, both likely by sound, differ in nothing but how they are written."""
    return not contradict(one, other)


def _weights(
    ear: int, report: EarReport, witness: Witness | None, texts: Sequence[str]
) -> list[float] | None:
    if witness is None:
        return None
    return witness.weigh(ear, 0, len(report.tokens), texts)
