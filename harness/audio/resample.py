"""Change of sample rate (soxr, high quality), for whole clips and for running audio."""

import numpy as np
import soxr

from harness.audio.clip import AudioClip, MonoFloat32

QUALITY = "HQ"


def resample(samples: MonoFloat32, from_hz: int, to_hz: int) -> MonoFloat32:
    """Samples at another rate; event times stay where they were (no delay).

    Args:
        samples: float32, shape (frames,).
        from_hz: rate of the samples.
        to_hz: rate wanted; equal rates give the samples back as they are.
    """
    if from_hz == to_hz or len(samples) == 0:
        return np.asarray(samples, dtype=np.float32)
    return np.asarray(soxr.resample(samples, from_hz, to_hz, quality=QUALITY), dtype=np.float32)


def resample_clip(clip: AudioClip, to_hz: int) -> AudioClip:
    """The clip at another rate."""
    return AudioClip(resample(clip.samples, clip.sample_rate_hz, to_hz), to_hz)


class StreamResampler:
    """Resample audio that arrives piece by piece; joined, the pieces equal one long conversion.

    Output comes later than input (the filter looks ahead by a few milliseconds), but its
    samples are not shifted in time: the n-th output sample belongs to input time n / to_hz.
    Not safe for use from several threads at once.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self.from_hz = from_hz
        self.to_hz = to_hz
        self._filter = self._new_filter()

    def _new_filter(self) -> "soxr.ResampleStream | None":
        if self.from_hz == self.to_hz:
            return None
        return soxr.ResampleStream(self.from_hz, self.to_hz, 1, dtype="float32", quality=QUALITY)

    def process(self, samples: MonoFloat32, is_last: bool = False) -> MonoFloat32:
        """Give samples at `from_hz`, get those at `to_hz` that are ready.

        Args:
            samples: float32, shape (frames,), directly after the ones before; may be none.
            is_last: hand out all that is left; the next call begins a new stream.
        """
        samples = np.ascontiguousarray(samples, dtype=np.float32)
        if self._filter is None:
            return samples
        output = self._filter.resample_chunk(samples, last=is_last)
        if is_last:
            self._filter = self._new_filter()
        return np.asarray(output, dtype=np.float32)
