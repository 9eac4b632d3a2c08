"""A page with the probe in it: what it hears, what it says, and everything it does about WebRTC.

It needs Chromium's DevTools alone, so it holds for any page of any Chromium, whoever opened it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from harness.browser.call_windows import CallWindows
from harness.browser.clock_check import ClockCheck
from harness.browser.departures import Departures
from harness.browser.devtools import DevTools, Session
from harness.browser.page_audio import PageAudio
from harness.browser.page_clock import PageClock
from harness.browser.page_errors import closed, crashed, deaf, hung, probe_broken
from harness.browser.page_memory import watch_memory
from harness.browser.page_realms import PageRealm, PageRealms
from harness.browser.page_redirect import PageRedirect
from harness.browser.page_watch import Note, PageWatch
from harness.browser.page_windows import TargetInfo
from harness.browser.probe_link import ProbeLine
from harness.browser.probe_settings import ProbeSettings
from harness.browser.realm import ANSWERS_WITHIN_S, Realm
from harness.browser.reassembler import EnvelopeGap, Reassembler
from harness.browser.virtual_microphone import VirtualMicrophone
from harness.clock import Clock
from harness.errors import (
    BrowserError,
    ClockError,
    EnvelopeError,
    HarnessError,
    PageClosed,
    UsageError,
    failed_itself,
)
from harness.line.agent_connections import AgentConnections
from harness.line.audio import AudioFrames
from harness.line.connection_envelopes import TAKEN_KEPT
from harness.line.envelope import SAMPLES, Envelope
from harness.line.microphone_access import MicrophoneAccess
from harness.streams.event_stream import EventStream
from harness.timeline import Timeline

PAIRING_TRIES = 8
ASK_EVERY_S = 5.0
ENVELOPES_KEPT = 100_000


class ProbedPage:
    """One page of a Chromium, with the probe in all its frames.

    ``envelopes`` carries everything the page tells but the audio samples, which are in ``sent``
    and ``heard``. When the page goes away, crashes or loses envelopes, all streams end with that
    error as their cause, and keep what they have.

    Args:
        devtools: the Chromium's.
        settings: how the probe behaves.
        clock: Python's clock, paired with the page's.
        capacity: most envelopes of one call; one more ends it with `StreamOverflow`.
        redirect: answers requests that are held, where ``settings.extras`` has some held.
        agent: says whose sound is heard, where the page has several connections.
    """

    def __init__(
        self,
        devtools: DevTools,
        settings: ProbeSettings,
        clock: Clock,
        capacity: int = ENVELOPES_KEPT,
        redirect: PageRedirect | None = None,
        agent: AgentConnections | None = None,
    ) -> None:
        self.agent = agent or AgentConnections()
        self.timeline = Timeline()
        self.envelopes: EventStream[Envelope] = EventStream("page", capacity, kept=TAKEN_KEPT)
        self._wall = clock
        self._settings = settings
        self._reassembler = Reassembler()
        self._clock = PageClock(self.timeline)
        self._audio = PageAudio(self._clock, self.agent)
        self._witness = ClockCheck(self.timeline)
        self._asking: set[asyncio.Task[None]] = set()
        self._realms = PageRealms(self._clock, self._lose_call)
        self._departures = Departures(self._break_off)
        self._windows = CallWindows(self._realms)
        self._watch = PageWatch(settings.requests)
        self._line = ProbeLine(
            devtools, settings, self._receive_payload, self._break_off, self._receive_event
        )
        self.redirect = redirect
        if redirect is not None:
            redirect.on_error = self._break_off
        self._broken: HarnessError | None = None
        self._leaving = False
        self.calls_left = 0
        """How many documents have gone so far whose call was up."""

        self.microphone = VirtualMicrophone(
            self._realms, is_virtual=settings.microphone == "virtual", access=settings.access
        )

    @property
    def access(self) -> MicrophoneAccess:
        """Whether the page got its microphone when it was opened."""
        return self._settings.access

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
        """What a user hears: what the page plays; without connections that are another's."""
        return self._audio.played

    @property
    def others(self) -> EventStream[AudioFrames]:
        """What a user hears of connections that are not the agent's."""
        return self._audio.others

    @property
    def broken(self) -> HarnessError | None:
        """Why the page can not be used any more; None while it can, and after an orderly end."""
        return self._broken

    @property
    def uncertainty_s(self) -> float:
        """How far a page or Python event may be off against the audio on the timeline."""
        return self.timeline.uncertainty_s

    @property
    def bridge_counts(self) -> dict[str, int]:
        """Envelopes received from all realms, and envelopes known to be missing."""
        return {"received": self._reassembler.received, "lost": self._reassembler.lost}

    def watch(self, note: Note) -> None:
        """Report what the page's console, scripts and requests say from here on."""
        self._watch.note = note

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

    async def attach(self, target_id: str, *, is_loaded: bool = False) -> None:
        """Put the probe in and start the timeline.

        Args:
            target_id: DevTools' name of the page.
            is_loaded: its documents of now get the probe, too; else only those that come.

        Raises:
            UsageError: it is loaded, and in a call already.
            PageClosed: there is no such page.
        """
        await self._line.attach(target_id, is_loaded=is_loaded)
        self._windows.given = next(iter(self._line.pages), None)
        for _ in range(PAIRING_TRIES):
            await self._pair_clock()
        self._keep(asyncio.create_task(self._watch_answers()))
        self._keep(asyncio.create_task(watch_memory(self.send, self._watch.tell)))

    def may_go(self) -> None:
        """From here on, until the next goto, the page may end its call by going elsewhere."""
        self._leaving = True

    async def follow(self, belongs: Callable[[TargetInfo], bool]) -> None:
        """Listen to other pages of the browser, too; the one that calls is the call's.

        Args:
            belongs: whether a page is meant. Asked of every page that is there or comes.

        Raises:
            UsageError: one of them is in a call already.
        """
        await self._line.follow(belongs)
        self._raise_if_broken()

    @property
    def _calling_page(self) -> Session | None:
        """The window that is in a call; None while none is."""
        calling = self._realms.connected_windows()
        return self._line.pages.get(calling[0]) if calling else None

    @property
    def call_url(self) -> str | None:
        """What the window shows that is in a call; None while none is."""
        calling = self._realms.connected_windows()
        return self._windows.url_of(calling[0]) if calling else None

    async def evaluate(self, expression: str) -> Any:
        """What an expression, awaited, gives in the page that calls, or that was given; by value.

        Raises:
            BrowserError: it threw.
            PageClosed: the page went away.
        """
        self._raise_if_broken()
        return await self._line.evaluate(expression, self._calling_page)

    async def aclose(self) -> None:
        """End the streams and let go of the page, which stays open. Safe to call again."""
        self._leaving = True
        self.envelopes.end(None)
        self._audio.end(None)
        for task in self._asking:
            task.cancel()
        self._departures.close()
        self._realms.close()
        await asyncio.gather(self._watch.aclose(), self._line.aclose())

    async def _watch_answers(self) -> None:
        """A page whose script never ends sends nothing, not even an error: ask it now and then.

        Its time is asked as well, in case the page's clock and ours drift apart.
        """
        while self._broken is None:
            await asyncio.sleep(ASK_EVERY_S)
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_S):
                    await self._line.ping(self._calling_page)
                    await self._pair_clock()
            except TimeoutError:
                self._break_off(hung(ANSWERS_WITHIN_S))
            except HarnessError:
                pass  # between two documents, or gone: others tell of that

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def send(self, method: str) -> dict[str, Any]:
        """What DevTools answers about the page that calls, or that was given."""
        return await self._line.send(method, self._calling_page)

    async def _pair_clock(self) -> None:
        before_s = self._wall.now_s()
        page_ms = await self._line.read_page_ms()
        after_s = self._wall.now_s()
        self.timeline.start(page_ms)
        self.timeline.pair_python((before_s + after_s) / 2, page_ms, (after_s - before_s) / 2)

    def _receive_event(self, session: Session, method: str, params: dict[str, Any]) -> None:
        try:
            self._read_event(session, method, params)
        except Exception as error:
            self._break_off(failed_itself("read an event of the browser", error))

    def _read_event(self, session: Session, method: str, params: dict[str, Any]) -> None:
        self._departures.on_event(_window(session), method)
        if method == "Inspector.targetCrashed":
            self._lose_window(session, crashed())
        elif method == "Target.detachedFromTarget":
            self._lose_window(session, closed("the page was closed"))
        else:
            if (
                method == "Page.frameNavigated"
                and session.page is session
                and "parentId" not in (params["frame"])
            ):
                self._windows.shows(_window(session), params["frame"]["url"], self._watch.note)
            if self.redirect is not None:
                self.redirect.receive(session, method, params)
            self._watch.receive(method, params, session)

    def _receive_payload(self, session: Session, context_id: int, payload: str) -> None:
        if self._broken is not None or self.envelopes.ended:
            return
        try:
            self._read_payload(session, context_id, payload)
        except Exception as error:  # a mistake of ours must end the call loudly, not stall it
            self._break_off(failed_itself("read what the page sent", error))

    def _read_payload(self, session: Session, context_id: int, payload: str) -> None:
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
        self.agent.receive(envelope)
        window = _window(session)
        self.envelopes.push(self._windows.as_part_of_the_page(envelope, window))
        if envelope.type == "page.broke_probe":
            self._break_off(probe_broken(envelope.data["what"]))
        if envelope.type == "tap.failed":
            self._break_off(deaf(envelope.data["why"]))
        if self.envelopes.cause is not None:  # full: a gap would lie
            self._break_off(self.envelopes.cause)
        self._realms.receive(envelope, find_line, window)
        self._departures.on_event(window, envelope.type)
        try:
            self._windows.receive(envelope, window, self._watch.note)
        except UsageError as error:
            self._break_off(error)

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
            self._keep(asyncio.create_task(self._ask_clock(realm)))

    async def _ask_clock(self, realm: PageRealm) -> None:
        before_s = self._wall.now_s()
        try:
            page_ms = await self._realms.call(realm, "now")
            self._witness.take_reading(page_ms, before_s, self._wall.now_s())
        except ClockError as error:
            self._break_off(error)
        except HarnessError:
            pass  # the realm is gone, or cannot be asked: its next anchor is a witness, too

    def _lose_window(self, session: Session, cause: HarnessError) -> None:
        """The call is over where it was in this one, or where no other is left to make it."""
        window = _window(session)
        others = [name for name in self._line.pages if name != window]
        if not others or window in self._realms.connected_windows():
            self._break_off(cause)
        elif session.page is session:
            self._realms.lose_window(window)

    def _lose_call(self, window: str) -> None:
        self.calls_left += 1
        if not self._leaving:
            self._departures.on_call_lost(window)

    def _break_off(self, cause: BaseException) -> None:
        if self._broken is not None or (self._leaving and isinstance(cause, PageClosed)):
            return
        self._broken = cause if isinstance(cause, HarnessError) else BrowserError(str(cause))
        self._realms.break_off(self._broken)
        self.envelopes.end(self._broken)
        self._audio.end(self._broken)

    def _raise_if_broken(self) -> None:
        if self._broken is not None:
            raise self._broken


def _window(session: Session) -> str:
    """The page that a session is of, or that its frame is in."""
    return session.page.session_id or ""
