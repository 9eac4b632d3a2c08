"""One side of a recording on disk, read where it is needed: an hour costs no more than a minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile

from harness.audio.clip import AudioClip
from harness.errors import ArtifactError


class Sound(Protocol):
    """What can be listened to in parts: a clip in memory, or one side of a file."""

    @property
    def sample_rate_hz(self) -> int:
        """Samples a second."""

    @property
    def frames(self) -> int:
        """Number of samples."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""

    def between(self, start_s: float, end_s: float) -> AudioClip:
        """The part from start_s to end_s, cut at the ends of what there is."""
        ...


@dataclass(frozen=True, slots=True)
class SideOfFile:
    """One channel of an audio file."""

    path: Path
    channel: int
    """From 0."""

    frames: int
    sample_rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate_hz

    def between(self, start_s: float, end_s: float) -> AudioClip:
        """The part from start_s to end_s, as `AudioClip.between`.

        Raises:
            ArtifactError: the file is not there any more, or cannot be read.
        """
        first = min(self.frames, max(0, round(start_s * self.sample_rate_hz)))
        last = min(self.frames, max(first, round(end_s * self.sample_rate_hz)))
        try:
            with soundfile.SoundFile(str(self.path)) as file:
                file.seek(first)
                samples = file.read(last - first, dtype="float32", always_2d=True)
        except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
            raise ArtifactError(
                f"Cannot read {self.path} any more.",
                expected="the recording that was there a moment ago",
                found=str(error),
            ) from error
        return AudioClip(np.ascontiguousarray(samples[:, self.channel]), self.sample_rate_hz)


def pieces(sound: Sound, piece_s: float) -> Iterator[AudioClip]:
    """All of it in order, in pieces of this length but for the last; of no sound, none."""
    step = max(1, round(piece_s * sound.sample_rate_hz))
    for first in range(0, sound.frames, step):
        last = min(first + step, sound.frames)
        yield sound.between(first / sound.sample_rate_hz, last / sound.sample_rate_hz)
