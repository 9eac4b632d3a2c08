"""Whether what was heard is our own voice coming back: an echo, or a loop in the page.

Pure. What was heard is compared with what was sent shortly before, as energies in bands of the
voice: they survive a codec, a jitter buffer and another loudness, and two people (or two
sentences) have others.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from harness.audio.clip import AudioClip

LONGEST_DELAY_S = 2.0
"""A voice that comes back later than this is none that the speaker would take for an echo."""

OWN_LIKENESS = 0.88
"""From here on it is the same voice saying the same at the same pace. By a loop through Opus 0.97;
the same sentence of another speaker at most 0.72, any other sentence at most 0.68."""

STEP_S = 0.01
BANDS_HZ = (150, 300, 450, 650, 900, 1250, 1700, 2300, 3200)
RANGE_DB = 40.0
"""What is quieter than the loudest moment by more than this is taken for silence."""

LEAST_S = 0.3
"""Shorter sounds tell nothing."""

Energies = npt.NDArray[np.float64]
"""Decibels above silence, shape (steps, bands)."""


def own_voice_delay_s(heard: AudioClip, sent: AudioClip) -> float | None:
    """After how long our own voice came back in a stretch of heard audio; None: it is not ours.

    Args:
        heard: one voiced stretch.
        sent: what was sent from `LONGEST_DELAY_S` before the stretch until its end; same rate.
    """
    if heard.duration_s < LEAST_S or sent.duration_s < heard.duration_s:
        return None
    ours, theirs = _energies(sent), _energies(heard)
    likeness = [
        _likeness(ours[at : at + len(theirs)], theirs) for at in range(len(ours) - len(theirs) + 1)
    ]
    best = int(np.argmax(likeness))
    if likeness[best] < OWN_LIKENESS:
        return None
    return max(0.0, sent.duration_s - heard.duration_s - best * STEP_S)


def _energies(clip: AudioClip) -> Energies:
    step = round(clip.sample_rate_hz * STEP_S)
    size = 2 * step
    padded = np.concatenate([clip.samples, np.zeros(step, np.float32)])
    count = max(0, (len(padded) - size) // step + 1)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::step][:count]
    power = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) ** 2
    hz = np.fft.rfftfreq(size, 1 / clip.sample_rate_hz)
    bands = [power[:, (hz >= low) & (hz < high)].sum(axis=1) for low, high in pairwise(BANDS_HZ)]
    levels_db = 10 * np.log10(np.stack(bands, axis=1) + 1e-9)
    above_db: Energies = np.maximum(0.0, levels_db - (levels_db.max() - RANGE_DB))
    return above_db


def _likeness(ours: Energies, theirs: Energies) -> float:
    """Correlation of the two over time and bands, -1 to 1; the loudness of each does not count."""
    a, b = ours - ours.mean(axis=0), theirs - theirs.mean(axis=0)
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / size if size > 0 else 0.0
