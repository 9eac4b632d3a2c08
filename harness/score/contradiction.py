"""Whether two texts, of which one may be only the other's spelling, say different things."""

from __future__ import annotations

import re

from harness.speech.words import normalise, sound_distance

NEGATIONS = re.compile(r"\b(?:not|never|none|nobody|nothing|without)\b")
SAME_BY_EAR = 0.02
"""Two texts whose sounds differ by less than this cannot be told apart."""


def contradict(one: str, other: str) -> bool:
    """Whether they differ in a number or in a "not", and can be told apart by ear.

    That is never a matter of spelling, however alike they sound.
    """
    if sound_distance(one, other) <= SAME_BY_EAR:
        return False
    first, second = (normalise(t).replace("cannot", "can not") for t in (one, other))
    return re.findall(r"\d+", first) != re.findall(r"\d+", second) or (
        NEGATIONS.findall(first) != NEGATIONS.findall(second)
    )
