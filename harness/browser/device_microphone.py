"""The user speaks through a sound device of the machine, as the page's getUserMedia finds it.

Nothing here is exact in advance: what is said passes a player, a sound server, the browser's
capture and what that does to voices. So each clip is looked for in what the page's microphone then
gave, and stands where it was found.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.compare import find_delay
from harness.audio.pcm16 import to_int16
from harness.audio.resample import resample_clip
from harness.browser.virtual_microphone import VirtualMicrophone
from harness.clock import Clock
from harness.errors import UsageError
from harness.line.audio import AudioFrames, PlayedClip
from harness.line.microphone_access import MicrophoneAccess
from harness.line.microphone_plan import MicrophonePlan
from harness.line.mixing_microphone import MixingMicrophone
from harness.streams.event_stream import EventStream
from harness.timeline import Timeline

if TYPE_CHECKING:
    from harness.browser.page_realms import PageRealms
    from harness.browser.planned_cut_in import PlannedCutIn
    from harness.browser.sound_server import SoundServer

BLOCK_FRAMES = CALL_RATE_HZ // 100
LEAD_S = 0.06
"""So much is handed to the player ahead of time, so that it never runs dry."""

HELD_UP_S = 0.5
"""Held up for longer, this process does not catch up: the device was silent meanwhile."""

FIRST_LATENCY_S = 0.12
"""From the player to the page, until the first clip has shown it."""

LOOKED_FOR_S = 0.8
"""A clip is known by so much of it, from its first sound on."""

AROUND_S = 0.3
"""It may lie so far from where it is expected."""

LATE_S = 2.0
"""Where it is not there it may come so late: a device that was just opened fills its buffers first,
a second and more on a machine that is quick to open it."""

LEAST_LIKENESS = 0.4
FOUND_WITHIN_S = 0.01
"""Uncertainty of a clip that was found: the browser's capture works in pieces of 10 ms."""

UNFOUND_S = 0.15
"""Uncertainty of one that was not, because the page or the browser made something else of it."""


