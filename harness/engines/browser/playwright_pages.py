"""Playwright's pages and contexts for as long as they are listened to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from playwright.async_api import Error as PlaywrightError

from harness.browser.early_probe import early_script
from harness.browser.endpoint import PageAddress, address_of, address_of_sync
from harness.browser.probe_settings import ProbeSettings
from harness.errors import UsageError

if TYPE_CHECKING:
    from playwright import async_api, sync_api

    from harness.call.opening import CallOptions
    from harness.network.relay_address import RelayAddress


@asynccontextmanager
async def prepared(
    page: async_api.Page | async_api.BrowserContext,
    options: CallOptions | None,
    relay: RelayAddress | None = None,
    microphone: Literal["virtual", "device"] = "virtual",
) -> AsyncIterator[PageAddress]:
    """Where a page or context is; its new windows have the probe from their first script on.

    Args:
        options: of the call.
        relay: stands between their peer connections and the remote peers, where given.
        microphone: ours, or the browser's own.

    Raises:
        UsageError, BrowserError: as `address_of`.
    """
    address, settings = await address_of(page), probe_settings(options, relay)
    settings = replace(settings, microphone=microphone)
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
    """The same for Playwright's synchronous ones; without the probe where they get a relay.

    Its address is not known before an event loop runs that holds it.
    """
    address, settings = address_of_sync(page), probe_settings(options)
    if options is not None and options.network is not None:
        yield address
        return
    script = _context(page).add_init_script(early_script(settings))
    try:
        yield replace(address, probe=settings)
    finally:
        if script is not None:
            with suppress(PlaywrightError):
                script.close()


def probe_settings(options: CallOptions | None, relay: RelayAddress | None = None) -> ProbeSettings:
    """How the probe behaves in a call with these options.

    Raises:
        UsageError: they want a sound device, which only a browser of the call's own gets.
    """
    if options is None:
        return ProbeSettings(relay=relay)
    if options.microphone == "device":
        raise UsageError(
            "A page of your own browser cannot be given a sound device.",
            expected="`microphone: device` with a page that the harness opens",
            found="a page that is open in a browser that runs already",
            hint="open it by harness.open_call(url, …), or leave `device` out",
        )
    return ProbeSettings(
        camera=options.camera,
        autoplay=options.autoplay,
        access=options.microphone,
        requests=options.requests,
        relay=relay,
    )


def _context(page: Any) -> Any:
    return page if hasattr(page, "pages") else page.context
