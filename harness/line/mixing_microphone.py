"""A microphone made of samples, for engines without a page: clips mixed at exact frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.resample import resample_clip
from harness.line.audio import PlayedClip
from harness.line.noise_layers import NoiseLayers
from harness.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class _Playing:
    start_frame: int
    samples: MonoFloat32

    @property
    def end_frame(self) -> int:
        return self.start_frame + len(self.samples)


class MixingMicrophone:
    """The person at this end; whoever sends the audio pulls it.

    Frame 0 is the first one that is pulled; the timeline must be anchored to it by then.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.next_frame = 0
        """Number of the next frame that is pulled."""

        self._timeline = timeline
        self._playing: list[_Playing] = []
        self._noise = NoiseLayers()
        self._muted = False

    async def ready(self, within_s: float = 10.0) -> None:
        """It always is."""

    async def play(
        self, clip: AudioClip, at_s: float | None = None, gain: float = 1.0
    ) -> PlayedClip:
        """Speak a clip, over whatever sounds already; see `harness.line.interface.Microphone`."""
        samples = resample_clip(clip, CALL_RATE_HZ).samples
        if gain != 1.0:
            samples = samples * np.float32(gain)
        asked = self.next_frame if at_s is None else self._timeline.s_to_frame(at_s)
        start = max(asked, self.next_frame)
        self._playing.append(_Playing(start, samples))
        return PlayedClip(
            start_s=self._timeline.frame_to_s(start),
            end_s=self._timeline.frame_to_s(start + len(samples)),
            start_frame=start,
            late_s=(start - asked) / CALL_RATE_HZ,
        )

    async def set_noise(
        self, period: AudioClip | None, gain: float = 1.0, fade_s: float = 0.0
    ) -> float:
        """Another noise behind what is said; see `harness.line.interface.Microphone`."""
        samples = None if period is None else resample_clip(period, CALL_RATE_HZ).samples
        self._noise.change(samples, gain, round(fade_s * CALL_RATE_HZ), self.next_frame)
        return self._timeline.frame_to_s(self.next_frame)

    async def stop_all(self) -> None:
        """Every clip ends, also those that have not started."""
        self._playing.clear()

    async def set_muted(self, muted: bool) -> None:
        """Silence goes out, while the clips go on."""
        self._muted = muted

    def pull(self, frames: int) -> MonoFloat32:
        """The next samples to send: float32 at 48 kHz, shape (frames,), full scale ±1.0."""
        first, end = self.next_frame, self.next_frame + frames
        self.next_frame = end
        mixed = np.zeros(frames, np.float32)
        for playing in self._playing if not self._muted else ():
            start = max(first, playing.start_frame)
            stop = min(end, playing.end_frame)
            if start < stop:
                part = playing.samples[start - playing.start_frame : stop - playing.start_frame]
                mixed[start - first : stop - first] += part
        if not self._muted:
            self._noise.add_to(mixed, first)
        if self._playing or self._noise.sounds:
            self._playing = [playing for playing in self._playing if playing.end_frame > end]
            np.clip(mixed, -1.0, 1.0, out=mixed)
        return mixed
