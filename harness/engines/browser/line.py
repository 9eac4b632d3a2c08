"""The browser's line: a page in Chromium holds the call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page

from harness.browser.launch import Chromium, open_chromium
from harness.browser.voice_page import AudioFrames, VoicePage, open_voice_page
from harness.call.dialog_answers import DialogAnswers
from harness.client.server_api import ServerAddress
from harness.clock import Clock
from harness.engines.browser.page_dialogs import answer_dialogs
from harness.engines.browser.page_host import host_page
from harness.engines.browser.redirect import open_redirect, redirecting_chromium
from harness.errors import PageClosed, UsageError
from harness.line.interface import LineCapabilities, LineReport
from harness.line.microphone_access import MicrophoneAccess
from harness.network.redirect_front import RedirectFront
from harness.network.redirect_rules import Redirect
from harness.streams.event_stream import EventStream

HANG_UP = """async () => {
  if (!window.RT?.close) return false;
  await window.RT.close();
  return true;
}"""

ACTION_MS = 5_000
LOOK_EVERY_MS = 100


def page_capabilities(access: MicrophoneAccess) -> LineCapabilities:
    """What a page's line can do, whose page gets a microphone so."""
    return LineCapabilities(
        engine="browser", has_page=True, is_real_time=True, gets_microphone=access == "allow"
    )


class PageLine:
    """A `VoicePage` as a line. Made by `open_page_line`.

    Args:
        url: the page; our own, served for this call, where absent (``server`` is needed then).
        session: settings for our own page, partial.
        start: what to do on the page so that it calls, see `CallOptions`.
        dialogs: how its dialogs are answered, see there, too.
        front: what answers in the name of redirected hosts.
    """

    capabilities = page_capabilities("allow")

    def __init__(
        self,
        page: VoicePage,
        hosting: AsyncExitStack,
        url: str | None,
        server: ServerAddress | None,
        session: Mapping[str, Any],
        start: Sequence[Mapping[str, Any]],
        dialogs: DialogAnswers = "accept",
        front: RedirectFront | None = None,
    ) -> None:
        self.page = page
        self.capabilities = page_capabilities(page.access)
        self.envelopes = page.envelopes
        self.timeline = page.timeline
        self.microphone = page.microphone
        self.address = url or "realtime"
        self._hosting = hosting
        self._url = url
        self._server = server
        self._session = session
        self._start = start
        self._dialogs = dialogs
        self._front = front

    @property
    def sent(self) -> EventStream[AudioFrames]:
        return self.page.sent

    @property
    def received(self) -> EventStream[AudioFrames]:
        return self.page.received

    @property
    def heard(self) -> EventStream[AudioFrames]:
        return self.page.heard

    @property
    def uncertainty_s(self) -> float:
        return self.page.uncertainty_s

    async def connect(self, within_s: float, report: LineReport) -> None:
        """Serve our page if it is the one, load the page, and do what makes it call."""
        self.page.watch(report.note)
        answer_dialogs(self.page.page, self._dialogs, report.note)
        if self._front is not None:
            self._front.begin(report.note)
        if self._url is None:
            assert self._server is not None
            self.address = await self._hosting.enter_async_context(
                host_page(self._server, self._session, report.fail, report.hide)
            )
        await self.page.goto(self.address)
        await _act(self.page.page, self._start)

    async def send_text(self, label: str, text: str) -> None:
        """Send through the page's own data channel, as the page would."""
        await self.page.send_text(label, text)

    async def hang_up(self) -> None:
        """Close the call the way our page does, or by leaving the page."""
        closed = await self.page.page.evaluate(HANG_UP)
        if not closed:
            await self.page.leave()


@asynccontextmanager
async def open_page_line(
    url: str | None,
    server: ServerAddress | None,
    *,
    session: Mapping[str, Any],
    start: Sequence[Mapping[str, Any]] = (),
    camera: bool = True,
    access: MicrophoneAccess = "allow",
    context: Mapping[str, Any] | None = None,
    dialogs: DialogAnswers = "accept",
    redirect: Redirect | None = None,
    chromium: Chromium | None = None,
    headless: bool = True,
    clock: Clock,
) -> AsyncIterator[PageLine]:
    """A fresh page that will hold the call; see `PageLine` for the arguments.

    Args:
        context: options of the page's context, as Playwright's new_context takes them.
        redirect: which hosts the page finds on this machine, answered by ``server``.
        chromium: a running browser to share; one of its own where absent. Where hosts are
            redirected, one more like it.

    Raises:
        UsageError: neither url nor server; or a redirect that cannot be.
        BrowserError: no browser, or no page in it.
    """
    if url is None and server is None:
        raise UsageError("Nothing to call: give a page's url, or a server for our own page.")
    async with AsyncExitStack() as stack:
        front = None
        if redirect is not None:
            front = await stack.enter_async_context(open_redirect(redirect, server, url))
            chromium = await stack.enter_async_context(
                redirecting_chromium(front, like=chromium, headless=headless)
            )
        if chromium is None:
            chromium = await stack.enter_async_context(open_chromium(headless=headless))
        page = await stack.enter_async_context(
            open_voice_page(
                chromium, clock=clock, camera=camera, access=access, context_options=context
            )
        )
        # Our own page is served until the recording has ended, and so is the page itself.
        hosting = await stack.enter_async_context(AsyncExitStack())
        yield PageLine(page, hosting, url, server, session, start, dialogs, front)


async def _frame_with(page: Page, selector: str) -> Frame:
    """The frame that holds such an element; the page itself where none does (yet)."""
    for _ in range(ACTION_MS // LOOK_EVERY_MS):
        for frame in page.frames:
            if await frame.locator(selector).count():
                return frame
        await page.wait_for_timeout(LOOK_EVERY_MS)
    return page.main_frame


def _described(action: Mapping[str, Any]) -> str:
    return ", ".join(f"{kind} {what}" for kind, what in action.items())


async def _act(page: Page, actions: Sequence[Mapping[str, Any]]) -> None:
    for action in actions:
        try:
            if action.get("click"):
                frame = await _frame_with(page, str(action["click"]))
                await frame.click(str(action["click"]), timeout=ACTION_MS)
            for selector, text in (action.get("fill") or {}).items():
                frame = await _frame_with(page, selector)
                await frame.fill(selector, text, timeout=ACTION_MS)
            if action.get("press"):
                await page.keyboard.press(str(action["press"]))
        except PlaywrightError as error:
            raise PageClosed(
                "An action on the page did not work.",
                expected=f"an element for {_described(action)}, in the page or one of its frames",
                found=str(error).splitlines()[0],
                hint="check the selectors under page.start in the scenario",
            ) from error
