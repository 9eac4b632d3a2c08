"""Recordings of calls, made anywhere: the user on one channel, the agent on the other.

Read in blocks: an hour takes no more memory than a minute, but for a few megabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from harness.audio.channels import SIDES, Side
from harness.audio.containers import look_into
from harness.audio.mended_file import MendedFile
from harness.errors import FixtureError
from harness.score.channel_checks import ChannelChecks, swapped
from harness.score.conversation import Conversation, conversation_of
from harness.speech.interface import SpeechDetector
from harness.speech.silero import SileroDetector
from harness.speech.spans import Span, SpanFinder

BLOCK_S = 5.0
LEAST_RATE_HZ, MOST_RATE_HZ = 8_000, 192_000
EXPECTED = "a recording with two channels: the user on one, the agent on the other"

NOBODY = "Cannot tell: nobody speaks in it."
ONE_SOUND = (
    "Cannot tell: both channels hold the same sound, so nobody can tell who speaks. Record the "
    "user and the agent on channels of their own."
)


@dataclass(frozen=True, slots=True)
class RecordingScore:
    """What was found in one recording."""

    path: Path
    duration_s: float
    sample_rate_hz: int
    user: Side
    conversation: Conversation
    cannot_tell: str
    """Why nothing can be said of it; "" where something can."""

    notes: tuple[str, ...]
    """What is to be known of it, in words."""


def score_recording(
    path: Path,
    user: Side = "left",
    make_detector: Callable[[], SpeechDetector] = SileroDetector,
) -> RecordingScore:
    """Turns and interruptions of a recorded call.

    Args:
        path: WAV, FLAC, Ogg (Vorbis, Opus) or MP3 of any rate from 8 kHz on.
        user: the user's channel.
        make_detector: a new speech detector for each channel.

    Raises:
        FixtureError: it cannot be read, or has not two channels.
        SpeechError: the detector cannot run.
    """
    notes: list[str] = []
    source = _source(path, notes)
    try:
        with soundfile.SoundFile(source) as file:
            _check(path, file)
            return _scored(path, file, user, make_detector, notes)
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        raise _bad(path, f"nothing that the decoder understands ({error})") from error


def _scored(
    path: Path,
    file: soundfile.SoundFile,
    user: Side,
    make_detector: Callable[[], SpeechDetector],
    notes: list[str],
) -> RecordingScore:
    rate_hz = int(file.samplerate)
    finders = [SpanFinder(rate_hz, make_detector()) for _ in SIDES]
    voices: list[list[Span]] = [[], []]
    checks = ChannelChecks(rate_hz)
    frames = 0
    for block in _blocks(path, file):
        checks.process(block)
        frames += len(block)
        for index, finder in enumerate(finders):
            voices[index] += finder.process(np.ascontiguousarray(block[:, index]))
    if frames == 0:
        raise _bad(path, "a header without samples")
    nothing = np.zeros(0, np.float32)
    for index, finder in enumerate(finders):
        voices[index] += finder.process(nothing, is_last=True)
        if finder.has_background:
            notes.append(
                f"Other voices are heard behind the speaker of the {SIDES[index]} channel."
            )
    notes += checks.clipped()
    talk, cannot_tell = _talk(checks, voices, user, notes)
    return RecordingScore(path, frames / rate_hz, rate_hz, user, talk, cannot_tell, tuple(notes))


def _talk(
    checks: ChannelChecks, voices: list[list[Span]], user: Side, notes: list[str]
) -> tuple[Conversation, str]:
    """The conversation, or why there is none to be seen."""
    silence = Conversation((), ())
    if checks.are_one():
        return silence, ONE_SOUND
    kept = checks.without_crosstalk(*voices)
    if kept.removed:
        notes.append(
            f"{kept.removed} voices were heard in both channels: each counts where it is louder."
        )
    mine, theirs = (kept.left, kept.right) if user == "left" else (kept.right, kept.left)
    other: Side = "right" if user == "left" else "left"
    if not mine and not theirs:
        return silence, NOBODY
    if not mine or not theirs:
        mute = user if not mine else other
        silent = "is silent" if mute in checks.silent() else "holds no speech"
        return silence, f"Cannot tell: the {mute} channel {silent}; only one party is heard."
    if (remark := swapped(mine, theirs, (user, other))) is not None:
        notes.append(remark)
    return conversation_of(mine, theirs), ""


def _blocks(path: Path, file: soundfile.SoundFile) -> Iterator[npt.NDArray[np.float32]]:
    size = round(BLOCK_S * file.samplerate)
    while len(block := file.read(size, dtype="float32", always_2d=True)):
        if not np.isfinite(block).all():
            raise _bad(path, "samples that are not numbers (NaN or infinite)")
        yield block


def _source(path: Path, notes: list[str]) -> str | MendedFile:
    """What to decode; a file that is cut is scored as far as it goes."""
    if path.is_dir():
        raise _bad(path, "a folder")
    try:
        if path.stat().st_size == 0:
            raise _bad(path, "an empty file (0 bytes)")
        container = look_into(path)
    except FileNotFoundError:
        raise _bad(path, "no such file", "check the path and its spelling") from None
    except OSError as error:
        raise _bad(path, error.strerror or str(error)) from error
    if container.cut is not None:
        notes.append(f"The file is cut: {container.cut}. It was scored as far as it goes.")
    if container.note is not None:
        notes.append(f"The file: {container.note}.")
    return container.source


def _check(path: Path, file: soundfile.SoundFile) -> None:
    if file.channels != 2:
        has = f"{file.channels} channel{'s' * (file.channels > 1)}"
        raise _bad(
            path,
            has + (": who of the two speaks cannot be told from one" if file.channels == 1 else ""),
            "export the call with the user on the left channel and the agent on the right",
        )
    if not LEAST_RATE_HZ <= file.samplerate <= MOST_RATE_HZ:
        raise _bad(path, f"{file.samplerate} Hz", "export it at 8 to 48 kHz")


def _bad(path: Path, found: str, hint: str | None = None) -> FixtureError:
    return FixtureError(f"Cannot score {path}.", expected=EXPECTED, found=found, hint=hint)
