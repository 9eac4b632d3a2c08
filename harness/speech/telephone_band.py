"""The band that a telephone leaves of speech: whether a sound came by one, what it took. Pure.

A telephone passes nothing above 3.4 kHz, where most of an "s" lies. How much of a sound lay there
can be told from how far what is left leans upwards: of a hum a telephone takes nothing, of a hiss
whose strongest part is the last of its band 10 dB and more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harness.speech.band_levels import SILENT_POWER, Values

TOP_DB = -55.0
"""The uppermost band's loudest against the whole, where a telephone has cut it off."""

LAST_BAND = 7
"""The uppermost band of which a telephone leaves something: 3.1 to 3.4 kHz."""

LOST_DB = ((-30, 0), (-20, 1), (-13, 4), (-9, 7.5), (-6, 11))
"""By how much a telephone lowers the peak of a sound, by the share (dB) that the last band has in
what is left; measured on clips whose other half is known, less 1 dB, because an edge is the last
sample of many that reaches a level."""


def came_by_telephone(powers: Values, speech: Sequence[tuple[int, int]]) -> bool:
    """Whether speech holds nothing above 4 kHz.

    Args:
        powers: of `band_levels`, shape (hops, BANDS).
        speech: first hop of each stretch, and the one behind its last.
    """
    stretches = [powers[first:end] for first, end in speech if end > first]
    if not stretches:
        return False
    whole = max(float(each.sum(axis=1).max()) for each in stretches)
    top = max(float(each[:, -1].max()) for each in stretches)
    return top < whole * 10 ** (TOP_DB / 10)


def lost_by_telephone_db(powers: Values, noise: npt.NDArray[np.float64]) -> Values:
    """By how much each hop's peak would be larger without the telephone, shape (hops,).

    A hop is 2 ms, `HOPS_A_SECOND`, whatever the rate of the samples.

    Args:
        powers: of `band_levels`, shape (hops, BANDS), by telephone.
        noise: power of the noise in them, shape (BANDS,).
    """
    own = np.maximum(powers - noise, SILENT_POWER)
    share_db = 10 * np.log10(own[:, LAST_BAND] / own.sum(axis=1))
    shares_db, lost_db = zip(*LOST_DB, strict=True)
    return np.asarray(np.interp(share_db, shares_db, lost_db), np.float32)
