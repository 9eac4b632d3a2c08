"""The codec alone: what Opus as Chromium uses it does to audio, without any call around it."""

from fractions import Fraction
from typing import Any

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.audio.pcm16 import from_int16, to_int16

FRAME_FRAMES = 960
"""20 ms at 48 kHz."""


def opus_round_trip(samples: MonoFloat32, bit_rate_bps: int = 32_000) -> MonoFloat32:
    """Encode and decode with libopus: 48 kHz mono, 20 ms, "voip", no packet lost.

    Args:
        samples: float32, shape (frames,), 48 kHz.
        bit_rate_bps: 32 000 is what Chromium chooses for one channel when nobody says otherwise.

    Returns:
        As many samples, not shifted in time (the decoder takes the codec's delay off).
    """
    import av

    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = CALL_RATE_HZ, "mono", "s16"
    encoder.bit_rate = bit_rate_bps
    encoder.time_base = Fraction(1, CALL_RATE_HZ)
    encoder.options = {"application": "voip", "frame_duration": "20"}
    encoder.open()
    decoder: Any = av.CodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = CALL_RATE_HZ, "mono"
    decoder.extradata = encoder.extradata
    decoded: list[MonoFloat32] = []
    for packet in _packets(encoder, samples):
        decoded += [_as_float(frame) for frame in decoder.decode(packet)]
    decoded += [_as_float(frame) for frame in decoder.decode(None)]
    joined = np.concatenate([*decoded, np.zeros(len(samples), np.float32)])
    return joined[: len(samples)]


def _packets(encoder: Any, samples: MonoFloat32) -> list[Any]:
    import av

    packets: list[Any] = []
    padded = np.concatenate([samples, np.zeros(-len(samples) % FRAME_FRAMES, np.float32)])
    for number, part in enumerate(to_int16(padded).reshape(-1, FRAME_FRAMES)):
        frame = av.AudioFrame.from_ndarray(part[None, :], format="s16", layout="mono")
        frame.sample_rate = CALL_RATE_HZ
        frame.pts = number * FRAME_FRAMES
        frame.time_base = encoder.time_base
        packets += encoder.encode(frame)
    return packets + list(encoder.encode(None))


def _as_float(frame: Any) -> MonoFloat32:
    samples = np.asarray(frame.to_ndarray()[0])
    if samples.dtype == np.int16:
        return from_int16(samples)
    return samples.astype(np.float32)
