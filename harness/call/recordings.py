"""The recordings of one call, on disk while it lasts.

``call.wav`` has what was sent on the left and what was heard on the right. Where a page stands
between the remote peer and the ear, each remote track is recorded as it came, too:
``received.wav``, ``received-2.wav`` and so on, whether the page plays it or not.
"""

from __future__ import annotations

from pathlib import Path

from harness.audio.clip import AudioClip
from harness.audio.stereo_recorder import RecordingFacts, StereoRecorder
from harness.errors import ArtifactError
from harness.line.audio import AudioFrames

CALL_NAME = "call.wav"
OTHERS_NAME = "others.wav"
"""What is played of connections that are not the agent's, mixed; made where there is sound."""

MOST_TRACKS = 16
"""Files; the tracks that come after them are mixed into the last."""


class Recordings:
    """All that is recorded of one call, sample 0 being t 0 of its timeline.

    Args:
        folder: where the files are made; ``call.wav`` at once, the others when a track comes.

    Raises:
        ArtifactError: the first file cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self.call = StereoRecorder(folder / CALL_NAME)
        self._folder = folder
        self._tracks: dict[str, StereoRecorder] = {}
        self._track_files: list[StereoRecorder] = []
        self._others: StereoRecorder | None = None
        self._files: list[StereoRecorder] = [self.call]
        self._unmade: ArtifactError | None = None

    def sent(self, frames: AudioFrames) -> None:
        """A piece of a microphone."""
        self.call.add_sent(frames.start_s, frames.samples, frames.source)

    def heard(self, frames: AudioFrames) -> None:
        """A piece of what is heard."""
        self.call.add_heard(frames.start_s, frames.samples, frames.source)

    def received(self, frames: AudioFrames) -> str | None:
        """A piece of a remote track of a page.

        Returns:
            The name of the file that was begun for it; None where there was one.
        """
        track = self._tracks.get(frames.source)
        begun = None
        if track is None:
            track, begun = self._begin()
            if track is None:
                return None
            self._tracks[frames.source] = track
        track.add_heard(frames.start_s, frames.samples, frames.source)
        return begun

    def of_another(self, frames: AudioFrames, *, is_sound: bool) -> None:
        """A piece of what is played of a connection that is not the agent's."""
        if self._others is None and is_sound:
            self._others = self._make(OTHERS_NAME)
        if self._others is not None:
            self._others.add_heard(frames.start_s, frames.samples, frames.source)

    def read_sent(self, from_s: float, until_s: float) -> AudioClip:
        """What was sent between two times, from the disk; `ArtifactError` where it is not there."""
        return self.call.read(0, from_s, until_s)

    def read_heard(self, from_s: float, until_s: float) -> AudioClip:
        """What was heard between two times, from the disk; `ArtifactError` as well."""
        return self.call.read(1, from_s, until_s)

    @property
    def facts(self) -> RecordingFacts:
        """What ``call.wav`` lacks or had to decide."""
        return self.call.facts

    @property
    def broken(self) -> ArtifactError | None:
        """The first thing that could not be written; None: all was."""
        found = [file.broken for file in self._files if file.broken is not None]
        return next(iter(found), self._unmade)

    def close(self) -> bool:
        """Let go of the files; what somebody removed meanwhile is written again.

        Returns:
            Whether anything had been removed.
        """
        for file in self._files:
            file.close()
        return any(file.was_removed for file in self._files)

    def _begin(self) -> tuple[StereoRecorder | None, str | None]:
        """The file of one more track, and its name; of one too many the last file."""
        number = len(self._track_files) + 1
        if number > MOST_TRACKS:
            return self._track_files[-1], None
        name = "received.wav" if number == 1 else f"received-{number}.wav"
        track = self._make(name)
        if track is None:
            return None, None
        self._track_files.append(track)
        return track, name

    def _make(self, name: str) -> StereoRecorder | None:
        """One more file of one side; None where the disk took none."""
        if self._unmade is not None:
            return None
        try:
            made = StereoRecorder(self._folder / name, sides=1)
        except ArtifactError as error:
            self._unmade = error
            return None
        self._files.append(made)
        return made
