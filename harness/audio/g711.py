"""Telephone audio: G.711 at 8 kHz, one byte a sample, to and from the session's 24 kHz.

The codec's values come from libsndfile, once. The change of rate is exactly three to one, piece by
piece, like `harness.audio.half_band`: no sample is held back, so 100 ms in are 100 ms out.

Source: ITU-T G.711; the names of the formats are those of RFC 4856 (``audio/PCMU``).
"""

from __future__ import annotations

import functools
import io
from typing import Literal

import numpy as np
import soundfile

from harness.audio.clip import MonoFloat32
from harness.audio.pcm16 import MonoInt16, from_int16, to_int16

Law = Literal["ULAW", "ALAW"]
RATE_HZ = 8_000
RATIO = 3
TAPS = 145
DELAY_S = (TAPS - 1) / 2 / (RATIO * RATE_HZ)
"""How much later the sound comes out of each of the two converters: 3 ms."""


def encode(samples: MonoFloat32, law: Law) -> bytes:
    """One byte for each sample at 8 kHz; what is beyond full scale is held there."""
    return _bytes_of_int16(law)[to_int16(samples).view(np.uint16)].tobytes()


def decode(data: bytes, law: Law) -> MonoFloat32:
    """One sample at 8 kHz for each byte; every byte is one."""
    return from_int16(_int16_of_bytes(law)[np.frombuffer(data, np.uint8)])


@functools.cache
def _int16_of_bytes(law: Law) -> MonoInt16:
    file = io.BytesIO(bytes(range(256)))
    values, _ = soundfile.read(
        file, samplerate=RATE_HZ, channels=1, format="RAW", subtype=law, dtype="int16"
    )
    return np.asarray(values, np.int16)


@functools.cache
def _bytes_of_int16(law: Law) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Indexed by the sample as an unsigned number."""
    file = io.BytesIO()
    every = np.arange(65_536, dtype=np.uint16).view(np.int16)
    soundfile.write(file, every, RATE_HZ, format="RAW", subtype=law)
    return np.frombuffer(file.getvalue(), np.uint8)


def _low_pass() -> MonoFloat32:
    """A windowed sinc at 24 kHz that passes up to 3.3 kHz and stops from 4.1 kHz (70 dB)."""
    at = np.arange(TAPS) - (TAPS - 1) / 2
    kernel = np.sinc(at * 2 * 3_700 / (RATIO * RATE_HZ)) * np.kaiser(TAPS, 7.0)
    normed: MonoFloat32 = (kernel / kernel.sum()).astype(np.float32)
    return normed


_KERNEL = _low_pass()


class FromTelephone:
    """G.711 to 24 kHz: three samples out for each byte in. One object a stream."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._past = np.zeros(TAPS - 1, np.float32)

    def process(self, data: bytes) -> MonoFloat32:
        """Exactly 3 × len(data) samples at 24 kHz, from one byte a sample at 8 kHz."""
        spread = np.zeros(RATIO * len(data), np.float32)
        spread[::RATIO] = RATIO * decode(data, self.law)
        joined = np.concatenate([self._past, spread])
        self._past = joined[len(joined) - (TAPS - 1) :]
        return _filtered(joined)


class ToTelephone:
    """24 kHz to G.711: one byte out for three samples in. One object a stream."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._past = np.zeros(TAPS - 1, np.float32)
        self._skipped = 0

    def process(self, samples: MonoFloat32) -> bytes:
        """Bytes at 8 kHz that are ready, from samples at 24 kHz.

        Together with all before, one byte for every third sample, from the first on.
        """
        joined = np.concatenate([self._past, samples])
        self._past = joined[len(joined) - (TAPS - 1) :]
        first = -self._skipped % RATIO
        self._skipped = (self._skipped + len(samples)) % RATIO
        return encode(_filtered(joined)[first::RATIO], self.law)


def _filtered(joined: MonoFloat32) -> MonoFloat32:
    if len(joined) < TAPS:
        return np.zeros(0, np.float32)
    return np.convolve(joined, _KERNEL, mode="valid").astype(np.float32)
