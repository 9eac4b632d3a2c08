"""Playwright's synchronous pages: where they are, and how they go on while we wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.browser.endpoint import PageAddress
from harness.call.opening import CallOptions
from harness.engines.browser.playwright_pages import prepared_sync
from harness.sync_api.loop import Meanwhile

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from harness.network.wish import Network

STEP_MS = 10
"""How long Playwright works off what has come for the test, between two looks at our answer."""


@contextmanager
def address_and_meanwhile(
    page: Page | BrowserContext, options: CallOptions | None, network: Network | None = None
) -> Iterator[tuple[PageAddress, Meanwhile]]:
    """Where a page or context is, and what keeps its routes, dialogs and events going meanwhile.

    Playwright's synchronous objects call the test's handlers only while the test is inside one of
    their methods: a request that waits for `page.route` would wait for us, and we for it.
    """
    if network is not None:
        options = replace(options or CallOptions(), network=network)
    with prepared_sync(page, options) as address:
        yield address, lambda: _go_on(page)


def _go_on(page: Any) -> None:
    """Give Playwright a moment; where the page is gone already, another of its context does."""
    context = page if hasattr(page, "pages") else page.context
    alive = [one for one in (page, *context.pages) if hasattr(one, "is_closed")]
    open_one = next((one for one in alive if not one.is_closed()), None)
    if open_one is not None:
        open_one.wait_for_timeout(STEP_MS)
