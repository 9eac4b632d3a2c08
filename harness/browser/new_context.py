"""A browser context as it is asked for: with Playwright's options, and two more."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.async_api import Browser, BrowserContext
from playwright.async_api import Error as PlaywrightError

from harness.browser.devices import known_devices
from harness.browser.driver import first_line
from harness.errors import UsageError

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
PROXIED_LOOPBACK = "<-loopback>"
"""As Chromium writes it in a list of what a proxy is not asked for."""


async def new_context(browser: Browser, wanted: Mapping[str, Any]) -> BrowserContext:
    """A new context.

    Args:
        wanted: options of Playwright's ``new_context``; also ``device``, a name of its list, and
            ``cookies``, as ``add_cookies`` takes them. A proxy is not asked for this machine.

    Raises:
        UsageError: no such device, or what Playwright cannot do.
    """
    options = dict(wanted)
    cookies = options.pop("cookies", None)
    if device := options.pop("device", None):
        found = await asyncio.to_thread(find_device, str(device))
        options = {**found, **options}
    if options.get("proxy"):
        options["proxy"] = with_direct_hosts(options["proxy"])
    context = None
    try:
        context = await browser.new_context(**options)
        if cookies:
            await context.add_cookies(cookies)
    except (PlaywrightError, TypeError) as error:
        if context is not None:
            await context.close()
        if not browser.is_connected():
            raise
        raise UsageError(
            "The page's browser context cannot be as it is asked for.",
            expected=f"options of Playwright: {', '.join(wanted)}",
            found=first_line(error),
            hint="look at what is given under page: in the scenario, or as CallOptions.context",
        ) from error
    return context


def find_device(name: str) -> dict[str, Any]:
    """What Playwright's list says of a device, as options of a context.

    Raises:
        UsageError: there is no such one; names the nearest.
        LaunchError: the list could not be read.
    """
    devices = known_devices()
    if name not in devices:
        raise UsageError(
            f"There is no device “{name}” in Playwright's list.",
            expected="a name as Playwright writes it, such as Pixel 7 or iPhone 15 landscape",
            found=name,
            hint=_nearest(name, devices),
        )
    return {key: value for key, value in devices[name].items() if key != "default_browser_type"}


def with_direct_hosts(proxy: Mapping[str, Any], direct: Sequence[str] = ()) -> dict[str, Any]:
    """A proxy's settings by which some hosts are asked directly.

    Playwright sends loopback addresses into a proxy; what is on this machine, such as the local
    server, is not to be found there. Whoever wants it all the same says ``bypass: <-loopback>``.
    """
    bypass = str(proxy.get("bypass") or "")
    hosts = [host.strip() for host in bypass.split(",") if host.strip()]
    wanted = [*(() if PROXIED_LOOPBACK in hosts else LOOPBACK), *direct]
    hosts += [host for host in wanted if host not in hosts]
    return {**proxy, "bypass": ",".join(hosts)}


def _nearest(name: str, devices: Mapping[str, Any]) -> str:
    known = {one.casefold(): one for one in devices}
    close = difflib.get_close_matches(name.casefold(), known, n=3, cutoff=0.5)
    if not close:
        return f"it knows {len(known)}; https://playwright.dev/python/docs/emulation#devices"
    return f"did you mean {' or '.join(known[one] for one in close)}?"
