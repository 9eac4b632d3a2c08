"""16-bit PCM as the wire and the page carry it: little-endian, mono, sometimes in base64.

The scale is 32768 both ways, so int16 → float → int16 gives the same bits back. Nothing here
depends on the sample rate.
"""

import base64
import binascii
import math

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32

MonoInt16 = npt.NDArray[np.int16]
"""One channel: int16, shape (frames,), full scale 32768. Its rate is said where it is used."""


def to_int16(samples: MonoFloat32) -> MonoInt16:
    """Round to int16, any rate; what is beyond full scale is held there, NaN becomes 0."""
    scaled = np.rint(np.asarray(samples, np.float32) * 32768.0)
    np.minimum(scaled, 32767, out=scaled)  # NaN stays NaN, infinities do not
    np.maximum(scaled, -32768, out=scaled)
    if not math.isfinite(scaled.sum()):
        np.nan_to_num(scaled, copy=False)
    whole: MonoInt16 = scaled.astype(np.int16)
    return whole


def from_int16(samples: MonoInt16) -> MonoFloat32:
    """int16 samples as float32 in -1.0 to 1.0, at the rate they have."""
    return samples.astype(np.float32) / np.float32(32768.0)


def encode(samples: MonoFloat32) -> bytes:
    """Little-endian mono PCM16 bytes, two a sample, at the rate of the samples."""
    return to_int16(samples).astype("<i2").tobytes()


def decode(data: bytes) -> MonoFloat32:
    """Samples from little-endian mono PCM16 bytes, at the rate that they have.

    Raises:
        ValueError: the number of bytes is odd.
    """
    if len(data) % 2:
        raise ValueError(f"PCM16 has two bytes a sample; got {len(data)} bytes")
    return from_int16(np.frombuffer(data, dtype="<i2").astype(np.int16))


def to_base64(samples: MonoFloat32) -> str:
    """Mono PCM16 in base64, little-endian, at the rate of the samples."""
    return base64.b64encode(encode(samples)).decode("ascii")


def from_base64(text: str) -> MonoFloat32:
    """Samples from mono PCM16 in base64, at the rate that it has.

    Raises:
        ValueError: not base64, or an odd number of bytes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from error
    return decode(data)
