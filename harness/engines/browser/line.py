"""The browser's line: a page in Chromium holds the call."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from harness.browser.launch import Chromium, open_chromium
from harness.browser.new_context import with_direct_hosts
from harness.browser.page_errors import hung
from harness.browser.realm import ANSWERS_WITHIN_S
from harness.browser.sound_server import open_sound_server
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.call.dialog_answers import DialogAnswers
from harness.client.server_api import ServerAddress
from harness.clock import Clock
from harness.engines.browser.login import Login
from harness.engines.browser.page_dialogs import answer_dialogs
from harness.engines.browser.page_host import host_page
from harness.engines.browser.page_network import follow_routes
from harness.engines.browser.page_user import PageUser
from harness.engines.browser.playwright_tracing import PlaywrightTracing
from harness.engines.browser.probed_line import HANG_UP, ProbedLine
from harness.engines.browser.redirect import open_redirect, redirecting_chromium
from harness.errors import BrowserError, ExpectationFailed, UsageError
from harness.line.agent_connections import AgentConnections
from harness.line.autoplay import Autoplay
from harness.line.interface import LineReport
from harness.line.microphone_access import PageMicrophoneWish
from harness.network.bad_network import BadNetwork, open_network
from harness.network.redirect_front import RedirectFront
from harness.network.redirect_rules import Redirect
from harness.network.wish import NetworkWish


class PageLine(ProbedLine[VoicePage]):
    """A `VoicePage` as a line. Made by `open_page_line`.

    Args:
        url: the page; our own, served for this call, where absent (``server`` is needed then).
        session: settings for our own page, partial.
        start: what to do on the page so that it calls, see `CallOptions`.
        dialogs: how its dialogs are answered, see there, too.
        front: what answers in the name of redirected hosts.
        network: what its packets pass, where one was asked for.
        out: where pictures of the page are kept.
    """

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
        network: BadNetwork | None = None,
        out: Path | None = None,
    ) -> None:
        super().__init__(page, url or "realtime")
        self._hosting = hosting
        self._url = url
        self._server = server
        self._session = session
        self._start = start
        self._dialogs = dialogs
        self._front = front
        self.network = network
        self._out = out

    async def connect(self, within_s: float, report: LineReport) -> None:
        """Serve our page if it is the one, load the page, and do what makes it call."""
        self.page.watch(report.note)
        answer_dialogs(self.page.page, self._dialogs, report.note)
        if self._front is not None:
            self._front.begin(report.note)
        if self.network is not None:
            routing = follow_routes(self.network, self.envelopes, report)
            await self._hosting.enter_async_context(routing)
        if self._url is None:
            assert self._server is not None
            self._address = await self._hosting.enter_async_context(
                host_page(self._server, self._session, report.fail, report.hide)
            )
        await self.page.goto(self.address)
        user = PageUser(self.page.page, self.page.goto, report.note, self._out)
        for step in self._start:
            await _start_with(user, step)

    async def hang_up(self) -> None:
        """Close the call the way our page does, or by leaving the page.

        Raises:
            PageHung: the page lets nothing of it happen.
        """
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                if not await self.page.page.evaluate(HANG_UP):
                    await self.page.leave()
        except TimeoutError:
            raise hung(ANSWERS_WITHIN_S) from None


async def _start_with(user: PageUser, step: Mapping[str, Any]) -> None:
    """A step before the call is up: what hinders it is no verdict, there is no call yet."""
    try:
        await user.act(step)
    except ExpectationFailed as error:
        raise BrowserError(
            "A step on the page did not work, so that it could not call.",
            expected=error.expected,
            found=error.found,
            hint="see what the page shows; the steps are those of page.start in a scenario, or of "
            "--click",
        ) from error


@asynccontextmanager
async def open_page_line(
    url: str | None,
    server: ServerAddress | None,
    *,
    session: Mapping[str, Any],
    start: Sequence[Mapping[str, Any]] = (),
    camera: bool = True,
    autoplay: Autoplay = "allowed",
    requests: bool = False,
    microphone: PageMicrophoneWish = "allow",
    context: Mapping[str, Any] | None = None,
    login: Login | None = None,
    dialogs: DialogAnswers = "accept",
    redirect: Redirect | None = None,
    network: NetworkWish | None = None,
    agent: AgentConnections | None = None,
    tracing: PlaywrightTracing | None = None,
    chromium: Chromium | None = None,
    headless: bool = True,
    out: Path | None = None,
    clock: Clock,
) -> AsyncIterator[PageLine]:
    """A fresh page that will hold the call; see `PageLine` for the arguments.

    Args:
        context: options of the page's context, see `harness.browser.new_context`.
        login: gives the cookies and the storage that the context has in the end.
        redirect: which hosts the page finds on this machine, answered by ``server``.
        network: what packets meet between the page and its remote peers; None: nothing stands
            between them.
        agent: says whose sound is heard, where the page has several connections.
        autoplay: whether the page is heard before its user has clicked.
        tracing: where a Playwright trace of the page goes; None: there is none.
        requests: whether its requests are told, with what was sent and answered.
        microphone: whether the page gets one; "device": one of a sound server of the call's own,
            in a browser of its own.
        chromium: a running browser to share; one of its own where absent. Where hosts are
            redirected, one more like it.
        out: where pictures of the page are kept, and packets where asked for; nowhere where
            absent.

    Raises:
        UsageError: neither url nor server; or a redirect that cannot be.
        BrowserError: no browser, or no page in it.
    """
    if url is None and server is None:
        raise UsageError("Nothing to call: give a page's url, or a server for our own page.")
    async with AsyncExitStack() as stack:
        front = sound = None
        if microphone == "device":
            sound = await stack.enter_async_context(open_sound_server())
            chromium = await stack.enter_async_context(
                open_chromium(
                    headless=headless,
                    own_devices=True,
                    options={"env": {**os.environ, **sound.environment}},
                )
            )
        if redirect is not None:
            front = await stack.enter_async_context(open_redirect(redirect, server, url))
            context = _past_the_proxy(context or {}, front.rules.hosts)
            chromium = await stack.enter_async_context(
                redirecting_chromium(front, like=chromium, headless=headless)
            )
        if chromium is None:
            chromium = await stack.enter_async_context(open_chromium(headless=headless))
        if login is not None:
            context = {
                **(context or {}),
                "storage_state": await login(chromium, url, context or {}),
            }
        relay = None
        if network is not None:
            relay = await stack.enter_async_context(open_network(network, out))
        page = await stack.enter_async_context(
            open_voice_page(
                chromium,
                clock=clock,
                camera=camera,
                autoplay=autoplay,
                requests=requests,
                microphone="virtual" if sound is None else "device",
                access="allow" if microphone == "device" else microphone,
                sound=sound,
                context_options=context,
                relay=None if relay is None else relay.address,
                agent=agent,
            )
        )
        if tracing is not None:
            await stack.enter_async_context(tracing.of(page.page.context))
        # Our own page is served until the recording has ended, and so is the page itself.
        hosting = await stack.enter_async_context(AsyncExitStack())
        yield PageLine(page, hosting, url, server, session, start, dialogs, front, relay, out)


def _past_the_proxy(context: Mapping[str, Any], hosts: Sequence[str]) -> Mapping[str, Any]:
    """Options of a context whose proxy, if it has one, is not asked for redirected hosts."""
    proxy = context.get("proxy")
    return {**context, "proxy": with_direct_hosts(proxy, hosts)} if proxy else context
