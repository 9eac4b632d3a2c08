"""A factor that goes in a straight line from one value to the next, as ``web/audio/ramp.js``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Ramp:
    """From one factor to another, by frame numbers at 48 kHz."""

    from_gain: float
    to_gain: float
    start_frame: int
    fade_frames: int

    def gains(self, first: int, frames: int) -> npt.NDArray[np.float64]:
        """The factor at each of so many frames, the first of which is not before the start."""
        if self.fade_frames == 0:
            return np.full(frames, self.to_gain)
        numbers = np.arange(first, first + frames)
        passed = np.minimum((numbers - self.start_frame) / self.fade_frames, 1.0)
        gains: npt.NDArray[np.float64] = self.from_gain + (self.to_gain - self.from_gain) * passed
        return gains

    def onwards(self, to_gain: float, fade_frames: int, frame: int) -> Ramp:
        """From what it is at ``frame``, from there on, to another factor."""
        return Ramp(float(self.gains(frame, 1)[0]), to_gain, frame, fade_frames)

    def is_over(self, frame: int) -> bool:
        """It has arrived by then."""
        return frame >= self.start_frame + self.fade_frames


STEADY = Ramp(1.0, 1.0, 0, 0)
"""All as it is."""
