"""A mono clip: samples and their rate, as one value."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MonoFloat32 = npt.NDArray[np.float32]
"""One channel: float32, shape (frames,), full scale ±1.0. Its rate is said where it is used."""

CALL_RATE_HZ = 48_000
"""Rate of the page's AudioContext, of Opus, and so of everything on the call's timeline."""


@dataclass(frozen=True, slots=True, eq=False)
class AudioClip:
    """Mono audio that nobody changes any more.

    The samples become read-only when the clip is made, so clips can be shared between threads.

    Raises:
        ValueError: samples are not one-dimensional, or the rate is not positive.
    """

    samples: MonoFloat32
    """float32, shape (frames,), full scale ±1.0, at `sample_rate_hz`."""

    sample_rate_hz: int
    """Samples a second."""

    def __post_init__(self) -> None:
        samples = np.asarray(self.samples, dtype=np.float32)
        if samples.ndim != 1:
            raise ValueError(f"a clip is mono, shape (frames,); got shape {samples.shape}")
        if self.sample_rate_hz <= 0:
            raise ValueError(f"a sample rate is positive; got {self.sample_rate_hz}")
        view = samples.view()
        view.flags.writeable = False
        object.__setattr__(self, "samples", view)

    @property
    def frames(self) -> int:
        """Number of samples."""
        return int(self.samples.shape[0])

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate_hz

    def between(self, start_s: float, end_s: float) -> "AudioClip":
        """The part from start_s to end_s, seconds from the first sample; same rate.

        It is cut at the clip's own ends, and may be empty.
        """
        first = max(0, round(start_s * self.sample_rate_hz))
        last = max(first, round(end_s * self.sample_rate_hz))
        return AudioClip(self.samples[first:last], self.sample_rate_hz)


def silence(duration_s: float, sample_rate_hz: int = CALL_RATE_HZ) -> AudioClip:
    """A clip of zeros of this length and rate."""
    return AudioClip(np.zeros(round(duration_s * sample_rate_hz), np.float32), sample_rate_hz)


def joined(*clips: AudioClip) -> AudioClip:
    """The clips one after the other.

    Raises:
        ValueError: no clips, or clips of different rates.
    """
    rates = {clip.sample_rate_hz for clip in clips}
    if len(rates) != 1:
        raise ValueError(f"clips to join need one common rate; got {sorted(rates)}")
    return AudioClip(np.concatenate([clip.samples for clip in clips]), rates.pop())
