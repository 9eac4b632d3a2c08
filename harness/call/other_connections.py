"""Sound of connections that are not the agent's: kept beside the call, never judged."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from harness.audio.clip import CALL_RATE_HZ
from harness.audio.level import rms_dbfs
from harness.audio.stereo_recorder import StereoRecorder
from harness.audio.wav import write_wav
from harness.facts.call import OtherHeard
from harness.line.audio import AudioFrames
from harness.score.playback import LEAST_S, SOUND_DBFS, Level, joined

OTHERS_NAME = "others.wav"


class OtherConnections:
    """Takes the frames of other connections; tells where there was sound, and writes it."""

    def __init__(self) -> None:
        self._levels: dict[str, list[Level]] = defaultdict(list)
        self._recording = StereoRecorder()

    def take(self, frames: AudioFrames) -> None:
        """A piece of what the page plays of one connection."""
        level_dbfs = rms_dbfs(frames.samples)
        if level_dbfs >= SOUND_DBFS:
            piece = Level(frames.start_s, frames.end_s, level_dbfs, frames.source)
            self._levels[frames.source].append(piece)
        self._recording.add_heard(frames.start_s, frames.samples, frames.source)

    def heard(self) -> list[OtherHeard]:
        """Every stretch of sound so far, in order of time."""
        found = [
            OtherHeard(start_s, end_s, source.rpartition("/")[2])
            for source, levels in self._levels.items()
            for start_s, end_s in joined(levels)
            if end_s - start_s >= LEAST_S
        ]
        return sorted(found, key=lambda stretch: stretch.start_s)

    def write(self, folder: Path) -> Path | None:
        """Write them mixed, where any of them had sound; sample 0 is t 0.

        Raises:
            ArtifactError: the disk is full or the folder cannot be written to.
        """
        if not self.heard():
            return None
        path = folder / OTHERS_NAME
        write_wav(path, self._recording.samples()[:, 1], CALL_RATE_HZ)
        return path
