"""Looking back at one side of a call: the latest minute from memory, the rest from the disk."""

from __future__ import annotations

from collections.abc import Callable

from harness.audio.clip import CALL_RATE_HZ, AudioClip, joined
from harness.call.heard_answer import heard_between
from harness.line.audio import AudioFrames
from harness.streams.event_stream import EventStream

NEAR_S = 1.0
"""Pieces of several sources do not come in the order of their times: by so much at most."""


def sound_between(
    stream: EventStream[AudioFrames],
    read: Callable[[float, float], AudioClip],
    from_s: float,
    until_s: float,
) -> AudioClip:
    """What one side sounded like from start to end, silence where nothing was.

    Args:
        stream: the side's latest pieces.
        read: the same side between two times, from the disk.
        from_s: seconds on the timeline.
        until_s: seconds on the timeline.

    Raises:
        ArtifactError: it has to be read from the disk, and cannot.
    """
    kept = stream.snapshot()
    holds_all = len(kept) == stream.count
    kept_from_s = kept[0].start_s + NEAR_S if kept else until_s
    if holds_all or kept_from_s <= from_s:
        return heard_between(kept, from_s, until_s)
    seam_s = min(until_s, round(kept_from_s * CALL_RATE_HZ) / CALL_RATE_HZ)
    return joined(read(from_s, seam_s), heard_between(kept, seam_s, until_s))
