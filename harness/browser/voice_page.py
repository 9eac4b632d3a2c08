"""A page that talks: its microphone, what it hears, and everything it does about WebRTC."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Any, Literal

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from harness.browser.clock_check import ClockCheck
from harness.browser.devtools import Session
from harness.browser.launch import Chromium
from harness.browser.page_audio import PageAudio
from harness.browser.page_clock import PageClock
from harness.browser.page_errors import page_error
from harness.browser.page_realms import PageRealm, PageRealms
from harness.browser.probe_link import ProbeLine, ProbeSettings, Realm
from harness.browser.reassembler import EnvelopeGap, Reassembler
from harness.browser.virtual_microphone import VirtualMicrophone
from harness.clock import Clock, MonotonicClock
from harness.errors import (
    BrowserError,
    ClockError,
    EnvelopeError,
    HarnessError,
    PageClosed,
    PageCrashed,
    ProbeBroken,
    ServerRefused,
)
from harness.line.audio import AudioFrames
from harness.line.envelope import SAMPLES, Envelope
from harness.streams.event_stream import EventStream
from harness.timeline import Timeline

__all__ = ["AudioFrames", "VoicePage", "open_voice_page"]

PAIRING_TRIES = 8
GOTO_WITHIN_S = 30.0
TOLD_WITHIN_S = 2.0
ENVELOPES_KEPT = 100_000
CLOSE_WITHIN_S = 5.0


class VoicePage:
    """One page in one isolated context; made by `open_voice_page`.

    ``envelopes`` carries everything the page tells but the audio samples, which are in ``sent``
    and ``heard``. When the page goes away, crashes or loses envelopes, all streams end with that
    error as their cause, and keep what they have.
    """

    def __init__(
        self,
        page: Page,
        settings: ProbeSettings,
        chromium: Chromium,
        clock: Clock,
        capacity: int = ENVELOPES_KEPT,
    ) -> None:
        self.page = page
        self.timeline = Timeline()
        self.envelopes: EventStream[Envelope] = EventStream("page", capacity)
        self._wall = clock
        self._settings = settings
        self._reassembler = Reassembler()
        self._clock = PageClock(self.timeline)
        self._audio = PageAudio(self._clock)
        self._witness = ClockCheck(self.timeline)
        self._asking: set[asyncio.Task[None]] = set()
        self._realms = PageRealms(self._clock, self._lose_call)
        self._line = ProbeLine(chromium.devtools, settings, self._receive_payload, self._break_off)
        self._broken: HarnessError | None = None
        self._leaving = False
        self.microphone = VirtualMicrophone(
            self._realms, is_virtual=settings.microphone == "virtual"
        )

    @property
    def sent(self) -> EventStream[AudioFrames]:
        """What the page's microphones produced; silence included."""
        return self._audio.sent

    @property
    def received(self) -> EventStream[AudioFrames]:
        """What came on every remote audio track, whether the page plays it or not."""
        return self._audio.received

    @property
    def heard(self) -> EventStream[AudioFrames]:
        """What a user hears: what the page plays of what it received."""
        return self._audio.played

    @property
    def broken(self) -> HarnessError | None:
        """Why the page can not be used any more; None while it can, and after an orderly end."""
        return self._broken

    @property
    def uncertainty_s(self) -> float:
        """How far a page or Python event may be off against the audio on the timeline."""
        return self.timeline.uncertainty_s + self._clock.uncertainty_s

    @property
    def bridge_counts(self) -> dict[str, int]:
        """Envelopes received from all realms, and envelopes known to be missing."""
        return {"received": self._reassembler.received, "lost": self._reassembler.lost}

    async def goto(self, url: str, within_s: float = GOTO_WITHIN_S) -> None:
        """Load a page. Leaving the one before is no error then.

        Raises:
            ServerUnreachable: nobody answers there.
            ServerRefused: the answer is an HTTP error.
            PageCrashed, PageClosed: the page died while it loaded.
        """
        self._raise_if_broken()
        self._leaving = True
        documents = self._realms.documents
        try:
            response = await self.page.goto(
                url, wait_until="domcontentloaded", timeout=within_s * 1000
            )
            if response is not None:  # another document, not another place in the same one
                await self._wait_told(documents)
        except PlaywrightError as error:
            raise self._broken or page_error(error, url) from error
        finally:
            self._leaving = False
        if response is not None and response.status >= 400:
            raise ServerRefused(
                "The page's server answered with an error.",
                expected=f"a page at {url}",
                found=f"HTTP {response.status} {response.status_text}".rstrip(),
                hint="check the address",
            )

    async def _wait_told(self, documents: int) -> None:
        """Wait until the page has told of its document: Playwright's word comes another way.

        Documents without scripts (an image, say) tell nothing; they are not waited for long.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TOLD_WITHIN_S):
                while self._realms.documents == documents:
                    await self._realms.wait_changed()

    async def send_text(self, label: str, text: str) -> None:
        """Send a text through the page's own data channel, as the page would.

        Raises:
            BrowserError: no open data channel has that label.
        """
        self._raise_if_broken()
        for realm in self._realms.with_channel(label):
            if await self._realms.call(realm, "sendText", label, text):
                return
        raise BrowserError(
            f"The page has no open data channel “{label}”.",
            expected=f"an open channel “{label}”",
            found=", ".join(self._realms.channel_labels()) or "no open channel",
        )

    async def leave(self) -> None:
        """Leave the page for an empty one: its call ends, and that is no error.

        Raises:
            PageCrashed, PageClosed: the page had died before.
        """
        self._raise_if_broken()
        self._leaving = True  # until the next goto: the page's own word comes when it likes
        try:
            await self.page.goto("about:blank")
        except PlaywrightError as error:
            raise self._broken or page_error(error, "about:blank") from error

    async def aclose(self) -> None:
        """End the streams, then close the page. Safe to call again."""
        self._leaving = True
        self._end_streams(None)
        for task in self._asking:
            task.cancel()
        self._realms.close()
        await self._line.aclose()
        await _close_in_time(self.page.close())

    async def open(self) -> None:
        """Put the probe in and start the timeline; called by `open_voice_page`."""
        self.page.on("crash", lambda _: self._break_off(_crashed()))
        self.page.on("close", lambda _: self._break_off(_closed("the page was closed")))
        session = await self.page.context.new_cdp_session(self.page)
        target = await session.send("Target.getTargetInfo")
        await session.detach()
        await self._line.attach(target["targetInfo"]["targetId"])
        await self._pair_clocks()

    async def _pair_clocks(self) -> None:
        for _ in range(PAIRING_TRIES):
            before_s = self._wall.now_s()
            page_ms = await self._line.read_page_ms()
            after_s = self._wall.now_s()
            self.timeline.start(page_ms)
            self.timeline.pair_python((before_s + after_s) / 2, page_ms, (after_s - before_s) / 2)

    def _receive_payload(self, session: Session, context_id: int, payload: str) -> None:
        if self._broken is not None or self.envelopes.ended:
            return
        gap: EnvelopeGap | None = None
        try:
            envelopes = self._reassembler.feed(payload)
        except EnvelopeGap as found:
            envelopes, gap = found.envelopes, found
        except EnvelopeError as error:
            self._break_off(error)
            return
        for envelope in envelopes:
            self._receive(envelope, session, context_id)
        if gap is not None:
            self._break_off(gap)

    def _receive(self, envelope: Envelope, session: Session, context_id: int) -> None:
        def find_line() -> Realm:
            realm = Realm(session, context_id, self._settings.key)
            realm.find_control()
            return realm

        if envelope.type in SAMPLES:
            self._audio.receive(envelope)
            return
        if envelope.type == "audio.anchor":
            self._watch_clock(envelope)
            self._anchor(envelope)
        self.envelopes.push(envelope)
        if envelope.type == "page.broke_probe":
            self._break_off(_probe_broken(envelope.data["what"]))
        if self.envelopes.cause is not None:  # full: a gap would lie
            self._break_off(self.envelopes.cause)
        self._realms.receive(envelope, find_line)

    def _anchor(self, envelope: Envelope) -> None:
        data = envelope.data
        self._clock.anchor(
            envelope.frame_id,
            data["frame"],
            data["page_ms"],
            data["sample_rate_hz"],
            data["uncertainty_ms"] / 1000,
        )
        self._audio.anchored(envelope.frame_id)

    def _watch_clock(self, envelope: Envelope) -> None:
        """Hold the anchor against our own clock, and from time to time the realm's clock too."""
        name, page_ms = envelope.frame_id, envelope.data["page_ms"]
        try:
            asks = self._witness.take_anchor(name, page_ms, self._wall.now_s())
        except ClockError as error:
            self._break_off(error)
            return
        realm = self._realms.find(name)
        if asks and realm is not None:
            task = asyncio.create_task(self._ask_clock(realm))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)

    async def _ask_clock(self, realm: PageRealm) -> None:
        before_s = self._wall.now_s()
        try:
            page_ms = await self._realms.call(realm, "now")
            self._witness.take_reading(page_ms, before_s, self._wall.now_s())
        except ClockError as error:
            self._break_off(error)
        except HarnessError:
            pass  # the realm is gone, or cannot be asked: its next anchor is a witness, too

    def _lose_call(self) -> None:
        if not self._leaving:
            self._break_off(_closed("it navigated away, or its frame was removed"))

    def _break_off(self, cause: BaseException) -> None:
        if self._broken is not None or (self._leaving and isinstance(cause, PageClosed)):
            return
        self._broken = cause if isinstance(cause, HarnessError) else BrowserError(str(cause))
        self._realms.break_off(self._broken)
        self._end_streams(self._broken)

    def _end_streams(self, cause: BaseException | None) -> None:
        self.envelopes.end(cause)
        self._audio.end(cause)

    def _raise_if_broken(self) -> None:
        if self._broken is not None:
            raise self._broken


