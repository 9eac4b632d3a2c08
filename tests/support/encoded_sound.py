"""Files as telephones, browsers and meetings write them, by FFmpeg."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

PART_FRAMES = 960


def write_encoded(
    path: Path,
    samples: npt.NDArray[np.float32],
    rate_hz: int,
    codec: str,
    *,
    hole_at_s: float | None = None,
) -> Path:
    """Sound in the container that the name says.

    Args:
        samples: float32, shape (frames, channels).
        codec: FFmpeg's name of it.
        hole_at_s: nothing is written for a second from there on, and the rest comes later.
    """
    layout = {1: "mono", 2: "stereo"}[samples.shape[1]]
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate_hz, layout=layout)
        stream.bit_rate = 64_000  # some have no rate of their own
        for first in range(0, len(samples), PART_FRAMES):
            part = np.ascontiguousarray(samples[first : first + PART_FRAMES].T)
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout=layout)
            is_later = hole_at_s is not None and first >= hole_at_s * rate_hz
            frame.sample_rate = rate_hz
            frame.time_base = Fraction(1, rate_hz)
            frame.pts = first + (rate_hz if is_later else 0)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
