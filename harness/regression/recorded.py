"""Answers as they were recorded: their level, their voice, and their samples to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.audio.clip import AudioClip
from harness.audio.level import rms_dbfs
from harness.audio.side_of_file import SideOfFile
from harness.errors import ArtifactError
from harness.report.results import ScenarioResult, Turn
from harness.score.voice_print import VoicePrint, voice_print

AGENT_CHANNEL = 1
LONGEST_PRINT_S = 60.0
"""Of an answer: what comes later does not change what its voice is like."""


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """Where in a recording an answer is heard."""

    side: SideOfFile
    start_s: float
    end_s: float

    def clip(self) -> AudioClip | None:
        """From its first to its last voiced sample; None where the file is gone or broken."""
        try:
            return self.side.between(self.start_s, self.end_s)
        except ArtifactError:
            return None


@dataclass(frozen=True, slots=True)
class Sound:
    """What is known of an answer by its samples."""

    recorded: RecordedAnswer
    level_dbfs: float
    voice: VoicePrint | None


def recording_of(folder: Path, result: ScenarioResult) -> SideOfFile | None:
    """The agent's side of a run's recording; None where there is none any more.

    In the folder of a packed call it is FLAC, and read in place.
    """
    name = result.artifacts.get("audio")
    path = None if name is None else _kept(folder / name)
    if path is None:
        return None
    import soundfile

    try:
        info = soundfile.info(str(path))
    except (soundfile.LibsndfileError, OSError):
        return None
    if info.channels <= AGENT_CHANNEL:
        return None
    return SideOfFile(path, AGENT_CHANNEL, info.frames, info.samplerate)


def _kept(recording: Path) -> Path | None:
    forms = (recording, recording.with_suffix(".flac"))
    return next((path for path in forms if path.is_file()), None)


def sound_of(turn: Turn, recording: SideOfFile | None) -> Sound | None:
    """What a turn's answer sounds like; None where nothing was heard or kept of it."""
    if turn.heard is None or recording is None:
        return None
    recorded = RecordedAnswer(recording, turn.heard.start_s, turn.heard.end_s)
    clip = recorded.clip()
    if clip is None:
        return None
    voice = voice_print(clip.between(0.0, LONGEST_PRINT_S))
    return Sound(recorded, round(rms_dbfs(clip.samples), 1), voice)
