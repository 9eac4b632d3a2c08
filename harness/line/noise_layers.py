"""A noise behind what is said: one period of a signal without an end, and its changes.

The sample at frame f is ``samples[f % period]`` whenever it was begun, as in a page
(``web/audio/noise-layers.js``): the same seed gives the same noise at the same frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.line.ramp import Ramp


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    samples: MonoFloat32
    ramp: Ramp

    def is_over(self, frame: int) -> bool:
        return self.ramp.to_gain == 0 and self.ramp.is_over(frame)


class NoiseLayers:
    """The noise that sounds, and the one before while it fades out."""

    def __init__(self) -> None:
        self._layers: list[_Layer] = []

    @property
    def sounds(self) -> bool:
        """There is some."""
        return bool(self._layers)

    def change(
        self, samples: MonoFloat32 | None, gain: float, fade_frames: int, frame: int
    ) -> None:
        """Another noise from ``frame`` on, the next one to be rendered.

        Args:
            samples: one period, float32 at 48 kHz, shape (frames,); None for no noise.
            gain: factor on every sample.
            fade_frames: so long the one before fades out, and this one in.
        """
        self._layers = [
            replace(layer, ramp=layer.ramp.onwards(0.0, fade_frames, frame))
            for layer in self._layers
        ]
        if samples is not None and len(samples):
            self._layers.append(_Layer(samples, Ramp(0.0, gain, frame, fade_frames)))

    def add_to(self, mixed: MonoFloat32, first: int) -> None:
        """Add it to samples at 48 kHz whose first one is frame number ``first``, in place."""
        if not self._layers:
            return
        frames = np.arange(first, first + len(mixed))
        for layer in self._layers:
            period = layer.samples[frames % len(layer.samples)]
            mixed += (layer.ramp.gains(first, len(mixed)) * period).astype(np.float32)
        end = first + len(mixed)
        self._layers = [layer for layer in self._layers if not layer.is_over(end)]
