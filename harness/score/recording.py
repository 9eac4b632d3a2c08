"""Recordings of calls, made anywhere: the user on one channel, the agent on the other.

Read in blocks: an hour takes no more memory than a minute, but for a few megabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile

from harness.audio.any_sound import DecodedFile, open_sound
from harness.audio.channels import SIDES, Side
from harness.audio.containers import look_into
from harness.audio.mended_file import MendedFile
from harness.errors import FixtureError
from harness.score.channel_checks import ChannelChecks, swapped
from harness.score.conversation import Conversation, conversation_of
from harness.speech.interface import SpeechDetector
from harness.speech.silero import SileroDetector
from harness.speech.spans import Span, SpanFinder

OpenFile: TypeAlias = soundfile.SoundFile | DecodedFile

BLOCK_S = 5.0
LEAST_RATE_HZ, MOST_RATE_HZ = 8_000, 192_000
EXPECTED = "a recording with two channels: the user on one, the agent on the other"

AT_ONCE_S = 0.01
"""Speech this near to the beginning or the end of a recording is cut there."""

NOBODY = "Cannot tell: nobody speaks in it."
ONE_SOUND = (
    "Cannot tell: both channels hold the same sound, so nobody can tell who speaks. Record the "
    "user and the agent on channels of their own."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a recording has to be for whoever reads it."""

    verb: str = "score"
    expected: str = EXPECTED
    channels: tuple[int, ...] = (2,)
    """How many it may have."""

    hint: str = "export the call with the user on the left channel and the agent on the right"


@dataclass(frozen=True, slots=True)
class RecordedVoices:
    """Where each channel of a recording is voiced."""

    path: Path
    duration_s: float
    sample_rate_hz: int
    channels: tuple[tuple[Span, ...], ...]
    """One entry a channel, in order of time; of two, without what leaked over from the other."""

    is_one_sound: bool
    """Both channels hold the same sound."""

    silent: tuple[Side, ...]
    """Channels without any sound, of two."""

    notes: tuple[str, ...]
    """What is to be known of it, in words."""


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
    told: Callable[[float], None] | None = None,
) -> RecordingScore:
    """Turns and interruptions of a recorded call.

    Args:
        path: WAV, FLAC, Ogg, MP3, M4A, WebM and others, of any rate from 8 kHz on.
        user: the user's channel.
        make_detector: a new speech detector for each channel.
        told: as of `voices_in`.

    Raises:
        FixtureError: it cannot be read, or has not two channels.
        SpeechError: the detector cannot run.
    """
    return score_voices(voices_in(path, make_detector, told=told), user)


def voices_in(
    path: Path,
    make_detector: Callable[[], SpeechDetector] = SileroDetector,
    wanted: Wanted | None = None,
    told: Callable[[float], None] | None = None,
) -> RecordedVoices:
    """The voices of each channel, read in blocks.

    Args:
        path: as `score_recording`.
        make_detector: a new speech detector for each channel.
        wanted: what it has to be; two channels where absent.
        told: how many seconds of it were listened to, block by block.

    Raises:
        FixtureError: it cannot be read, or is not what is wanted.
        SpeechError: the detector cannot run.
    """
    wanted, notes = wanted or Wanted(), list[str]()
    with opened(path, wanted, notes) as file:
        return _voices(path, file, make_detector, wanted, notes, told)


def score_voices(found: RecordedVoices, user: Side) -> RecordingScore:
    """Turns and interruptions of a recording with two channels.

    Args:
        found: its voices.
        user: the user's channel.
    """
    notes = list(found.notes)
    talk, cannot_tell = _talk(found, user, notes)
    return RecordingScore(
        found.path, found.duration_s, found.sample_rate_hz, user, talk, cannot_tell, tuple(notes)
    )


@contextmanager
def opened(path: Path, wanted: Wanted, notes: list[str]) -> Iterator[OpenFile]:
    """The file, to be read from its beginning.

    Args:
        path: as `score_recording`.
        wanted: what it has to be.
        notes: gets what is to be known of the file.

    Raises:
        FixtureError: it cannot be read, now or while it is open, or is not what is wanted.
    """
    source = _source(path, wanted, notes)
    try:
        with open_sound(source) as file:
            _check(path, file, wanted)
            yield file
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        found = f"nothing that the decoder understands ({error})"
        raise _bad(path, wanted, found) from error


def _voices(
    path: Path,
    file: OpenFile,
    make_detector: Callable[[], SpeechDetector],
    wanted: Wanted,
    notes: list[str],
    told: Callable[[float], None] | None,
) -> RecordedVoices:
    rate_hz, count = int(file.samplerate), int(file.channels)
    finders = [SpanFinder(rate_hz, make_detector()) for _ in range(count)]
    voices: list[list[Span]] = [[] for _ in finders]
    checks = ChannelChecks(rate_hz) if count == 2 else None
    frames = 0
    with ThreadPoolExecutor(count) as threads:
        for block in blocks(path, file, wanted):
            if checks is not None:
                checks.process(block)
            frames += len(block)
            sides = map(np.ascontiguousarray, block.T)
            new = threads.map(SpanFinder.process, finders, sides)
            for index, spans in enumerate(new):
                voices[index] += spans
            if told is not None:
                told(frames / rate_hz)
    if frames == 0:
        raise _bad(path, wanted, "a header without samples")
    nothing = np.zeros(0, np.float32)
    for index, finder in enumerate(finders):
        voices[index] += finder.process(nothing, is_last=True)
        if finder.has_background:
            notes.append(f"Other voices are heard behind the speaker of {_place(index, count)}.")
        notes += _cut_speech(voices[index], frames / rate_hz, _place(index, count))
    return _checked(path, frames / rate_hz, rate_hz, voices, checks, notes)


