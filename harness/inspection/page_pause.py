"""Pause of a page's scripts, where they stand; as a debugger does it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from harness.errors import PageClosed
from harness.redact import shown

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

        self._addresses: dict[str, str] = {}
        session.on("Debugger.scriptParsed", self._on_script)
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
            with contextlib.suppress(PlaywrightError):  # an older Chromium stops in ours as well
                ours = {"patterns": [], "skipAnonymous": True}  # the probe has no address
                await session.send("Debugger.setBlackboxPatterns", ours)
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
            if was_paused or self._asked:
                await self._session.send("Debugger.resume")
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
        self._told(_place(event, self._addresses))

    def _on_script(self, event: Mapping[str, Any]) -> None:
        self._addresses[str(event.get("scriptId"))] = str(event.get("url") or "")

    def _on_resumed(self, _: Mapping[str, Any]) -> None:
        self.is_paused = False


def _place(event: Mapping[str, Any], addresses: Mapping[str, str]) -> str:
    """As "http://127.0.0.1/call.js:12:5 in answer"."""
    frames = event.get("callFrames") or [{}]
    location = frames[0].get("location") or {}
    line, column = location.get("lineNumber", 0) + 1, location.get("columnNumber", 0) + 1
    name = frames[0].get("functionName")
    address = addresses.get(str(location.get("scriptId")))
    where = f"{shown(address) if address else 'a script'}:{line}:{column}"
    return f"{where} in {name}" if name else where
