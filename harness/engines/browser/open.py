"""Open a call through a page: a browser, a page, a trace; and leave nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from harness.browser.launch import Chromium
from harness.call.opening import CallInfo, CallOptions, open_on_line
from harness.client.server_api import ServerAddress
from harness.clock import Clock, MonotonicClock
from harness.engines.browser.call import BrowserCall
from harness.engines.browser.line import open_page_line
from harness.errors import UsageError
from harness.speech.interface import Ear, Recogniser, Synthesiser
from harness.speech.tools import real_tools

__all__ = ["CallOptions", "open_call"]


@asynccontextmanager
async def open_call(
    url: str | None = None,
    *,
    server: ServerAddress | None = None,
    out: Path | str | None = None,
    chromium: Chromium | None = None,
    options: CallOptions | None = None,
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
        chromium: a running browser to share; one of its own where absent.

    Raises:
        UsageError: neither url nor server.
        BrowserError, NegotiationFailed, ServerError: the call did not come up; the trace up to
            that point is in ``out``.
    """
    if url is None and server is None:
        raise UsageError("Nothing to call: give a page's url, or a server for our own page.")
    options, clock = options or CallOptions(), clock or MonotonicClock()
    line = open_page_line(
        url,
        server,
        session=options.session,
        start=options.start,
        camera=options.camera,
        context=options.context,
        dialogs=options.dialogs,
        chromium=chromium,
        headless=options.headless,
        clock=clock,
    )
    info = CallInfo(
        engine="browser",
        page=url or "realtime",
        server=server.url if server else None,
        secrets=[server.api_key] if server else [],
    )
    tools = real_tools(recogniser, synthesiser, ears)
    async with open_on_line(
        BrowserCall, line, info, tools, out=out, options=options, clock=clock
    ) as call:
        yield call
