"""Audio on a call's timeline: what was sent and heard, and where a clip was played."""

from __future__ import annotations

from dataclasses import dataclass

from harness.audio.clip import MonoFloat32


@dataclass(frozen=True, slots=True, eq=False)
class AudioFrames:
    """A stretch of one microphone's or one remote track's audio."""

    start_s: float
    """Place of the first sample on the timeline."""
    samples: MonoFloat32
    """float32, shape (frames,), at `sample_rate_hz`, full scale ±1.0."""
    source: str
    """Which microphone or track; unique within the call."""
    frame: int
    """Number of the first sample as the page's AudioContext counts."""
    sample_rate_hz: int = 48_000

    @property
    def end_s(self) -> float:
        """End of the last sample, seconds on the timeline."""
        return self.start_s + len(self.samples) / self.sample_rate_hz


@dataclass(frozen=True, slots=True)
class PlayedClip:
    """Where a clip stands on the timeline; exact to the sample, or see `uncertainty_s`."""

    start_s: float
    end_s: float
    start_frame: int
    """Its first sample's number, as the page's AudioContext counts."""
    late_s: float
    """How much later than asked it starts; 0.0 where it is on time, or no time was asked for."""
    uncertainty_s: float = 0.0
    """How wrong its place may be; 0.0 but for a sound device of the machine."""
