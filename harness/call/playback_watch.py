"""Watch over a page's playback: received against played, while a call lasts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.audio.clip import CALL_RATE_HZ
from harness.audio.level import rms_dbfs
from harness.audio.stereo_recorder import StereoRecorder
from harness.audio.wav import write_wav
from harness.line.audio import AudioFrames
from harness.score.playback import Level, PlaybackState, Unplayed, unplayed, why_unheard

RECEIVED_NAME = "received.wav"


class PlaybackWatch:
    """Keeps what came on the remote tracks, the levels of both, and the page's own words."""

    def __init__(self) -> None:
        self._received: list[Level] = []
        self._played: list[Level] = []
        self._states: list[PlaybackState] = []
        self._playing: dict[str, bool] = {}
        self._recording = StereoRecorder()

    def received(self, frames: AudioFrames) -> None:
        """A piece of a remote track."""
        self._received.append(_level(frames, frames.source))
        self._recording.add_heard(frames.start_s, frames.samples, frames.source)

    def played(self, frames: AudioFrames) -> None:
        """A piece of what the page plays."""
        self._played.append(_level(frames))

    def changed(self, frame_id: str, data: Mapping[str, Any], t_s: float) -> bool:
        """The page plays a track in another way from now on: a ``playback.changed``.

        Returns:
            Whether the page fell silent by this: no track is played any more, and one was before.
        """
        track = f"{frame_id}/{data['track']}"
        was_playing = any(self._playing.values())
        state = PlaybackState(t_s, track, float(data["gain"]), str(data.get("reason") or ""))
        self._states.append(state)
        self._playing[track] = not state.reason
        return was_playing and not any(self._playing.values())

    def unplayed(self) -> list[Unplayed]:
        """Every stretch so far that was received and not played."""
        return unplayed(self._received, self._played, self._states)

    def why(self, start_s: float, end_s: float) -> str | None:
        """Why no user heard anything in this stretch, as far as the page is the cause."""
        return why_unheard(self.unplayed(), self._states, start_s, end_s)

    def write(self, folder: Path) -> Path | None:
        """Write what was received, where any of it was not played; sample 0 is t 0.

        Raises:
            ArtifactError: the disk is full or the folder cannot be written to.
        """
        if not self.unplayed():
            return None
        path = folder / RECEIVED_NAME
        write_wav(path, self._recording.samples()[:, 1], CALL_RATE_HZ)
        return path


def _level(frames: AudioFrames, source: str = "") -> Level:
    return Level(frames.start_s, frames.end_s, rms_dbfs(frames.samples), source)
