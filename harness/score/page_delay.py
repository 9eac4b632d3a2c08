"""The delay within a page: from a sound on a remote track to the same sound played. Pure."""

from __future__ import annotations

from harness.audio.clip import AudioClip
from harness.audio.compare import find_delay

LONGEST_S = 1.0
"""A page that plays later than this is found to play something else."""

BEFORE_S, AFTER_S = 0.05, 0.6
"""Around the first sample of a voice; what is compared."""

LEAST_LIKENESS = 0.5
"""Below this it is not the same sound; a page that changes gain or adds music stays above."""


def page_delay_s(received: AudioClip, played: AudioClip, start_s: float) -> float | None:
    """How much later than it came a voice is played; exact to a sample where the page only plays.

    Args:
        received: what came on all remote tracks.
        played: what the page plays; the same rate and beginning.
        start_s: the voice's first sample, from the beginning of ``played``.

    Returns:
        Seconds, at least 0; None where it was not received as a track, or the page changed it.
    """
    from_s = max(0.0, start_s - BEFORE_S)
    voice = played.between(from_s, start_s + AFTER_S)
    earlier_s = max(0.0, from_s - LONGEST_S)
    around = received.between(earlier_s, start_s + AFTER_S)
    found = find_delay(voice.samples, around.samples, played.sample_rate_hz)
    delay_s = from_s - earlier_s - found.delay_s
    if found.likeness < LEAST_LIKENESS or not 0.0 <= round(delay_s, 4) <= LONGEST_S:
        return None
    return max(0.0, delay_s)
