"""Playwright's synchronous pages: where they are, and how they go on while we wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.browser.endpoint import PageAddress, address_of_sync
from harness.sync_api.loop import Meanwhile

if TYPE_CHECKING:
    from playwright.sync_api import Page

STEP_MS = 10
"""How long Playwright works off what has come for the test, between two looks at our answer."""


def address_and_meanwhile(page: Page) -> tuple[PageAddress, Meanwhile]:
    """Where a page is, and what keeps its routes, dialogs and events going while we wait.

    Playwright's synchronous objects call the test's handlers only while the test is inside one of
    their methods: a request that waits for `page.route` would wait for us, and we for it.
    """
    return address_of_sync(page), lambda: page.wait_for_timeout(STEP_MS)