@contextlib.asynccontextmanager
async def open_voice_page(
    chromium: Chromium,
    *,
    microphone: Literal["virtual", "device"] = "virtual",
    camera: bool = True,
    clock: Clock | None = None,
    stats_every_s: float = 1.0,
    capacity: int = ENVELOPES_KEPT,
    context: BrowserContext | None = None,
    context_options: Mapping[str, Any] | None = None,
) -> AsyncIterator[VoicePage]:
    """A new page in a context of its own, with the probe in all its frames.

    Args:
        microphone: "virtual" is ours; "device" is the browser's own (a Chromium that was opened
            in device mode has a fake one).
        camera: whether a page that asks for one gets a camera, with a moving test picture.
        clock: Python's clock, paired with the page's.
        stats_every_s: how often getStats of every peer connection is reported; 0 for never.
        capacity: most envelopes of one call; one more ends it with `StreamOverflow`.
        context: one that exists already and stays open; else one is made with
            ``context_options`` (as Playwright's new_context takes them) and closed at the end.
    """
    settings = ProbeSettings(microphone=microphone, camera=camera, stats_every_s=stats_every_s)
    async with contextlib.AsyncExitStack() as stack:
        if context is None:
            context = await chromium.browser.new_context(**(context_options or {}))
            stack.push_async_callback(_close_context, context)
        await context.grant_permissions(["microphone", "camera"] if camera else ["microphone"])
        page = VoicePage(
            await context.new_page(), settings, chromium, clock or MonotonicClock(), capacity
        )
        stack.push_async_callback(page.aclose)
        await page.open()
        yield page


async def _close_context(context: BrowserContext) -> None:
    await _close_in_time(context.close())


async def _close_in_time(closing: Awaitable[None]) -> None:
    """Wait for an orderly end, but not for a browser that does not answer any more."""
    with contextlib.suppress(PlaywrightError, ConnectionError, TimeoutError):
        async with asyncio.timeout(CLOSE_WITHIN_S):
            await closing


def _crashed() -> PageCrashed:
    return PageCrashed(
        "The page crashed: its renderer process died.",
        expected="a page that lives through the call",
        found="a crash",
        hint="look for lack of memory, or run again with --headed to watch it",
    )


def _closed(found: str) -> PageClosed:
    return PageClosed(
        "The page went away during the call.",
        expected="a page that stays open until the call has ended",
        found=found,
    )


def _probe_broken(what: str) -> ProbeBroken:
    return ProbeBroken(
        "The page broke the harness's part of it, so nothing is said of this call.",
        expected=f"{what} to do what the language says, whoever wrote it",
        found="the page replaced it by a function that fails or gives something else",
        hint=f"look for a script that assigns {what}, and load the page without it",
    )
