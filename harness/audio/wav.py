"""Audio files: any usual kind read into 48 kHz mono, PCM16 WAV files written."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile

from harness.audio.any_sound import DecodedFile, open_sound
from harness.audio.channels import Channels, Side, cancel_out, hold_two_parties, to_mono
from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.containers import Container, look_into
from harness.audio.files import write_atomically
from harness.audio.mended_file import MendedFile
from harness.audio.pcm16 import to_int16
from harness.audio.resample import resample
from harness.errors import FixtureError
from harness.paths import StrPath

EXPECTED = "a readable WAV, FLAC or OGG file with sound in it"
MAX_DURATION_S = 30 * 60.0
"""Longest file accepted; a clip is held in memory as a whole (11.5 MB a minute)."""
CANCELLED = "channels that cancel out (out of phase): mixed to one, they are silent"
TWO_PARTIES = "two talks at once, one a channel, as in a recorded call of user and agent"


@dataclass(frozen=True, slots=True)
class LoadedClip:
    """A file's audio as the call uses it."""

    clip: AudioClip
    """48 kHz mono."""

    conversion: str | None
    """What had to be changed, for people, such as "22050 Hz -> 48000 Hz"; None: nothing."""


def load_clip(
    path: StrPath, sample_rate_hz: int = CALL_RATE_HZ, channel: Side | None = None
) -> LoadedClip:
    """Read an audio file of any rate, width and channel count as mono.

    Channels become one as `to_mono` says, the rate is converted, samples beyond full scale are
    held there.

    Args:
        path: the file.
        sample_rate_hz: rate of the clip wanted.
        channel: the one to take of a recording with two.

    Raises:
        FixtureError: missing, not audio, damaged, truncated, empty, longer than 30 minutes, or
            two parties' talk without a choice between them.
    """
    path = Path(path)
    _check_is_file(path)
    container = _whole(path)
    data, from_hz, subtype = _read(path, container.source)
    notes = [container.note] if container.note else []
    if not np.isfinite(data).all():
        raise _bad(path, "samples that are not numbers (NaN or infinite)")
    _check_channels(path, data, from_hz, channel)
    samples, mixed = to_mono(data, channel)
    if mixed:
        notes.append(mixed)
    loudest = float(np.max(np.abs(samples)))
    if loudest > 1.0:
        notes.append(f"peak of {loudest:.2f} held at full scale")
    if from_hz != sample_rate_hz:
        notes.append(f"{from_hz} Hz -> {sample_rate_hz} Hz")
    if subtype != "PCM_16":
        notes.append(f"{subtype} decoded")
    samples = np.clip(resample(np.clip(samples, -1, 1), from_hz, sample_rate_hz), -1, 1)
    return LoadedClip(AudioClip(samples, sample_rate_hz), "; ".join(notes) or None)


def write_wav(path: StrPath, samples: npt.NDArray[Any], sample_rate_hz: int) -> None:
    """Write a PCM16 WAV file, whole or not at all.

    Args:
        path: where to; missing folders are made.
        samples: shape (frames,) or (frames, channels); float (full scale ±1.0) or int16.
        sample_rate_hz: rate of the samples.

    Raises:
        ArtifactError: it could not be written.
    """
    pcm = samples if samples.dtype == np.int16 else to_int16(samples)
    channels = 1 if pcm.ndim == 1 else pcm.shape[1]

    def write(file: BinaryIO) -> None:
        file.write(wav_header(pcm.size * 2, channels, sample_rate_hz))
        file.write(np.ascontiguousarray(pcm, dtype="<i2").data)

    write_atomically(Path(path), write)


def wav_header(data_bytes: int, channels: int, sample_rate_hz: int) -> bytes:
    """The 44 bytes before the samples of a PCM16 WAV file (RIFF, fmt, data).

    The samples that follow have shape (frames, channels), int16, little-endian.

    Args:
        data_bytes: length of all samples, two bytes each.
        channels: 1 for mono, 2 for stereo.
        sample_rate_hz: frames a second.

    Raises:
        ValueError: more than the 4 GiB that a RIFF length can say.
    """
    if data_bytes > 0xFFFFFFFF - 36:
        raise ValueError(f"a WAV file holds at most 4 GiB; got {data_bytes} bytes")
    block = channels * 2
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + data_bytes, b"WAVE"),
        *(b"fmt ", 16, 1, channels, sample_rate_hz, sample_rate_hz * block, block, 16),
        *(b"data", data_bytes),
    )


def _bad(path: Path, found: str, hint: str | None = None) -> FixtureError:
    return FixtureError(
        f"Cannot use the audio file {path}.", expected=EXPECTED, found=found, hint=hint
    )


def _check_is_file(path: Path) -> None:
    if path.is_dir():
        raise _bad(path, "a folder")
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise _bad(path, "no such file", "check the path and its spelling") from None
    except OSError as error:
        raise _bad(path, error.strerror or str(error)) from error
    if size == 0:
        raise _bad(path, "an empty file (0 bytes)")


def _whole(path: Path) -> Container:
    try:
        container = look_into(path)
    except OSError as error:
        raise _bad(path, error.strerror or str(error)) from error
    if container.cut is not None:
        raise _bad(path, container.cut, "the file was cut off; copy or export it again")
    return container


def _check_channels(path: Path, data: Channels, rate_hz: int, channel: Side | None) -> None:
    count = data.shape[1]
    if channel is not None and count != 2:
        found = f"a recording with {count} channel{'s' * (count > 1)}, asked for its {channel} one"
        raise _bad(path, found, "leave `channel` out, or export the channel alone")
    if channel is None and count > 1:
        hint = "say which one is to be spoken: `channel: left` or `channel: right`"
        if cancel_out(data):
            raise _bad(path, CANCELLED, hint)
        if hold_two_parties(data, rate_hz):
            raise _bad(path, TWO_PARTIES, hint)


def _read(path: Path, source: str | MendedFile) -> tuple[Channels, int, str]:
    """All samples, shape (frames, channels), with rate and libsndfile's name of the encoding."""
    try:
        with open_sound(source) as file:
            if isinstance(file, DecodedFile):
                return _decoded(path, file)
            if file.frames > MAX_DURATION_S * file.samplerate:
                raise _bad(path, f"{file.frames / file.samplerate / 60:.0f} minutes of audio")
            frames = -1 if file.seekable() else file.frames
            data = file.read(frames, dtype="float32", always_2d=True)
            rate_hz, subtype, promised = file.samplerate, file.subtype, file.frames
    except (soundfile.LibsndfileError, OSError, RuntimeError, TypeError, ValueError) as error:
        raise _bad(
            path,
            f"nothing that the decoder understands ({error})",
            "play the file in another program, or export it again as 16-bit PCM WAV",
        ) from error
    if len(data) == 0:
        raise _bad(path, "a header without samples")
    if len(data) < promised:
        raise _bad(path, f"only {len(data)} of the {promised} frames that its header promises")
    return data, rate_hz, subtype


def _decoded(path: Path, file: DecodedFile) -> tuple[Channels, int, str]:
    """The same of a file that does not say how long it is."""
    most = round(MAX_DURATION_S * file.samplerate)
    data = file.read(most + 1)
    if len(data) > most:
        raise _bad(path, f"more than {MAX_DURATION_S / 60:.0f} minutes of audio")
    return data, file.samplerate, file.subtype