def _place(channel: int, count: int) -> str:
    """A channel in words; "its one channel" where there is no other."""
    return f"the {SIDES[channel]} channel" if count == 2 else "its one channel"


def _cut_speech(voices: Sequence[Span], duration_s: float, where: str) -> Iterator[str]:
    """That the recording begins or ends in the middle of speech, in words."""
    if voices and voices[0].start_s <= AT_ONCE_S:
        yield f"Somebody speaks on {where} as it begins: the beginning of that may be missing."
    if voices and voices[-1].end_s >= duration_s - AT_ONCE_S:
        yield f"Somebody speaks on {where} as it ends: the end of that may be missing."


def _checked(
    path: Path,
    duration_s: float,
    rate_hz: int,
    voices: list[list[Span]],
    checks: ChannelChecks | None,
    notes: list[str],
) -> RecordedVoices:
    channels = tuple(tuple(each) for each in voices)
    if checks is None:
        return RecordedVoices(path, duration_s, rate_hz, channels, False, (), tuple(notes))
    notes += checks.clipped()
    is_one, silent = checks.are_one(), tuple(checks.silent())
    if not is_one:
        kept = checks.without_crosstalk(*voices)
        channels = (kept.left, kept.right)
        if kept.removed:
            notes.append(
                f"{kept.removed} voices were heard in both channels: each counts where it is "
                "louder."
            )
    return RecordedVoices(path, duration_s, rate_hz, channels, is_one, silent, tuple(notes))


def _talk(found: RecordedVoices, user: Side, notes: list[str]) -> tuple[Conversation, str]:
    """The conversation, or why there is none to be seen."""
    silence = Conversation((), ())
    if found.is_one_sound:
        return silence, ONE_SOUND
    left, right = found.channels
    mine, theirs = (left, right) if user == "left" else (right, left)
    other: Side = "right" if user == "left" else "left"
    if not mine and not theirs:
        return silence, NOBODY
    if not mine or not theirs:
        mute = user if not mine else other
        silent = "is silent" if mute in found.silent else "holds no speech"
        return silence, f"Cannot tell: the {mute} channel {silent}; only one party is heard."
    if (remark := swapped(mine, theirs, (user, other))) is not None:
        notes.append(remark)
    return conversation_of(mine, theirs), ""


def blocks(path: Path, file: OpenFile, wanted: Wanted) -> Iterator[npt.NDArray[np.float32]]:
    """All of a file that `opened` gave, `BLOCK_S` at a time.

    Each is float32, shape (frames, channels), at the file's own rate in Hz.

    Raises:
        FixtureError: it holds samples that are no numbers.
    """
    size = round(BLOCK_S * file.samplerate)
    while len(block := file.read(size, dtype="float32", always_2d=True)):
        if not np.isfinite(block).all():
            raise _bad(path, wanted, "samples that are not numbers (NaN or infinite)")
        yield block


def _source(path: Path, wanted: Wanted, notes: list[str]) -> str | MendedFile:
    """What to decode; a file that is cut is scored as far as it goes."""
    if path.is_dir():
        raise _bad(path, wanted, "a folder")
    try:
        if path.stat().st_size == 0:
            raise _bad(path, wanted, "an empty file (0 bytes)")
        container = look_into(path)
    except FileNotFoundError:
        raise _bad(path, wanted, "no such file", "check the path and its spelling") from None
    except OSError as error:
        raise _bad(path, wanted, error.strerror or str(error)) from error
    if container.cut is not None:
        notes.append(f"The file is cut: {container.cut}. It is read as far as it goes.")
    if container.note is not None:
        notes.append(f"The file: {container.note}.")
    return container.source


def _check(path: Path, file: OpenFile, wanted: Wanted) -> None:
    if file.channels not in wanted.channels:
        has = f"{file.channels} channel{'s' * (file.channels > 1)}"
        who = ": who of the two speaks cannot be told from one" if file.channels == 1 else ""
        raise _bad(path, wanted, has + who, wanted.hint)
    if not LEAST_RATE_HZ <= file.samplerate <= MOST_RATE_HZ:
        raise _bad(path, wanted, f"{file.samplerate} Hz", "export it at 8 to 48 kHz")


def _bad(path: Path, wanted: Wanted, found: str, hint: str | None = None) -> FixtureError:
    return FixtureError(
        f"Cannot {wanted.verb} {path}.", expected=wanted.expected, found=found, hint=hint
    )
