"""One call of one test, with its own page: its folder, its recording browser, its end."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from harness.pytest_plugin.artifacts import TestFolder, WatchedBrowser

if TYPE_CHECKING:
    from harness.browser.launch import Chromium
    from harness.call.call import Call
    from harness.client.server_api import ServerAddress


class OpenedCall:
    """One call of one test: its folder, its recording browser, its end."""

    def __init__(
        self, folder: TestFolder, name: str, context: Mapping[str, Any] | None = None
    ) -> None:
        self.folder = folder.path / name
        self._name = name
        self._context = context
        self.playwright_options = folder.playwright_options
        self._stack = AsyncExitStack()
        self._browser: WatchedBrowser | None = None
        self._call: Call | None = None

    async def open(
        self,
        chromium: Chromium,
        url: str | None,
        server: ServerAddress | None,
        options: Mapping[str, Any],
    ) -> Call:
        from harness.engines.browser.open import CallOptions, open_call

        self.folder.mkdir(parents=True, exist_ok=True)
        browser = WatchedBrowser(
            chromium.browser, self.folder, self.playwright_options, self._name, self._context
        )
        self._browser = browser
        self._call = await self._stack.enter_async_context(
            open_call(
                url,
                server=server,
                out=self.folder,
                chromium=browser.watching(chromium),
                options=CallOptions(**{"name": self._name, **by_field(options)}),
            )
        )
        return self._call

    async def close(self, node_id: str, failure: str | None) -> None:
        """Note the test's verdict in the trace, then close the call and its page."""
        if self._call is not None:
            from harness.engines.browser.attach import note_verdict

            note_verdict(self._call, node_id, failure)
        if self._browser is not None:
            await self._browser.finish()
        await self._stack.aclose()


def by_field(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as `CallOptions` has them: a ``context`` is a conversation's, a mapping a browser's.

    Playwright's word for what a page lives in was there first.
    """
    given = dict(options)
    if not isinstance(given.get("context", {}), Mapping):
        given["conversation"] = given.pop("context")
    return given
