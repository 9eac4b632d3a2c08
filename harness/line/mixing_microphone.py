"""A microphone made of samples, for engines without a page: clips mixed at exact frames."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.resample import resample_clip
from harness.line.audio import PlayedClip
from harness.line.microphone_effects import MicrophoneEffects
from harness.line.microphone_plan import MicrophonePlan
from harness.line.noise_layers import NoiseLayers
from harness.line.ramp import STEADY, Ramp
from harness.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class _Playing:
    start_frame: int
    samples: MonoFloat32
    fade: Ramp = STEADY

    @property
    def end_frame(self) -> int:
        end = self.start_frame + len(self.samples)
        if self.fade is STEADY:
            return end
        return min(end, self.fade.start_frame + self.fade.fade_frames)

    def faded_out(self, frame: int, frames: int) -> _Playing:
        """It ends so many frames after this one; as it is where it does already."""
        return self if self.fade is not STEADY else replace(self, fade=Ramp(1, 0, frame, frames))

    def add_to(self, mixed: MonoFloat32, first: int) -> None:
        """Add it to samples whose first one is this frame."""
        start = max(first, self.start_frame)
        stop = min(first + len(mixed), self.end_frame)
        if start >= stop:
            return
        part = self.samples[start - self.start_frame : stop - self.start_frame]
        if self.fade is not STEADY:
            part = part * self.fade.gains(start, stop - start).astype(np.float32)
        mixed[start - first : stop - first] += part


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
        self._effects = MicrophoneEffects()
        self._muted = False

    async def ready(self, within_s: float = 10.0) -> None:
        """It always is."""

    async def play(
        self,
        clip: AudioClip,
        at_s: float | None = None,
        gain: float = 1.0,
        at_frame: int | None = None,
    ) -> PlayedClip:
        """Speak a clip, over whatever sounds already; see `harness.line.interface.Microphone`."""
        samples = resample_clip(clip, CALL_RATE_HZ).samples
        if gain != 1.0:
            samples = samples * np.float32(gain)
        asked = self.next_frame if at_s is None else self._timeline.s_to_frame(at_s)
        asked = asked if at_frame is None else at_frame
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

    async def set_effects(self, plan: MicrophonePlan) -> float:
        """What it does to its sound; see `harness.line.interface.Microphone`."""
        self._effects.change(plan, self.next_frame)
        return self._timeline.frame_to_s(self.next_frame)

    def hear(self, samples: MonoFloat32, at_s: float) -> None:
        """What is heard at this end, for an echo: float32 at 48 kHz, from this moment on."""
        if self._effects.echoes:
            self._effects.hear(samples, self._timeline.s_to_frame(at_s))

    async def stop_all(self, fade_s: float = 0.0) -> float:
        """Every clip ends, also those that have not started; see `Microphone` again."""
        frames, now = round(fade_s * CALL_RATE_HZ), self.next_frame
        self._playing = [
            playing.faded_out(now, frames)
            for playing in self._playing
            if frames and playing.start_frame < now
        ]
        return self._timeline.frame_to_s(now)

    async def set_muted(self, muted: bool) -> None:
        """Silence goes out, while the clips go on."""
        self._muted = muted

    def pull(self, frames: int) -> MonoFloat32:
        """The next samples to send: float32 at 48 kHz, shape (frames,), full scale ±1.0."""
        first, end = self.next_frame, self.next_frame + frames
        self.next_frame = end
        mixed = np.zeros(frames, np.float32)
        for playing in self._playing:
            playing.add_to(mixed, first)
        self._noise.add_to(mixed, first)
        sounds = bool(self._playing) or self._noise.sounds or self._effects.acts
        if self._effects.acts:
            self._effects.apply(mixed, first)
        if self._muted:
            mixed[:] = 0.0
        if sounds:
            self._playing = [playing for playing in self._playing if playing.end_frame > end]
            np.clip(mixed, -1.0, 1.0, out=mixed)
        return mixed
