"""Sound of connections that are not the agent's: kept beside the call, never judged."""

from __future__ import annotations

from collections import defaultdict

from harness.audio.level import rms_dbfs
from harness.facts.call import OtherHeard
from harness.line.audio import AudioFrames
from harness.score.playback import LEAST_S, SOUND_DBFS, Level, joined, joined_pieces

MOST_PIECES = 500
"""Of one connection; more are put together, so that hours of sound need no more memory."""


class OtherConnections:
    """Takes the frames of other connections and tells where there was sound."""

    def __init__(self) -> None:
        self._levels: dict[str, list[Level]] = defaultdict(list)

    def take(self, frames: AudioFrames) -> bool:
        """A piece of what the page plays of one connection.

        Returns:
            Whether there is any sound in it.
        """
        level_dbfs = rms_dbfs(frames.samples)
        if level_dbfs < SOUND_DBFS:
            return False
        pieces = self._levels[frames.source]
        pieces.append(Level(frames.start_s, frames.end_s, level_dbfs, frames.source))
        if len(pieces) > MOST_PIECES:
            pieces[:] = joined_pieces(pieces)
        return True

    def heard(self) -> list[OtherHeard]:
        """Every stretch of sound so far, in order of time."""
        found = [
            OtherHeard(start_s, end_s, source.rpartition("/")[2])
            for source, levels in self._levels.items()
            for start_s, end_s in joined(levels)
            if end_s - start_s >= LEAST_S
        ]
        return sorted(found, key=lambda stretch: stretch.start_s)
