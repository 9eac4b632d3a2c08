"""A plan of what a microphone does to its sound: plain numbers, the same with and without a page.

They are worked out once, here in Python; `harness.line.microphone_effects` and
``web/audio/microphone-effects.js`` do nothing but multiply, cut and add by them, sample by sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Taps = tuple[float, ...]
"""Of a filter at 48 kHz, see `harness.audio.band_filter`."""


@dataclass(frozen=True, slots=True)
class DropoutPlan:
    """Pieces of equal length, of which some are silent; after `pieces` of them it begins anew."""

    frames: int
    """Of one piece, at 48 kHz; piece n of the audio clock begins at frame ``n * frames``."""

    pieces: int
    silent: tuple[int, ...]
    """Numbers of the silent ones within a period, rising."""


@dataclass(frozen=True, slots=True)
class EchoPlan:
    """What is heard comes back into the microphone."""

    gain: float
    delay_frames: int
    taps: Taps | None = None
    """The filter on its way; None: none."""


@dataclass(frozen=True, slots=True)
class MicrophonePlan:
    """In the order in which they act: echo, gain, clipping, filter, dropouts."""

    gain: float = 1.0
    """Factor on all that the microphone hears: speech, noise and echo."""

    fade_frames: int = 0
    """How long the gain takes from what it was, in a straight line."""

    limit: float | None = None
    """What is louder is cut there, full scale 1.0; None: nothing is."""

    taps: Taps | None = None
    dropouts: DropoutPlan | None = None
    echo: EchoPlan | None = None

    def to_page(self) -> dict[str, Any]:
        """As ``web/audio/microphone-effects.js`` has it (its type ``Plan``)."""
        dropouts, echo = self.dropouts, self.echo
        return {
            "gain": self.gain,
            "fadeFrames": self.fade_frames,
            "limit": self.limit,
            "taps": self.taps,
            "dropouts": dropouts
            and {
                "frames": dropouts.frames,
                "pieces": dropouts.pieces,
                "silent": dropouts.silent,
            },
            "echo": echo
            and {"gain": echo.gain, "delayFrames": echo.delay_frames, "taps": echo.taps},
        }


UNTOUCHED = MicrophonePlan()
"""A microphone that gives what it hears."""
