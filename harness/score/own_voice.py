"""Our own voice coming back in what was heard: an echo, or a loop in the page.

Pure. What was heard is compared with what was sent shortly before; `copied_voice` looks further
back, and at other callers.
"""

from __future__ import annotations

import numpy as np

from harness.audio.clip import AudioClip
from harness.score.voice_likeness import STEP_S, energies, likenesses

LONGEST_DELAY_S = 2.0
"""A voice that comes back later than this is none that the speaker would take for an echo."""

OWN_LIKENESS = 0.88
"""From here on it is the same voice saying the same at the same pace. By a loop through Opus 0.97;
the same sentence of another speaker at most 0.72, any other sentence at most 0.68."""

LEAST_S = 0.3
"""Shorter sounds tell nothing."""


def own_voice_delay_s(heard: AudioClip, sent: AudioClip) -> float | None:
    """After how long our own voice came back in a stretch of heard audio; None: it is not ours.

    Args:
        heard: one voiced stretch.
        sent: what was sent from `LONGEST_DELAY_S` before the stretch until its end; same rate.
    """
    if heard.duration_s < LEAST_S or sent.duration_s < heard.duration_s:
        return None
    likeness = likenesses(energies(sent), energies(heard))
    best = int(np.argmax(likeness))
    if likeness[best] < OWN_LIKENESS:
        return None
    return max(0.0, sent.duration_s - heard.duration_s - best * STEP_S)
