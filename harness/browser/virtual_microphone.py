"""An AudioClip becomes what the page's getUserMedia returns."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from harness.audio import pcm16
from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.resample import resample_clip
from harness.browser.planned_cut_in import PlannedCutIn
from harness.errors import BrowserError, NoMicrophoneRequest, UsageError
from harness.line.audio import PlayedClip
from harness.line.microphone_access import MicrophoneAccess
from harness.line.microphone_plan import MicrophonePlan

if TYPE_CHECKING:
    from harness.browser.page_realms import PageRealm, PageRealms

ASKS_AGAIN_WITHIN_S = 5.0
"""A page that talks in turns opens its microphone a moment after the assistant has ended."""

CLOSED_AT_ONCE = 10
"""How often a microphone may close just as a clip is put into it."""


class VirtualMicrophone:
    """The person in front of the page. Every microphone that the page has open hears them."""

    def __init__(
        self,
        realms: PageRealms,
        *,
        is_virtual: bool = True,
        access: MicrophoneAccess = "allow",
    ) -> None:
        self._realms = realms
        self._is_virtual = is_virtual
        self._clips = 0
        self._muted = False
        self._noise: tuple[str, float] | None = None
        self._effects: dict[str, Any] | None = None
        self._access = self._access_at_first = access
        self._telling: set[asyncio.Task[None]] = set()
        realms.on_new = self._welcome

    async def ready(self, within_s: float = 10.0) -> None:
        """Wait until the page has a microphone open and its audio clock is known.

        Raises:
            NoMicrophoneRequest: not within the time; says what the page did instead.
            PageClosed, PageCrashed: the page went away meanwhile.
        """
        try:
            async with asyncio.timeout(within_s):
                while not self._realms.with_microphone():
                    await self._realms.wait_changed()
        except TimeoutError:
            raise NoMicrophoneRequest(
                "The page did not open the microphone.",
                expected=f"a getUserMedia call for audio within {within_s:g} s",
                found=self._realms.describe_requests(),
                hint="start the page's call first, for example with a click on its button",
            ) from None

    async def play(
        self,
        clip: AudioClip,
        at_s: float | None = None,
        gain: float = 1.0,
        at_frame: int | None = None,
    ) -> PlayedClip:
        """Speak a clip into every open microphone, over whatever sounds already.

        Args:
            clip: any rate; it is converted to the page's 48 kHz.
            at_s: when its first sample is to leave, on the timeline; None for at once. A time
                that has passed means at once, too: a clip never loses its beginning.
            gain: factor on every sample.
            at_frame: in place of ``at_s``, by the audio clock of the document that is asked first.

        Returns:
            As soon as the page's audio thread has the clip, so usually before it starts.

        A page that has given its microphone back is waited for, `ASKS_AGAIN_WITHIN_S`.

        Raises:
            NoMicrophoneRequest: no microphone is open.
            UsageError: the page uses the browser's own device.
        """
        self._check_virtual()
        await self._asked_again()
        pcm = pcm16.to_base64(resample_clip(clip, CALL_RATE_HZ).samples)
        frames = round(clip.frames * CALL_RATE_HZ / clip.sample_rate_hz)
        for _ in range(CLOSED_AT_ONCE):
            if (played := await self._play(pcm, frames, at_s, gain, at_frame)) is not None:
                return played
            await self._asked_again()  # the page closed it before it began
        raise self._realms.no_microphone()

    async def _play(
        self, pcm: str, frames: int, at_s: float | None, gain: float, at_frame: int | None
    ) -> PlayedClip | None:
        clip_id = f"clip-{self._clips}"
        self._clips += 1
        played: PlayedClip | None = None
        for realm in self._realms.with_microphone():
            asked_s = played.start_s if played else at_s
            frame = None if asked_s is None else self._realms.clock.s_to_frame(realm.name, asked_s)
            frame = at_frame if played is None and at_frame is not None else frame
            started = await self._realms.call(realm, "play", clip_id, pcm, frame, gain)
            if played is None and started is not None:
                played = self._place(realm.name, int(started), frame, frames)
        return played

    async def cut_in(
        self, clip: AudioClip, after_s: float, lead_s: float, since_s: float, gain: float = 1.0
    ) -> PlannedCutIn | None:
        """Cut into what is heard next; see `harness.line.cut_in.CutsIn`."""
        self._check_virtual()
        await self._asked_again()
        pcm = pcm16.to_base64(resample_clip(clip, CALL_RATE_HZ).samples)
        clip_id = f"clip-{self._clips}"
        self._clips += 1
        for realm in self._realms.with_microphone():
            since = self._realms.clock.s_to_frame(realm.name, since_s)
            after, lead = round(after_s * CALL_RATE_HZ), round(lead_s * CALL_RATE_HZ)
            if await self._realms.call(realm, "cutIn", clip_id, pcm, gain, after, lead, since):
                frames = round(clip.frames * CALL_RATE_HZ / clip.sample_rate_hz)
                return PlannedCutIn(self._realms, realm, clip_id, frames, after - lead)
        return None

    async def set_noise(
        self, period: AudioClip | None, gain: float = 1.0, fade_s: float = 0.0
    ) -> float | None:
        """Another noise behind what is said, also in microphones and documents to come.

        See `harness.line.interface.Microphone`.

        Raises:
            UsageError: the page uses the browser's own device.
        """
        self._check_virtual()
        pcm = None
        if period is not None:
            pcm = pcm16.to_base64(resample_clip(period, CALL_RATE_HZ).samples)
        self._noise = None if pcm is None else (pcm, gain)
        return await self._ask_all("setNoise", pcm, gain, round(fade_s * CALL_RATE_HZ))

    async def set_effects(self, plan: MicrophonePlan) -> float | None:
        """What every microphone does to its sound, also in documents to come.

        See `harness.line.interface.Microphone`.

        Raises:
            UsageError: the page uses the browser's own device.
        """
        self._check_virtual()
        self._effects = plan.to_page()
        return await self._ask_all("setEffects", self._effects)

    async def stop_all(self, fade_s: float = 0.0) -> float | None:
        """Say no more; see `harness.line.interface.Microphone`."""
        self._check_virtual()
        return await self._ask_all("stop", None, round(fade_s * CALL_RATE_HZ))

    async def _ask_all(self, method: str, *arguments: Any) -> float | None:
        """From when on, on the timeline, by the first document that has a microphone open."""
        since_s: float | None = None
        for realm in self._realms.all():
            frame = await self._realms.call(realm, method, *arguments)
            if frame is not None and since_s is None and self._realms.clock.knows(realm.name):
                since_s = self._realms.clock.frame_to_s(realm.name, int(frame))
        return since_s

    async def set_muted(self, muted: bool) -> None:
        """The switch on the device itself: silence goes out, whatever is being said.

        Holds for every microphone that the page opens later, too, also in its next documents.
        """
        self._check_virtual()
        self._muted = muted
        for realm in self._realms.all():
            await self._realms.call(realm, "setMuted", muted)

    async def set_access(self, access: MicrophoneAccess) -> None:
        """Whether the page gets a microphone from now on, also in its next documents."""
        self._check_virtual()
        self._access = access
        for realm in self._realms.all():
            await self._realms.call(realm, "setAccess", access)

    async def _asked_again(self) -> None:
        given_back_s = self._realms.given_back_s
        if given_back_s is None or self._realms.with_microphone():
            return
        try:
            async with asyncio.timeout(ASKS_AGAIN_WITHIN_S):
                while not self._realms.with_microphone():
                    await self._realms.wait_changed()
        except TimeoutError:
            raise NoMicrophoneRequest(
                f"The page gave its microphone back at {given_back_s:.1f} s and did not ask again.",
                expected="a page that has the microphone open when the user speaks",
                found=self._realms.describe_requests(),
                hint="let the scenario do first what opens the microphone on this page, or end "
                "with what the page can hear; `silence` and `no_answer` work without a microphone",
            ) from None

    def _welcome(self, realm: PageRealm) -> None:
        """A new document knows nothing of what changed; it has nothing to say yet either."""
        if self._muted:
            self._tell(realm, "setMuted", self._muted)
        if self._noise is not None:
            self._tell(realm, "setNoise", *self._noise, 0)
        if self._effects is not None:
            self._tell(realm, "setEffects", self._effects)
        if self._access != self._access_at_first:
            self._tell(realm, "setAccess", self._access, False)  # in the trace it stands already

    def _tell(self, realm: PageRealm, method: str, *arguments: Any) -> None:
        async def tell() -> None:
            with contextlib.suppress(BrowserError):  # it is gone again
                await self._realms.call(realm, method, *arguments)

        task = asyncio.create_task(tell())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    def _place(self, realm: str, start: int, asked: int | None, frames: int) -> PlayedClip:
        clock = self._realms.clock
        return PlayedClip(
            start_s=clock.frame_to_s(realm, start),
            end_s=clock.frame_to_s(realm, start + frames),
            start_frame=start,
            late_s=0.0 if asked is None else max(0, start - asked) / CALL_RATE_HZ,
        )

    def _check_virtual(self) -> None:
        if not self._is_virtual:
            raise UsageError(
                "The browser's own device cannot be told what to say.",
                expected="a page opened with the virtual microphone",
                found="device mode",
                hint="give the file to open_chromium(fake_audio_file=…), or use “virtual”",
            )
