"""A page of our own making: a context of its own, the probe in it before its first script."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from harness.browser.device_microphone import DeviceMicrophone
from harness.browser.early_probe import early_script
from harness.browser.launch import Chromium
from harness.browser.new_context import new_context
from harness.browser.page_errors import page_error
from harness.browser.page_windows import TargetInfo
from harness.browser.probe_settings import ProbeSettings
from harness.browser.probed_page import ENVELOPES_KEPT, ProbedPage
from harness.browser.sound_server import SoundServer
from harness.clock import Clock, MonotonicClock
from harness.errors import ServerRefused
from harness.line.agent_connections import AgentConnections
from harness.line.audio import AudioFrames
from harness.line.autoplay import Autoplay
from harness.line.microphone_access import MicrophoneAccess
from harness.network.relay_address import RelayAddress

__all__ = ["AudioFrames", "VoicePage", "open_voice_page"]

GOTO_WITHIN_S = 30.0
TOLD_WITHIN_S = 2.0
CLOSE_WITHIN_S = 5.0
NEAR = "local-network-access"
"""What a page of the internet needs, lest its user be asked, to reach a relay on this machine."""


class VoicePage(ProbedPage):
    """One page in one isolated context; made by `open_voice_page`."""

    def __init__(
        self,
        page: Page,
        settings: ProbeSettings,
        chromium: Chromium,
        clock: Clock,
        capacity: int = ENVELOPES_KEPT,
        agent: AgentConnections | None = None,
    ) -> None:
        super().__init__(chromium.devtools, settings, clock, capacity, agent=agent)
        self.page = page
        self._popups: list[Page] = []
        page.on("popup", lambda window: self._popups.append(window))

    async def goto(self, url: str, within_s: float = GOTO_WITHIN_S) -> None:
        """Load a page. Leaving the one before is no error then.

        Raises:
            ServerUnreachable: nobody answers there.
            ServerRefused: the answer is an HTTP error.
            PageCrashed, PageClosed: the page died while it loaded.
        """
        self._raise_if_broken()
        self._leaving = True
        documents = self._documents
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

    @property
    def _documents(self) -> int:
        return self._realms.documents[self._windows.given or ""]

    async def _wait_told(self, documents: int) -> None:
        """Wait until the page has told of its document: Playwright's word comes another way.

        Documents without scripts (an image, say) tell nothing; they are not waited for long.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TOLD_WITHIN_S):
                while self._documents == documents:
                    await self._realms.wait_changed()

    async def leave(self) -> None:
        """Leave the page for an empty one, and close the windows it opened: its call ends.

        That is no error.

        Raises:
            PageCrashed, PageClosed: the page had died before.
        """
        self._raise_if_broken()
        self._leaving = True  # until the next goto: the page's own word comes when it likes
        try:
            for window in self._popups:
                await window.close()
            await self.page.goto("about:blank")
        except PlaywrightError as error:
            raise self._broken or page_error(error, "about:blank") from error

    def speak_through(self, sound: SoundServer) -> AbstractAsyncContextManager[None]:
        """The user speaks through a device of the machine, for as long as this is entered."""
        device = DeviceMicrophone(self._realms, sound, self.timeline, self._wall, self.sent)
        self.microphone = device
        return device.speaking()

    async def aclose(self) -> None:
        """End the streams, then close the page. Safe to call again."""
        await super().aclose()
        await _close_in_time(self.page.close())

    async def open(self) -> None:
        """Put the probe in and start the timeline; called by `open_voice_page`."""
        session = await self.page.context.new_cdp_session(self.page)
        target = (await session.send("Target.getTargetInfo"))["targetInfo"]
        await session.detach()
        ours = {str(target["targetId"])}

        def belongs(info: TargetInfo) -> bool:
            """Whether the page opened it, or one of its windows did; workers are its context's."""
            if info.get("type", "page") != "page":
                return bool(info.get("browserContextId") == target.get("browserContextId"))
            if opened := info.get("openerId") in ours:
                ours.add(str(info["targetId"]))
            return opened

        await self.attach(str(target["targetId"]))
        await self.follow(belongs)


@contextlib.asynccontextmanager
async def open_voice_page(
    chromium: Chromium,
    *,
    microphone: Literal["virtual", "device"] = "virtual",
    access: MicrophoneAccess = "allow",
    camera: bool = True,
    autoplay: Autoplay = "allowed",
    clock: Clock | None = None,
    stats_every_s: float = 1.0,
    requests: bool = False,
    capacity: int = ENVELOPES_KEPT,
    relay: RelayAddress | None = None,
    agent: AgentConnections | None = None,
    sound: SoundServer | None = None,
    context: BrowserContext | None = None,
    context_options: Mapping[str, Any] | None = None,
) -> AsyncIterator[VoicePage]:
    """A new page in a context of its own, with the probe in all its frames.

    Args:
        microphone: "virtual" is ours; "device" is the browser's own (a Chromium that was opened
            in device mode has a fake one).
        access: whether a page gets the virtual microphone; it may change later.
        camera: whether a page that asks for one gets a camera, with a moving test picture.
        autoplay: whether a page is heard before its user has clicked.
        clock: Python's clock, paired with the page's.
        stats_every_s: how often getStats of every peer connection is reported; 0 for never.
        requests: whether its requests are told, with what was sent and answered.
        capacity: most envelopes of one call; one more ends it with `StreamOverflow`.
        relay: stands between its peer connections and their remote peers, where given.
        agent: says whose sound is heard, where the page has several connections.
        sound: what gives the browser its device; then the user can speak into that, too.
        context: one that exists already and stays open; else one is made with
            ``context_options`` (see `harness.browser.new_context`) and closed at the end.
    """
    settings = ProbeSettings(
        microphone=microphone,
        access=access,
        camera=camera,
        autoplay=autoplay,
        stats_every_s=stats_every_s,
        requests=requests,
        relay=relay,
    )
    async with contextlib.AsyncExitStack() as stack:
        if context is None:
            context = await new_context(chromium.browser, context_options or {})
            stack.push_async_callback(_close_context, context)
            await context.add_init_script(early_script(settings, every_window=True))
        else:
            script = await context.add_init_script(early_script(settings))
            stack.push_async_callback(_take_out, script)
        await context.grant_permissions(["microphone", "camera"] if camera else ["microphone"])
        if relay is not None:
            with contextlib.suppress(PlaywrightError):  # an older Chromium asks nobody for it
                await context.grant_permissions([NEAR])
        page = VoicePage(
            await context.new_page(),
            settings,
            chromium,
            clock or MonotonicClock(),
            capacity,
            agent,
        )
        if sound is not None:
            await stack.enter_async_context(page.speak_through(sound))
        stack.push_async_callback(page.aclose)
        await page.open()
        yield page


async def _take_out(script: Any) -> None:
    if script is not None:  # older Playwrights keep one for good
        with contextlib.suppress(PlaywrightError):  # the context is gone
            await script.close()


async def _close_context(context: BrowserContext) -> None:
    await _close_in_time(context.close())


async def _close_in_time(closing: Awaitable[None]) -> None:
    """Wait for an orderly end, but not for a browser that does not answer any more."""
    with contextlib.suppress(PlaywrightError, ConnectionError, TimeoutError):
        async with asyncio.timeout(CLOSE_WITHIN_S):
            await closing
