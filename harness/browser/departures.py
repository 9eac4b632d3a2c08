"""Departures of documents that held a call: what follows shows how they went.

A page that is closed says the same as one that goes elsewhere, or as a frame that is taken out: its
document is unloaded. What the browser tells next is what tells them apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from harness.browser.page_errors import closed
from harness.errors import PageClosed

SHOWS_WITHIN_S = 1.0
"""The browser tells it in some milliseconds; a call that is lost is not left unsaid for longer."""

WENT = "it navigated away, or its frame was removed"
SHOWN_BY = {
    "Page.frameNavigated": WENT,
    "Page.frameDetached": WENT,
    "page.loaded": WENT,
    "Target.detachedFromTarget": "the page was closed",
}
"""How it went, by what follows: an event of DevTools, or the first word of another document."""


class Departures:
    """Tells how documents went whose call was up.

    Args:
        told: gets the error of each.
    """

    def __init__(self, told: Callable[[PageClosed], None]) -> None:
        self._told = told
        self._open: dict[str, asyncio.TimerHandle] = {}

    def on_call_lost(self, window: str) -> None:
        """A document of a page is gone, and its call with it."""
        if window not in self._open:
            loop = asyncio.get_running_loop()
            self._open[window] = loop.call_later(SHOWS_WITHIN_S, self._tell, window, WENT)

    def on_event(self, window: str, name: str) -> None:
        """Something happened in a page; see `SHOWN_BY`."""
        if window in self._open and name in SHOWN_BY:
            self._tell(window, SHOWN_BY[name])

    def close(self) -> None:
        """Nothing is told any more. Safe to call again."""
        for timer in self._open.values():
            timer.cancel()
        self._open.clear()

    def _tell(self, window: str, how: str) -> None:
        self._open.pop(window).cancel()
        self._told(closed(how))
