"""Time that a busy machine took from a call: how long the page's audio clock stood still. Pure.

A browser whose audio thread does not get the processor in time loses what it should have rendered:
its audio clock stands still while the world goes on. Two witnesses in getStats do not: the sound
that WebRTC has played of a track, and the time of the report itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.score.metrics import inbound_audio
from harness.trace import TraceEvent

TOO_BUSY = "This machine was too busy for the call"
"""How the note begins."""

LEAST_TOLD_S = 0.25
LEAST_TOLD_SHARE = 0.01
"""Less is no news: a quiet machine is off by hundredths of a second in a call of a minute."""


@dataclass(frozen=True, slots=True)
class HeldUp:
    """How long the audio clock stood still in all, and how long it was looked at."""

    held_up_s: float
    within_s: float

    @property
    def is_news(self) -> bool:
        """Whether it is so much that numbers and findings may be its doing."""
        return self.held_up_s >= max(LEAST_TOLD_S, LEAST_TOLD_SHARE * self.within_s)


def held_up(events: Iterable[TraceEvent]) -> HeldUp | None:
    """How long a busy machine held the page's audio up.

    Formula, of the track with the most reports, from its first sound to its last report: the
    smaller growth of `totalSamplesDuration` and `timestamp` (which a clock that is set moves),
    less the growth of the time on the timeline, and at least 0.

    Returns:
        None where no track of the call has two reports with sound, as without a browser.
    """
    tracks: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for event in events:
        if event.type != "stats" or event.t_s is None:
            continue
        for stat in inbound_audio(event.data):
            played_s, at_ms = stat.get("totalSamplesDuration"), stat.get("timestamp")
            if isinstance(played_s, int | float) and isinstance(at_ms, int | float) and played_s:
                track = (str(event.data.get("connection")), str(stat.get("id")))
                tracks.setdefault(track, []).append((event.t_s, played_s, at_ms / 1000))
    longest = max(tracks.values(), key=len, default=[])
    if len(longest) < 2:
        return None
    within_s, played_s, wall_s = (b - a for a, b in zip(longest[0], longest[-1], strict=True))
    return HeldUp(max(0.0, min(played_s, wall_s) - within_s), within_s)


def held_up_notes(found: HeldUp | None) -> list[str]:
    """What whoever reads a verdict should know of the machine it was found on."""
    if found is None or not found.is_news:
        return []
    return [
        f"{TOO_BUSY}: the page's audio stood still for "
        f"{found.held_up_s:.1f} s of {found.within_s:.0f} s. Delays, holes and findings about "
        "sound may be its doing, and not the page's."
    ]
