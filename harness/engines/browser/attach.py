"""Calls of pages that somebody else opened: a test's own browser, login and clicks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from harness.blocks import async_block
from harness.browser.devtools import connect_devtools
from harness.browser.endpoint import PageAddress
from harness.browser.page_redirect import PageRedirect
from harness.browser.probe_settings import ProbeSettings
from harness.call.call import Call
from harness.call.coming_up import come_up
from harness.call.opening import CallInfo, CallOptions, open_on_line
from harness.client.server_api import ServerAddress
from harness.clock import Clock, MonotonicClock
from harness.engines.browser.attached_line import AttachedLine
from harness.engines.browser.playwright_pages import prepared, probe_settings
from harness.engines.browser.redirect import redirected
from harness.errors import NoMicrophoneRequest, UsageError
from harness.facts.steps import ExpectationJudged
from harness.line.agent_connections import AgentConnections
from harness.network.bad_network import BadNetwork, open_network
from harness.network.redirect_rules import Redirect
from harness.network.wish import Network, read_wish
from harness.paths import StrPath
from harness.protocols.choice import ProtocolChoice
from harness.speech.interface import Ear, Recogniser, Synthesiser
from harness.speech.tools import SpeechTools, real_tools

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page


LOADED_BEFORE = (
    "a library that the page loaded before this block may have kept the getUserMedia of then: load "
    "the page inside the block, or again (`page.reload()`)"
)


class AttachedCall(Call):
    """`Call`, of a page that a test opened. Made by `listen`."""

    line: AttachedLine
    _is_up = False

    @property
    def page(self) -> Any:
        """The page is the caller's own.

        Raises:
            UsageError: always.
        """
        raise UsageError(
            "A call that is listened to hands out no page.",
            expected="the page, or the context, that was given to `listen`",
            found="`call.page`, which is for pages that the harness opens",
            hint="use your own: it is the page of this call",
        )

    async def connected(self, within_s: float = 20) -> None:
        """Wait until the page's call is up; made by whatever the test does on the page.

        Args:
            within_s: for the page to ask for its microphone, and again for the connection.

        Raises:
            HarnessError: it did not come up; says what the page did instead.
        """
        if self._is_up:
            return
        try:
            await come_up(self.line, self.recorder, within_s, lambda: self.now_s)
        except NoMicrophoneRequest as error:
            if any(e.type == "user_media.requested" for e in self.recorder.events.snapshot()):
                raise
            hint = "; ".join(part for part in (error.hint, LOADED_BEFORE) if part)
            raise NoMicrophoneRequest(
                error.message, expected=error.expected, found=error.found, hint=hint
            ) from error.__cause__
        self._is_up = True

    def note_verdict(self, title: str, failure: str | None) -> None:
        """Write into the trace how the test went that this call belongs to.

        Args:
            title: of the test.
            failure: why it failed; None where it did not.
        """
        note_verdict(self, title, failure)


def note_verdict(call: Call, title: str, failure: str | None) -> None:
    """The verdict of a test, as an expectation in the trace of its call; the report shows it."""
    judged = ExpectationJudged(
        step=None,
        kind="test",
        text=title,
        verdict="failed" if failure else "passed",
        evidence=failure or "",
    )
    call.recorder.note(judged, call.now_s)


@async_block(other="harness.sync_api.listen")
async def listen(
    page: Page | BrowserContext | PageAddress,
    *,
    out: StrPath | None = None,
    options: CallOptions | None = None,
    protocol: ProtocolChoice | None = None,
    redirect: Redirect | None = None,
    network: Network | None = None,
    server: ServerAddress | None = None,
    recogniser: Recogniser | None = None,
    ears: Sequence[Ear] = (),
    synthesiser: Synthesiser | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[AttachedCall]:
    """Listen to a page that is open, before it calls; what happens on it is up to the caller.

        async with harness.listen(page) as call:
            await page.get_by_role("button", name="Call us").click()
            await call.connected(within_s=10)
            await call.say("A table for two at seven, please.")

    The page keeps its context, cookies and login, and stays open. It needs a Chromium with a
    DevTools endpoint on this machine: `harness.launch_options` has what to launch it with.

    The windows that the page opens are listened to as well, and with a context every page in it,
    those that come later too: the one that asks for the microphone and calls is the call's.

    Args:
        page: Playwright's page, its context, or where it is.
        out: folder for ``trace.jsonl`` and ``call.wav``; a temporary one where absent.
        options: name, facts and the like; what concerns a page of our own has no effect.
        protocol: as ``options.protocol``, which it replaces.
        redirect: which hosts the pages find on this machine while the block runs, as for
            `open_call`: "openai", or rules. ``options.redirect`` says the same.
        server: what answers in their name; one of its own where absent.
        network: as ``options.network``, which it replaces. What calls in the block goes through
            its relay, which ends with the block.

    Raises:
        UsageError: no page of a Chromium, one that is in a call, or one that is listened to; or a
            redirect that cannot be.
        BrowserError: its browser cannot be reached.
    """
    options = options or CallOptions()
    if protocol is not None:
        options = replace(options, protocol=protocol)
    if network is not None:
        options = replace(options, network=network)
    if redirect is not None:
        options = replace(options, redirect=redirect)
    tools = real_tools(recogniser, synthesiser, ears)
    async with attach(page, options, tools, out=out, server=server, clock=clock) as call:
        yield call


@asynccontextmanager
async def attach(
    page: Page | BrowserContext | PageAddress,
    options: CallOptions,
    tools: SpeechTools,
    *,
    out: StrPath | None = None,
    server: ServerAddress | None = None,
    clock: Clock | None = None,
    microphone: Literal["virtual", "device"] = "virtual",
    goes_to: str | None = None,
) -> AsyncIterator[AttachedCall]:
    """What `listen` does, with all of its options in one.

    Args:
        microphone: ours, or the browser's own; what it hears is recorded as what was sent.
        goes_to: the page's address, where it is not there yet.

    Raises:
        UsageError, BrowserError: as `listen`.
    """
    clock = clock or MonotonicClock()
    async with AsyncExitStack() as stack:
        bad_network = None
        if options.network is not None:
            folder = None if out is None else Path(out)
            opening = open_network(read_wish(options.network), folder)
            bad_network = await stack.enter_async_context(opening)
        relay = None if bad_network is None else bad_network.address
        if not isinstance(page, PageAddress):
            page = await stack.enter_async_context(prepared(page, options, relay, microphone))
        answering = await stack.enter_async_context(
            redirected(options.redirect, server, goes_to or page.url)
        )
        info = CallInfo(engine="browser", page=page.url)
        settings = page.probe or probe_settings(options, relay)
        agent = AgentConnections(options.agent)
        line = _attached(page, settings, clock, answering, bad_network, agent)
        yield await stack.enter_async_context(
            open_on_line(
                AttachedCall,
                line,
                info,
                tools,
                out=out,
                options=options,
                clock=clock,
                waits=False,
            )
        )


@asynccontextmanager
async def _attached(
    address: PageAddress,
    settings: ProbeSettings,
    clock: Clock,
    redirect: PageRedirect | None,
    network: BadNetwork | None,
    agent: AgentConnections,
) -> AsyncIterator[AttachedLine]:
    async with connect_devtools(address.devtools_url) as devtools:
        line = AttachedLine(devtools, address, settings, clock, redirect, network, agent)
        try:
            yield line
        finally:
            await line.aclose()
