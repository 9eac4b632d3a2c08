"""Pause of a page's scripts, where they stand; as a debugger does it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from harness.errors import PageClosed

ENDS_WITHIN_S = 2.0


class PagePause:
    """Holds the scripts of a page, and lets them go on.

    Sound and network go on meanwhile: they are not the scripts'.

    Args:
        session: of DevTools, to the page.
        told: gets the place where the scripts stand, as soon as they do.
    """

    def __init__(self, session: CDPSession, told: Callable[[str], None]) -> None:
        self._session = session
        self._told = told
        self._asked = False
        self.is_paused = False
        """Whether the scripts stand."""

        session.on("Debugger.paused", self._on_paused)
        session.on("Debugger.resumed", self._on_resumed)

    @classmethod
    async def of(cls, page: Page, told: Callable[[str], None]) -> PagePause:
        """Get ready; the page runs.

        Raises:
            PageClosed: it is gone.
        """
        try:
            session = await page.context.new_cdp_session(page)
            pause = cls(session, told)
            await session.send("Debugger.enable")
        except PlaywrightError as error:
            raise PageClosed("The page went away.", found=error.message) from error
        return pause

    async def pause(self) -> None:
        """Hold the scripts at the next thing that they do."""
        if not (self._asked or self.is_paused):
            self._asked = True
            with contextlib.suppress(PlaywrightError):  # the page is gone: nothing to hold
                await self._session.send("Debugger.pause")

    async def go_on(self) -> bool:
        """Let the scripts go on; whether they stood."""
        was_paused = self.is_paused
        with contextlib.suppress(PlaywrightError):
            if was_paused:
                await self._session.send("Debugger.resume")
            elif self._asked:  # they did nothing since, and need not be held any more
                await self._session.send("Debugger.disable")
                await self._session.send("Debugger.enable")
        self._asked = False
        return was_paused

    async def aclose(self) -> None:
        """Let go of the page."""
        await self.go_on()
        with contextlib.suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(ENDS_WITHIN_S):
                await self._session.detach()

    def _on_paused(self, event: Mapping[str, Any]) -> None:
        self._asked, self.is_paused = False, True
        self._told(_place(event))

    def _on_resumed(self, _: Mapping[str, Any]) -> None:
        self.is_paused = False


def _place(event: Mapping[str, Any]) -> str:
    """As "http://127.0.0.1/call.js:12:5 in answer"."""
    frames = event.get("callFrames") or [{}]
    location = frames[0].get("location") or {}
    line, column = location.get("lineNumber", 0) + 1, location.get("columnNumber", 0) + 1
    name = frames[0].get("functionName")
    where = f"{frames[0].get('url') or 'a script'}:{line}:{column}"
    return f"{where} in {name}" if name else where
