"""Sound that was received and not played, and why: the page's state against both sides' samples.

Pure functions over levels in small pieces (a tenth of a second, as pages tell them) and over what
the page's elements and audio graphs did.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SOUND_DBFS = -55.0
"""Received audio above this is sound somebody would hear; comfort noise stays below."""

LOST_DB = 30.0
"""Played that much weaker than it was received, nobody hears it: a volume of 0.03."""

BEFORE_S = 0.15
"""Pieces of what was received and of what was played lie as they like to each other."""

AFTER_S = 0.5
"""An audio graph, or a connection within the page, plays later than its track is received."""

LEAST_S = 0.25
"""What lasts less is the edge of a piece, or the moment before an element begins to play."""

JOINED_S = 0.6
"""Pauses between words do not end what was not played."""

UNKNOWN = "the page's audio graph lets nothing of it through"


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a piece of one source was."""

    start_s: float
    end_s: float
    rms_dbfs: float
    source: str = ""
    """The track's id where it is a track's; "" for what is played, which is one mix."""


@dataclass(frozen=True, slots=True)
class PlaybackState:
    """How the page plays a track from ``t_s`` on."""

    t_s: float
    track: str
    gain: float
    """Factor of the loudest element that plays it."""

    reason: str
    """Why nothing plays it; "" where an element or an audio graph does."""


@dataclass(frozen=True, slots=True)
class Unplayed:
    """A stretch that was received and that no user heard."""

    start_s: float
    end_s: float
    reason: str
    track: str

    def __str__(self) -> str:
        return f"received, never played: {self.reason}"


def unplayed(
    received: Sequence[Level], played: Sequence[Level], states: Sequence[PlaybackState]
) -> list[Unplayed]:
    """Every stretch with sound that was received and not played, in order of time.

    Args:
        received: pieces of every remote track, each track's in order of time.
        played: pieces of what the page plays, of any of its frames.
        states: what the page told about its playback, in order of time.
    """
    return as_unplayed(lost_pieces(received, played), states)


def lost_pieces(received: Sequence[Level], played: Sequence[Level]) -> list[Level]:
    """The pieces with sound around which none was played, in the order given; see `unplayed`."""
    played = sorted(played, key=lambda level: level.end_s)
    ends = [level.end_s for level in played]
    return [level for level in received if _is_lost(level, played, ends)]


def as_unplayed(lost: Sequence[Level], states: Sequence[PlaybackState]) -> list[Unplayed]:
    """The stretches that lost pieces make up, each with its reason, in order of time."""
    found = [
        Unplayed(start_s, end_s, reason_in(states, track, start_s, end_s) or UNKNOWN, track)
        for track in dict.fromkeys(level.source for level in lost)
        for start_s, end_s in joined(level for level in lost if level.source == track)
        if end_s - start_s >= LEAST_S
    ]
    return sorted(found, key=lambda stretch: stretch.start_s)


def joined_pieces(lost: Sequence[Level]) -> list[Level]:
    """The same in as few pieces as say the same to `as_unplayed`: for what is kept for hours."""
    return [
        Level(start_s, end_s, SOUND_DBFS, track)
        for track in dict.fromkeys(level.source for level in lost)
        for start_s, end_s in joined(level for level in lost if level.source == track)
    ]


def why_unheard(found: Sequence[Unplayed], start_s: float, end_s: float) -> str | None:
    """Why no user heard anything from ``start_s`` to ``end_s``, as part of a sentence.

    None where nothing says that the page was the cause.
    """
    shared_s = {u: min(u.end_s, end_s) - max(u.start_s, start_s) for u in found}
    longest = max(found, key=lambda u: shared_s[u], default=None)
    if longest is None or shared_s[longest] < LEAST_S:  # the tail of something before
        return None
    return str(longest)


def reason_in(
    states: Sequence[PlaybackState], track: str, start_s: float, end_s: float
) -> str | None:
    """What kept a track from being played for most of a stretch; None where nothing is known."""
    own = [state for state in states if state.track == track]
    lasted: dict[str, float] = {}
    for state, following in zip(own, [*own, None][1:], strict=True):
        until_s = following.t_s if following else max(end_s, state.t_s)
        lasts_s = min(until_s, end_s) - max(state.t_s, start_s)
        reason = state.reason or _faint(state.gain)
        if lasts_s > 0 and reason:
            lasted[reason] = lasted.get(reason, 0.0) + lasts_s
    return max(lasted, key=lambda reason: lasted[reason]) if lasted else None


def _faint(gain: float) -> str:
    return f"the element's volume is {gain:g}" if 0 < gain < 10 ** (-LOST_DB / 20) else ""


def _is_lost(level: Level, played: Sequence[Level], ends: Sequence[float]) -> bool:
    """There was sound, and around it none was played."""
    if level.rms_dbfs < SOUND_DBFS:
        return False
    for piece in played[bisect_left(ends, level.start_s - BEFORE_S) :]:
        if piece.start_s > level.end_s + AFTER_S:
            break
        if piece.rms_dbfs > level.rms_dbfs - LOST_DB:
            return False
    return True


def joined(levels: Iterable[Level]) -> list[tuple[float, float]]:
    """From where to where there was sound, pauses between words included, seconds."""
    spans: list[tuple[float, float]] = []
    for level in levels:
        if spans and level.start_s - spans[-1][1] <= JOINED_S:
            spans[-1] = (spans[-1][0], max(spans[-1][1], level.end_s))
        else:
            spans.append((level.start_s, level.end_s))
    return spans
