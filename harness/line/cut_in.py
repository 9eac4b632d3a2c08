"""Interfaces of microphones that cut into what is heard by themselves, not through Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harness.audio.clip import AudioClip
from harness.line.audio import PlayedClip


@dataclass(frozen=True, slots=True)
class CutIn:
    """A clip that cuts in, and the onset that this was decided by."""

    played: PlayedClip
    onset_s: float
    """The first audible sample of what is cut into, on the timeline."""

    onset_frame: int
    """Its number, as the page's AudioContext counts."""

    by_sound: bool
    """The audio thread found it; else it is the onset that it was given by `Planned.settle`."""


class Planned(Protocol):
    """A cut-in that waits for a sound, and starts by itself."""

    async def settle(self, onset_s: float) -> CutIn | None:
        """The answer began here, by the speech detector: what has been decided?

        Where no sound was found, or one that is over 300 ms before this, the clip starts by this
        onset if it has not begun; else the sound's own first sample counts. None: the microphone
        was closed meanwhile.
        """
        ...

    async def drop(self) -> None:
        """There is no answer to cut into: the clip does not start, or stops."""
        ...


@runtime_checkable
class CutsIn(Protocol):
    """A microphone beside whose samples the audio thread hears what is played."""

    async def cut_in(
        self, clip: AudioClip, after_s: float, lead_s: float, since_s: float, gain: float = 1.0
    ) -> Planned | None:
        """Cut into the next sound that is heard.

        Args:
            clip: any rate.
            after_s: from the sound's first sample to the clip's first voiced one.
            lead_s: how far that is into the clip.
            since_s: a sound that began before this, on the timeline, does not count.
            gain: factor on every sample.

        Returns:
            Once the audio thread has it; None where no microphone is open.
        """
        ...
