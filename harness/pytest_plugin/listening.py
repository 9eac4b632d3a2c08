"""Calls of pages that a test opened by itself: the fixtures `voice` and `async_voice`."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.blocks import async_block, sync_block
from harness.pytest_plugin.artifacts import first_line
from harness.pytest_plugin.begun import Ledger
from harness.pytest_plugin.option_names import check_option_names
from harness.pytest_plugin.shared_engines import Engines, SyncEngines, check_browsers

if TYPE_CHECKING:
    from playwright import async_api, sync_api

    from harness.call.opening import CallOptions
    from harness.engines.browser.attach import AttachedCall
    from harness.server.process.launch import RunningServer
    from harness.sync_api import AttachedCall as SyncAttachedCall


class _Listening:
    """What both colours have: a folder for each call, and what the test is called."""

    def __init__(self, folder: Path, title: str, ledger: Ledger) -> None:
        self.folders: list[Path] = []
        """One for each call, in their order; each has a trace."""
        self._folder = folder
        self._title = title
        self._ledger = ledger
        self._has_a_script = False

    def _next(self, options: Mapping[str, Any], callers: Any) -> tuple[Path, CallOptions]:
        from harness.call.opening import CallOptions

        check_option_names("`listen` of this fixture", options, {"server"})
        self._ledger.listened = True
        name = "call" if not self.folders else f"call-{len(self.folders) + 1}"
        self.folders.append(self._folder / name)
        return self.folders[-1], CallOptions(**{"name": name, "callers": callers, **options})


class Voice(_Listening):
    """Listens to Playwright's synchronous pages. Made by the fixture `voice`."""

    def __init__(self, engines: SyncEngines, folder: Path, title: str, ledger: Ledger) -> None:
        super().__init__(folder, title, ledger)
        self._engines = engines

    @property
    def server(self) -> RunningServer:
        """The local Realtime server of the session: ``url``, ``page_url``, ``api_key``."""
        return self._engines.server()

    def set_script(self, script: Mapping[str, Any]) -> None:
        """Say what the server's assistant answers in this test from now on, as in a scenario."""
        from harness.client.server_api import set_script
        from harness.sync_api.loop import running

        self._has_a_script = True
        with running() as runner:
            runner.run(set_script(self.server, dict(script)))

    def end(self) -> None:
        """The test is over: the next one has the server as it was, alone or behind this one."""
        from harness.errors import ServerError

        if self._has_a_script:
            with contextlib.suppress(ServerError):  # one that is gone has no script
                self.set_script({})

    @sync_block(other="async_voice.listen")
    def listen(
        self, page: sync_api.Page | sync_api.BrowserContext, **options: Any
    ) -> Iterator[SyncAttachedCall]:
        """Listen to a page that is open and has not called yet, for the length of the block.

        Args:
            page: of pytest-playwright, or any that Playwright's synchronous API opened; its
                context, for every page in it.
            options: as `CallOptions` takes them. With ``redirect``, the session's server answers,
                or the one that is given as ``server``.

        Raises:
            UsageError: no page of a Chromium, one in a call, or one that is listened to.
            BrowserError: its browser cannot be reached, with the way to launch it.
        """
        from harness.sync_api import listen

        server = options.pop("server", None)
        if server is None and options.get("redirect") is not None:
            server = self.server
        out, call_options = self._next(options, self._engines.callers)
        with listen(page, out=out, options=call_options, server=server) as call:
            try:
                yield call
            except BaseException as error:
                call.note_verdict(self._title, first_line(error))
                raise
            call.note_verdict(self._title, None)


class AsyncVoice(_Listening):
    """Listens to Playwright's asynchronous pages. Made by the fixture `async_voice`."""

    def __init__(self, engines: Engines, folder: Path, title: str, ledger: Ledger) -> None:
        super().__init__(folder, title, ledger)
        self._engines = engines

    async def server(self) -> RunningServer:
        """The local Realtime server of the session: ``url``, ``page_url``, ``api_key``."""
        return await self._engines.server()

    async def set_script(self, script: Mapping[str, Any]) -> None:
        """Say what the server's assistant answers in this test from now on, as in a scenario."""
        from harness.client.server_api import set_script

        self._has_a_script = True
        await set_script(await self.server(), dict(script))

    async def end(self) -> None:
        """The test is over: the next one has the server as it was, alone or behind this one."""
        from harness.errors import ServerError

        if self._has_a_script:
            with contextlib.suppress(ServerError):  # one that is gone has no script
                await self.set_script({})

    @async_block(other="voice.listen")
    async def listen(
        self, page: async_api.Page | async_api.BrowserContext, **options: Any
    ) -> AsyncIterator[AttachedCall]:
        """Listen to a page that is open and has not called yet, for the length of the block.

        Args:
            page: any that Playwright's asynchronous API opened; its context, for every page in it.
            options: as `CallOptions` takes them. With ``redirect``, the session's server answers,
                or the one that is given as ``server``.

        Raises:
            UsageError: no page of a Chromium, one in a call, or one that is listened to.
            BrowserError: its browser cannot be reached, with the way to launch it.
        """
        from harness.engines.browser.attach import listen

        server = options.pop("server", None)
        if server is None and options.get("redirect") is not None:
            server = await self.server()
        out, call_options = self._next(options, self._engines.callers)
        async with listen(page, out=out, options=call_options, server=server) as call:
            try:
                yield call
                call.uses.check_awaited()
            except BaseException as error:
                call.note_verdict(self._title, first_line(error))
                raise
            call.note_verdict(self._title, None)


def prepare_launch(options: MutableMapping[str, Any], browsers: Sequence[str]) -> None:
    """Add to Playwright's launch options what listening needs; what is there stays.

    Args:
        options: of ``browser_type.launch``; changed in place.
        browsers: as given by ``--browser``.

    Raises:
        pytest.UsageError: one of them is no Chromium.
        ChromiumMissing: no Chromium was found.
    """
    check_browsers(browsers)
    from harness.browser.flags import with_flags
    from harness.browser.launch import launch_options

    ours = launch_options()
    options["args"] = with_flags(options.get("args") or (), ours["args"])
    if not options.get("channel"):
        options.setdefault("executable_path", ours["executable_path"])
