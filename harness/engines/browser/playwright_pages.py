"""Playwright's pages and contexts for as long as they are listened to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError

from harness.browser.early_probe import early_script
from harness.browser.endpoint import PageAddress, address_of, address_of_sync
from harness.browser.probe_settings import ProbeSettings

if TYPE_CHECKING:
    from playwright import async_api, sync_api

    from harness.call.opening import CallOptions


@asynccontextmanager
async def prepared(
    page: async_api.Page | async_api.BrowserContext, options: CallOptions | None
) -> AsyncIterator[PageAddress]:
    """Where a page or context is; its new windows have the probe from their first script on.

    Raises:
        UsageError, BrowserError: as `address_of`.
    """
    address, settings = await address_of(page), _settings(options)
    script = await _context(page).add_init_script(early_script(settings))
    try:
        yield replace(address, probe=settings)
    finally:
        if script is not None:  # older Playwrights keep a script for good
            with suppress(PlaywrightError):  # the context is gone
                await script.close()


@contextmanager
def prepared_sync(
    page: sync_api.Page | sync_api.BrowserContext, options: CallOptions | None
) -> Iterator[PageAddress]:
    """The same for Playwright's synchronous ones."""
    address, settings = address_of_sync(page), _settings(options)
    script = _context(page).add_init_script(early_script(settings))
    try:
        yield replace(address, probe=settings)
    finally:
        if script is not None:
            with suppress(PlaywrightError):
                script.close()


def _settings(options: CallOptions | None) -> ProbeSettings:
    if options is None:
        return ProbeSettings()
    return ProbeSettings(camera=options.camera, access=options.microphone)


def _context(page: Any) -> Any:
    return page if hasattr(page, "pages") else page.context
