"""The page of an inspection: in a browser of its own, or in a tab of one that runs already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, Playwright
from playwright.async_api import Error as PlaywrightError

from harness.browser.driver import first_line, run_playwright
from harness.browser.page_errors import page_error
from harness.call.call import Call
from harness.call.opening import CallOptions
from harness.codegen.session import Microphone, kind_of, person_page
from harness.engines.browser.attach import attach
from harness.engines.browser.open import open_page
from harness.engines.browser.page_user import GoTo, PageUser
from harness.errors import BrowserError
from harness.speech.tools import real_tools

CONNECTS_WITHIN_S = 10.0
LOADS_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page that is watched."""

    call: Call
    page: Page
    goto: GoTo
    """Opens an address in it, within so many seconds."""


@asynccontextmanager
async def opened_page(
    url: str,
    port: int | None,
    out: Path,
    options: CallOptions,
    microphone: Microphone = "virtual",
) -> AsyncIterator[OpenedPage]:
    """Open a page and watch it; whether and when it calls is up to it and to its user.

    Args:
        url: the page.
        port: of a browser that runs already, on this machine; its tab with this address is loaded
            again, else a new one is opened. It stays as it is then. None: a browser of its own.
        out: folder for trace and recording.
        options: of the call.
        microphone: "virtual" says what is typed, "own" is the machine's.

    Raises:
        BrowserError: no browser, or none that answers at this port.
        UsageError: a redirect, or a network, that cannot be.
        ServerError: no page there.
    """
    if port is None and microphone == "virtual":
        async with open_page(url, out=out, options=options) as call:
            yield OpenedPage(call, call.page.page, call.page.goto)
        return
    tools, kind = real_tools(None, None, ()), kind_of(microphone)
    async with _page_for_person(url, port, headless=options.headless) as page:
        if options.context.get("ignore_https_errors"):
            # For this page alone, and for as long as it is watched: the context is its user's.
            session = await page.context.new_cdp_session(page)
            await session.send("Security.setIgnoreCertificateErrors", {"ignore": True})
        watching = attach(page, options, tools, out=out, microphone=kind, goes_to=url)
        async with watching as attached:

            async def goto(address: str, within_s: float) -> None:
                try:
                    await page.goto(address, wait_until="domcontentloaded", timeout=within_s * 1000)
                except PlaywrightError as error:
                    raise page_error(error, address) from error

            await goto(url, LOADS_WITHIN_S)
            user = PageUser(page, goto, lambda fact: attached.recorder.note(fact, attached.now_s))
            for step in options.start:
                await user.act(step)
            yield OpenedPage(attached, page, goto)


@asynccontextmanager
async def _page_for_person(url: str, port: int | None, *, headless: bool) -> AsyncIterator[Page]:
    """A tab of the browser at a port; where there is none, one that its user speaks into."""
    if port is None:
        async with person_page(microphone="own", headless=headless) as page:
            yield page
        return
    async with run_playwright() as playwright:
        browser = await _connected(playwright, port)
        yield await _tab(browser.contexts[0], url)


async def _connected(playwright: Playwright, port: int) -> Browser:
    address = f"http://127.0.0.1:{port}"
    try:
        return await playwright.chromium.connect_over_cdp(address, timeout=CONNECTS_WITHIN_S * 1000)
    except PlaywrightError as error:
        raise BrowserError(
            f"No browser answers DevTools at port {port}.",
            expected=f"a Chrome that was started with --remote-debugging-port={port}",
            found=first_line(error),
            hint="Chrome opens that port only with a profile folder of its own as well, "
            "--user-data-dir=FOLDER; one that runs already must be closed first",
        ) from error


async def _tab(context: BrowserContext, url: str) -> Page:
    """The tab that shows an address, emptied: the probe comes before a page's first script."""
    for page in context.pages:
        if _same(page.url, url):
            with suppress(PlaywrightError):  # a page that asks before it is left
                await page.goto("about:blank")
            return page
    return await context.new_page()


def _same(shown: str, asked: str) -> bool:
    return shown.partition("#")[0].rstrip("/") == asked.partition("#")[0].rstrip("/")
