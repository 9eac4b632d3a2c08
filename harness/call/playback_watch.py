"""Watch over a page's playback: received against played, while a call lasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.audio.level import rms_dbfs
from harness.line.audio import AudioFrames
from harness.score.playback import (
    Level,
    PlaybackState,
    Unplayed,
    as_unplayed,
    joined_pieces,
    lost_pieces,
    why_unheard,
)

SETTLED_S = 10.0
"""What was received so long ago is judged for good: all that is played of it was played."""

SETTLES_EVERY_S = 60.0
"""Sound between two looks, however many tracks there are."""

MOST_STATES = 2_000
"""Of a page that changes its playback all the time, the latest reasons are known."""


class PlaybackWatch:
    """Keeps what was received and not played, and the page's own words for it.

    Levels are kept for a minute or two: a call of hours costs what its faults do.
    """

    def __init__(self) -> None:
        self._received: list[Level] = []
        self._played: list[Level] = []
        self._lost: list[Level] = []
        """Of what is judged for good."""

        self._looked_s: float | None = None
        self._states: list[PlaybackState] = []
        self._playing: dict[str, bool] = {}

    def received(self, frames: AudioFrames) -> None:
        """A piece of a remote track."""
        self._received.append(_level(frames, frames.source))
        self._look(frames)

    def played(self, frames: AudioFrames) -> None:
        """A piece of what the page plays."""
        self._played.append(_level(frames))
        self._look(frames)  # also while nothing is received

    def changed(self, frame_id: str, data: Mapping[str, Any], t_s: float) -> bool:
        """The page plays a track in another way from now on: a ``playback.changed``.

        Returns:
            Whether the page fell silent by this: no track is played any more, and one was before.
        """
        track = f"{frame_id}/{data['track']}"
        was_playing = any(self._playing.values())
        state = PlaybackState(t_s, track, float(data["gain"]), str(data.get("reason") or ""))
        self._states.append(state)
        del self._states[:-MOST_STATES]
        self._playing[track] = not state.reason
        return was_playing and not any(self._playing.values())

    def unplayed(self) -> list[Unplayed]:
        """Every stretch so far that was received and not played."""
        recent = lost_pieces(self._received, self._played)
        return as_unplayed([*self._lost, *recent], self._states)

    def why(self, start_s: float, end_s: float) -> str | None:
        """Why no user heard anything in this stretch, as far as the page is the cause."""
        return why_unheard(self.unplayed(), start_s, end_s)

    def _look(self, frames: AudioFrames) -> None:
        """Settle what is old, now and then: each look goes through all that is kept."""
        if self._looked_s is None:
            self._looked_s = frames.start_s
        if frames.end_s - self._looked_s >= SETTLES_EVERY_S:
            self._looked_s = frames.end_s
            self._settle(frames.end_s - SETTLED_S)

    def _settle(self, until_s: float) -> None:
        """Keep of what ended before only what was lost; of what was played what may be near."""
        old = [level for level in self._received if level.end_s <= until_s]
        self._lost = joined_pieces([*self._lost, *lost_pieces(old, self._played)])
        self._received = [level for level in self._received if level.end_s > until_s]
        oldest_s = min([until_s, *(level.start_s for level in self._received)])
        self._played = [level for level in self._played if level.end_s > oldest_s - SETTLED_S]


def _level(frames: AudioFrames, source: str = "") -> Level:
    return Level(frames.start_s, frames.end_s, rms_dbfs(frames.samples), source)
