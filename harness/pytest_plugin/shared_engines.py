"""One server and one browser for all voice tests of a session."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from harness.pytest_plugin.artifacts import PluginOptions
from harness.pytest_plugin.suite_settings import launch_args

if TYPE_CHECKING:
    from harness.browser.launch import Chromium
    from harness.call.callers import Callers
    from harness.server.process.launch import RunningServer

CHANNELS = {
    "chromium": ("chromium",),
    "chrome": ("google-chrome", "google-chrome-stable"),
    "chrome-beta": ("google-chrome-beta",),
    "msedge": ("microsoft-edge", "microsoft-edge-stable"),
}


class Engines:
    """One server and one browser for the session, each started when first asked for."""

    def __init__(self, stack: AsyncExitStack, playwright_options: PluginOptions) -> None:
        self._stack = stack
        self.playwright_options = playwright_options
        self._server: RunningServer | None = None
        self._chromiums: dict[str, Chromium] = {}
        self._callers: Callers | None = None

    @property
    def callers(self) -> Callers:
        """The users of all calls of the session."""
        if self._callers is None:
            from harness.call.callers import Callers

            self._callers = Callers()
        return self._callers

    async def server(self) -> RunningServer:
        """The local server of the test session; started at its first use."""
        if self._server is None:
            from harness.server.process.launch import start_server

            self._server = await self._stack.enter_async_context(start_server())
        return self._server

    async def chromium(self, launch: Mapping[str, Any] | None = None) -> Chromium:
        """The Chromium of the test session; started at its first use, and anew where it is gone.

        Args:
            launch: how, as Playwright's ``launch`` takes it; one browser for each different way.
        """
        check_browsers(self.playwright_options.browsers)
        options = launch_args(self.playwright_options) if launch is None else launch
        way = repr(sorted(options.items()))
        known = self._chromiums.get(way)
        if known is None or not known.browser.is_connected():
            from harness.browser.launch import open_chromium

            given = {**options}
            channel = given.pop("channel", None)
            with pytest.MonkeyPatch.context() as patch:
                if channel and "executable_path" not in given:
                    patch.setenv("HARNESS_CHROMIUM", find_channel(channel))
                known = self._chromiums[way] = await self._stack.enter_async_context(
                    open_chromium(
                        headless=given.pop("headless", True) is not False,
                        slow_mo_ms=given.pop("slow_mo", 0) or 0,
                        args=given.pop("args", None) or (),
                        options=given,
                    )
                )
        return known


class SyncEngines:
    """The server of the session's synchronous tests, started when first asked for."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._server: RunningServer | None = None
        self._callers: Callers | None = None

    @property
    def callers(self) -> Callers:
        """The users of all calls of these tests."""
        if self._callers is None:
            from harness.call.callers import Callers

            self._callers = Callers()
        return self._callers

    def server(self) -> RunningServer:
        """The local Realtime server."""
        if self._server is None:
            from harness.sync_api import start_server

            self._server = self._stack.enter_context(start_server())
        return self._server


def check_browsers(names: Sequence[str]) -> None:
    """Refuse ``--browser`` with a browser in which nothing of ours works.

    Raises:
        pytest.UsageError: one of them is no Chromium.
    """
    others = [name for name in names if name != "chromium"]
    if others:
        raise pytest.UsageError(
            f"--browser {others[0]}: voice tests run in Chromium, Chrome and Edge. There is no "
            "virtual microphone for other browsers; run these tests without this option."
        )


def find_channel(channel: str) -> str:
    """The program of a browser channel, by its names on this system.

    Raises:
        pytest.UsageError: no such program is here.
    """
    for name in CHANNELS.get(channel, (channel,)):
        path = shutil.which(name)
        if path:
            return path
    raise pytest.UsageError(
        f"--browser-channel {channel}: no such browser here. Expected one of "
        f"{', '.join(CHANNELS)}, installed and on the PATH."
    )
