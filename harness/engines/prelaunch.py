"""A server's process and a Chromium that come up while we are still imported and read scenarios.

Each takes about as long as all our imports. Nobody knows yet whether they will be needed: who
leaves the block without having used them ends them, whatever they were doing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from harness.errors import HarnessError
from harness.server.process.child import end_unused, spawn

if TYPE_CHECKING:
    from harness.browser.launch import Chromium


class Ahead:
    """What was begun; made by `begun_ahead`."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._launch: asyncio.Task[Chromium] | None = None
        self._browser = AsyncExitStack()

    async def begin_server(self) -> None:
        """Spawn a process for the local server. Where that fails, whoever needs it will say so."""
        try:
            self._process = await spawn()
        except HarnessError:
            self._process = None

    def begin_browser(self, *, headless: bool) -> None:
        """Import Playwright, and start a Chromium in the background."""
        from harness.browser.launch import open_chromium

        opening = self._browser.enter_async_context(open_chromium(headless=headless))
        self._launch = asyncio.create_task(opening)

    def take_process(self) -> asyncio.subprocess.Process | None:
        """Give the server's process away, if there is one: it is the taker's to end."""
        process, self._process = self._process, None
        return process

    @asynccontextmanager
    async def chromium(self) -> AsyncIterator[Chromium]:
        """The Chromium, once it is up; leaving the block ends it.

        Raises:
            ChromiumMissing, LaunchError: as `open_chromium`.
        """
        assert self._launch is not None
        try:
            yield await self._launch
        finally:
            await self.aclose_browser()

    @asynccontextmanager
    async def chromium_if_begun(self) -> AsyncIterator[Chromium | None]:
        """As `chromium`; None where none was begun."""
        if self._launch is None:
            yield None
            return
        async with self.chromium() as chromium:
            yield chromium

    async def aclose_browser(self) -> None:
        """End the Chromium, also one that is still coming up. Safe to call again."""
        if self._launch is not None:
            self._launch.cancel()  # nothing, if it is up
            await asyncio.wait([self._launch])
            if not self._launch.cancelled():
                self._launch.exception()  # told to whoever needed it, if anybody did
        await self._browser.aclose()

    async def aclose_server(self) -> None:
        """End the server's process, unless it was given away."""
        process = self.take_process()
        if process is not None:
            await end_unused(process)


@asynccontextmanager
async def begun_ahead(*, server: bool, browser: bool, headless: bool) -> AsyncIterator[Ahead]:
    """Begin what is likely to be needed; leaving the block ends what is left of it.

    Args:
        server: begin the local server.
        browser: begin Chromium.
        headless: without a window.
    """
    ahead = Ahead()
    try:
        if server:
            await ahead.begin_server()
        if browser:
            ahead.begin_browser(headless=headless)
        yield ahead
    finally:
        try:
            await ahead.aclose_server()
        finally:
            await ahead.aclose_browser()
