"""Dictated sound as browsers record it (WebM, Ogg, MP4, WAV), to samples."""

from __future__ import annotations

import asyncio
import io

import numpy as np

from harness.audio.clip import MonoFloat32

RATE_HZ = 16_000
MOST_S = 300.0

_READ = {"format_whitelist": "matroska,webm,ogg,mov,mp4,wav,mp3,aac,flac"}
"""Sound in one piece. Left to guess, FFmpeg also takes descriptions of sound that is elsewhere, as
SDP and playlists are, and opens the ports and addresses that they name."""


async def decoded(data: bytes) -> tuple[MonoFloat32, int]:
    """Samples, float32, shape (frames,), and their rate in hertz; at most MOST_S of them.

    Raises:
        ValueError: it is no sound that can be read.
    """
    return await asyncio.to_thread(_decoded, data), RATE_HZ


def _decoded(data: bytes) -> MonoFloat32:
    import av

    parts: list[MonoFloat32] = []
    frames, most = 0, int(MOST_S * RATE_HZ)
    try:
        with av.open(io.BytesIO(data), mode="r", options=_READ) as container:
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
            for frame in container.decode(audio=0):
                for part in resampler.resample(frame):
                    parts.append(part.to_ndarray().reshape(-1).astype(np.float32))
                    frames += parts[-1].shape[0]
                if frames >= most:
                    break
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise ValueError("The audio cannot be read.") from error
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return samples[:most]
