"""Calls through a page: a browser, a page, a trace; and nothing left behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from harness.blocks import async_block
from harness.browser.launch import Chromium
from harness.call.opening import CallInfo, CallOptions, open_on_line
from harness.client.server_api import ServerAddress
from harness.clock import Clock, MonotonicClock
from harness.context.threads.choice import AnyContext
from harness.engines.browser.call import BrowserCall
from harness.engines.browser.line import open_page_line
from harness.engines.browser.playwright_tracing import PlaywrightTracing
from harness.errors import UsageError
from harness.exchange.playwright_trace import NAME as PLAYWRIGHT_TRACE
from harness.line.agent_connections import AgentConnections
from harness.network.redirect_rules import Redirect, read_redirect
from harness.network.wish import read_wish
from harness.paths import StrPath
from harness.protocols.choice import ProtocolChoice
from harness.redact import Masker
from harness.server.process.launch import start_server
from harness.speech.interface import Ear, Recogniser, Synthesiser
from harness.speech.tools import SpeechTools, real_tools

__all__ = ["CallOptions", "open_call", "open_page"]


@async_block(other="harness.sync_api.open_call")
async def open_call(
    url: str | None = None,
    *,
    server: ServerAddress | None = None,
    out: StrPath | None = None,
    chromium: Chromium | None = None,
    options: CallOptions | None = None,
    redirect: Redirect | None = None,
    protocol: ProtocolChoice | None = None,
    context: AnyContext | None = None,
    record: StrPath | None = None,
    recogniser: Recogniser | None = None,
    ears: Sequence[Ear] = (),
    synthesiser: Synthesiser | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[BrowserCall]:
    """Open a page and wait until its call is up.

    Args:
        url: the page; our own Realtime page where absent (then ``server`` is needed).
        server: where our page calls; its key stays in Python.
        out: folder for ``trace.jsonl`` and ``call.wav``; a temporary one where absent.
        chromium: a running browser to share; one of its own where absent, and one more like it with
            ``redirect``.
        options: the session's settings, what to do on the page, how long to wait.
        recogniser: writes down what is heard; the default one where absent. One that is given
            without ears judges, too.
        ears: judge what an answer said; the shipped ones where neither is given.
        synthesiser: speaks texts; the default voice where absent.
        clock: what the timeline is paired with; the machine's where absent.
        redirect: as ``options.redirect``, which it replaces. Where no server is given, one is
            started for the call.
        protocol: as ``options.protocol``, which it replaces.
        context: as ``options.conversation``, which it replaces.
        record: as ``options.record``, which it replaces.

    Yields:
        The call; leaving the block hangs up and closes all that was opened for it.

    Raises:
        UsageError: neither url nor server; or a redirect that cannot be.
        BrowserError, NegotiationFailed, ServerError: the call did not come up; the trace up to
            that point is in ``out``.
        ContextError: the context cannot be had, see `harness.context.errors`.
    """
    if url is None and server is None:
        raise UsageError("Nothing to call: give a page's url, or a server for our own page.")
    if url is not None and not isinstance(url, str):
        raise UsageError(
            "A page is opened by its address.",
            expected='a text, such as "http://127.0.0.1:3000/"',
            found=f"{type(url).__module__}.{type(url).__name__}",
            hint="a page that is open already is listened to: `harness.listen(page)`",
        )
    options, clock = options or CallOptions(), clock or MonotonicClock()
    if redirect is not None:
        options = replace(options, redirect=redirect)
    if protocol is not None:
        options = replace(options, protocol=protocol)
    if context is not None:
        options = replace(options, conversation=context)
    if record is not None:
        options = replace(options, record=record)
    tools = real_tools(recogniser, synthesiser, ears)
    async with (
        _server_for(options, server) as answering,
        _open(url, answering, out, chromium, options, clock, tools) as call,
    ):
        yield call


@asynccontextmanager
async def open_page(
    url: str, *, out: StrPath | None = None, options: CallOptions | None = None
) -> AsyncIterator[BrowserCall]:
    """Open a page and watch it; whether and when it calls is up to it and to its user.

    Args:
        url: the page.
        out: as for `open_call`.
        options: as for `open_call`.

    Raises:
        UsageError: a redirect, or a network, that cannot be.
        BrowserError, ServerError: no browser, or no page there.
    """
    options, clock = options or CallOptions(), MonotonicClock()
    tools = real_tools(None, None, ())
    async with (
        _server_for(options, None) as answering,
        _open(url, answering, out, None, options, clock, tools, waits=False) as call,
    ):
        yield call


def _tracing(
    options: CallOptions, server: ServerAddress | None, out: StrPath | None
) -> PlaywrightTracing | None:
    if not options.playwright_trace or out is None:
        return None
    return PlaywrightTracing(
        Path(out) / PLAYWRIGHT_TRACE,
        options.name,
        Masker({server.api_key} if server else set()),
        lambda: options.hidden | options.hidden_later(),
        pictures=not options.hidden,
    )


@asynccontextmanager
async def _server_for(
    options: CallOptions, server: ServerAddress | None
) -> AsyncIterator[ServerAddress | None]:
    """The server that was given; one of its own for a redirected call without."""
    if server is not None or options.redirect is None:
        yield server
        return
    read_redirect(options.redirect)  # a mistake in it is told before anything starts
    async with start_server(accept_any_key=True) as started:
        yield started


@asynccontextmanager
async def _open(
    url: str | None,
    server: ServerAddress | None,
    out: StrPath | None,
    chromium: Chromium | None,
    options: CallOptions,
    clock: Clock,
    tools: SpeechTools,
    *,
    waits: bool = True,
) -> AsyncIterator[BrowserCall]:
    line = open_page_line(
        url,
        server,
        session=options.session,
        start=options.start,
        camera=options.camera,
        autoplay=options.autoplay,
        requests=options.requests,
        microphone=options.microphone,
        context=options.context,
        login=options.login,
        dialogs=options.dialogs,
        redirect=options.redirect,
        network=None if options.network is None else read_wish(options.network),
        agent=AgentConnections(options.agent),
        tracing=_tracing(options, server, out),
        chromium=chromium,
        headless=options.headless,
        out=Path(out) if out else None,
        clock=clock,
    )
    info = CallInfo(
        engine="browser",
        page=url or "realtime",
        server=server.url if server else None,
        secrets=[server.api_key] if server else [],
    )
    async with open_on_line(
        BrowserCall, line, info, tools, out=out, options=options, clock=clock, waits=waits
    ) as call:
        yield call