class DeviceMicrophone(VirtualMicrophone):
    """`VirtualMicrophone` by way of a sound device; every program on it hears the same.

    Args:
        realms: the page's.
        server: whose microphone it is.
        timeline: the call's.
        clock: Python's.
        sent: what the page's microphones produced.
    """

    def __init__(
        self,
        realms: PageRealms,
        server: SoundServer,
        timeline: Timeline,
        clock: Clock,
        sent: EventStream[AudioFrames],
    ) -> None:
        super().__init__(realms, is_virtual=False)
        self._voice = server.voice
        self._page_timeline = timeline
        self._clock = clock
        self._sent = sent
        self._way = _DevicePlace(timeline, clock.now_s())
        self._mixer = MixingMicrophone(self._way)
        self._behind: tuple[int, int] | None = None

    @contextlib.asynccontextmanager
    async def speaking(self) -> AsyncIterator[None]:
        """While it lasts the device is fed, with silence where nothing is said."""
        feeding = asyncio.create_task(self._feed(), name="sound device")
        try:
            yield
        finally:
            feeding.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await feeding

    async def play(
        self,
        clip: AudioClip,
        at_s: float | None = None,
        gain: float = 1.0,
        at_frame: int | None = None,
    ) -> PlayedClip:
        """Speak a clip into the device; comes back when it was found in what the page got.

        Raises:
            NoMicrophoneRequest: no microphone is open.
        """
        await self._asked_again()
        realms = self._realms.with_microphone()
        if not realms:
            raise self._realms.no_microphone()
        behind = None
        if at_frame is not None and self._behind is not None:
            behind = self._behind[1] + at_frame - self._behind[0]
        mixed = await self._mixer.play(clip, at_s, gain, behind)
        samples = resample_clip(clip, CALL_RATE_HZ).samples
        start_s, doubt_s = await self._found(samples, mixed.start_s)
        start_frame = self._page_timeline.s_to_frame(start_s)
        self._behind = (start_frame, mixed.start_frame)
        return PlayedClip(
            start_s=start_s,
            end_s=start_s + len(samples) / CALL_RATE_HZ,
            start_frame=start_frame,
            late_s=0.0 if at_s is None else max(0.0, start_s - at_s),
            uncertainty_s=doubt_s,
        )

    async def cut_in(
        self, clip: AudioClip, after_s: float, lead_s: float, since_s: float, gain: float = 1.0
    ) -> PlannedCutIn | None:
        """None: a device has no audio thread that could do it; who cuts in does so by itself."""
        return None

    async def set_noise(
        self, period: AudioClip | None, gain: float = 1.0, fade_s: float = 0.0
    ) -> float | None:
        """Another noise behind what is said."""
        return await self._mixer.set_noise(period, gain, fade_s)

    async def set_effects(self, plan: MicrophonePlan) -> float | None:
        """What it does to its sound, before the browser's own processing."""
        return await self._mixer.set_effects(plan)

    async def stop_all(self, fade_s: float = 0.0) -> float | None:
        """Say no more."""
        return await self._mixer.stop_all(fade_s)

    async def set_muted(self, muted: bool) -> None:
        """The switch on the device itself."""
        await self._mixer.set_muted(muted)

    async def set_access(self, access: MicrophoneAccess) -> None:
        """Raises UsageError: a real device is not the page's to be given and taken."""
        raise UsageError(
            "A real sound device cannot be unplugged, denied or allowed by the harness.",
            expected="the virtual microphone",
            found="`microphone: device`",
            hint="leave `device` out for a scenario of permissions and plugs",
        )

    async def _feed(self) -> None:
        while True:
            due = self._way.frame_due(self._clock.now_s()) + round(LEAD_S * CALL_RATE_HZ)
            if due - self._mixer.next_frame > HELD_UP_S * CALL_RATE_HZ:
                self._way.skip(due - self._mixer.next_frame)
                due = self._mixer.next_frame + BLOCK_FRAMES
            while self._mixer.next_frame < due:
                self._voice.write(to_int16(self._mixer.pull(BLOCK_FRAMES)).tobytes())
            await self._voice.drain()
            await asyncio.sleep(BLOCK_FRAMES / CALL_RATE_HZ)

    async def _found(self, samples: MonoFloat32, expected_s: float) -> tuple[float, float]:
        """Where a clip began in what the page got, and how wrong that may be.

        Args:
            samples: of the clip, 48 kHz.
            expected_s: where it should begin.
        """
        loud = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max(initial=0.0))
        if not len(loud):
            return expected_s, UNFOUND_S
        first = int(loud[0])
        known = samples[first : first + round(LOOKED_FOR_S * CALL_RATE_HZ)]
        from_s = expected_s + first / CALL_RATE_HZ - AROUND_S
        for late_s in (AROUND_S, LATE_S):
            until_s = from_s + AROUND_S + late_s + len(known) / CALL_RATE_HZ
            await self._heard_until(until_s)
            heard, heard_from_s = between(self._sent.snapshot(), from_s, until_s)
            delay = find_delay(known, heard, CALL_RATE_HZ)
            if delay.likeness >= LEAST_LIKENESS:
                start_s = heard_from_s + delay.delay_s - first / CALL_RATE_HZ
                self._way.latency_s += start_s - expected_s
                return start_s, FOUND_WITHIN_S
        return expected_s, UNFOUND_S

    async def _heard_until(self, until_s: float) -> None:
        """Wait until the page got what was said until then, or gets nothing any more."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(until_s - self._now_s() + 2.0):
                while (latest := self._sent.latest) is None or latest.end_s < until_s:
                    await self._sent.wait_changed()

    def _now_s(self) -> float:
        return self._page_timeline.python_to_s(self._clock.now_s())


class _DevicePlace(Timeline):
    """Frames of the mixer on the call's timeline: when they are handed over, and the way's."""

    def __init__(self, timeline: Timeline, begun_s: float) -> None:
        super().__init__()
        self._of_call = timeline
        self._begun_s = begun_s
        self.latency_s = FIRST_LATENCY_S

    def frame_due(self, now_s: float) -> int:
        """The frame whose time has come, by Python's clock."""
        return round((now_s - self._begun_s) * CALL_RATE_HZ)

    def skip(self, frames: int) -> None:
        """So many were never handed over: everything behind them is later."""
        self._begun_s += frames / CALL_RATE_HZ

    def frame_to_s(self, frame: float, sample_rate_hz: int = CALL_RATE_HZ) -> float:
        """When a frame of the mixer reaches the page, as far as is known by now."""
        at_s = self._begun_s + frame / sample_rate_hz
        return self._of_call.python_to_s(at_s) + self.latency_s

    def s_to_frame(self, t_s: float, sample_rate_hz: int = CALL_RATE_HZ) -> int:
        """The frame that reaches the page at that time."""
        begun_s = self._of_call.python_to_s(self._begun_s)
        return round((t_s - self.latency_s - begun_s) * sample_rate_hz)


def between(pieces: list[AudioFrames], from_s: float, until_s: float) -> tuple[MonoFloat32, float]:
    """The sound of one microphone between two moments, and where its first sample lies.

    Args:
        pieces: at 48 kHz, of any sources; the source of the last piece counts.
    """
    inside = [p for p in pieces if p.end_s > from_s and p.start_s < until_s]
    inside = [p for p in inside if p.source == inside[-1].source]
    if not inside:
        return np.zeros(0, np.float32), from_s
    start_s = inside[0].start_s
    whole = np.zeros(round((inside[-1].end_s - start_s) * CALL_RATE_HZ) + 1, np.float32)
    for piece in inside:
        at = round((piece.start_s - start_s) * CALL_RATE_HZ)
        whole[at : at + len(piece.samples)] = piece.samples[: len(whole) - at]
    return whole, start_s
