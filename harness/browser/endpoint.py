"""The DevTools endpoint of a Chromium that somebody else runs, and DevTools' name of its page."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.request import ProxyHandler, build_opener

from playwright.async_api import Error as PlaywrightError

from harness.browser.driver import first_line
from harness.browser.flags import ENDPOINT
from harness.browser.probe_settings import ProbeSettings
from harness.errors import BrowserError, UsageError

if TYPE_CHECKING:
    from playwright import async_api, sync_api

ASKED_WITHIN_S = 5.0

_OTHER = {"async": "sync", "sync": "async"}
_WAY = {
    "async": "`with harness.sync_api.listen(page)`",
    "sync": "`async with harness.listen(page)`",
}

_COMMAND_LINE, _TARGET = "SystemInfo.getInfo", "Target.getTargetInfo"


@dataclass(frozen=True, slots=True)
class PageAddress:
    """A page of a running Chromium, as anybody on this machine can reach it."""

    devtools_url: str
    """``ws://127.0.0.1:…``; who has it has the browser."""

    target_id: str
    """DevTools' name of the page."""

    url: str
    """What it shows."""

    context_id: str = ""
    """DevTools' name of its context."""

    whole_context: bool = False
    """Every page of the context is meant, and not this one and the windows that it opens."""

    probe: ProbeSettings | None = field(default=None, repr=False)
    """Of the probe that Playwright puts into windows as they open; absent where it puts none."""


async def address_of(page: async_api.Page | async_api.BrowserContext) -> PageAddress:
    """Where one of Playwright's pages is, or the pages of a context, whatever opened its browser.

    Raises:
        UsageError: it is none of Playwright's asynchronous pages or contexts, a context without a
            page, or none of a Chromium.
        BrowserError: its browser has no DevTools endpoint that can be reached from here.
    """
    _check_kind(page, "async")
    context: Any = page if _is_context(page) else page.context  # type: ignore[union-attr]
    browser = _check_browser(context)
    first = _first_page(page)
    with _in_our_words():
        session = await context.new_cdp_session(first)
        target = await session.send(_TARGET)
        await session.detach()
        root = await browser.new_browser_cdp_session()
        info = await root.send(_COMMAND_LINE)
        await root.detach()
    # It may ask over HTTP.
    return await asyncio.to_thread(_address, info, target, first.url, _is_context(page))


def address_of_sync(page: sync_api.Page | sync_api.BrowserContext) -> PageAddress:
    """The same for Playwright's synchronous pages and contexts."""
    _check_kind(page, "sync")
    context: Any = page if _is_context(page) else page.context  # type: ignore[union-attr]
    browser = _check_browser(context)
    first = _first_page(page)
    with _in_our_words():
        session = context.new_cdp_session(first)
        target = session.send(_TARGET)
        session.detach()
        root = browser.new_browser_cdp_session()
        info = root.send(_COMMAND_LINE)
        root.detach()
    return _address(info, target, first.url, _is_context(page))


def endpoint_in(profile: Path) -> str:
    """The endpoint of the Chromium that runs on a profile folder: it writes it there.

    Raises:
        OSError, ValueError: it has none.
    """
    port, path = (profile / "DevToolsActivePort").read_text(encoding="ascii").split()
    return f"ws://127.0.0.1:{port}{path}"


def profile_of(command_line: str) -> Path | None:
    """The profile folder that a Chromium's command line names."""
    # Chromium does not quote: a folder's name may hold blanks, and ends before the next option.
    _, _, named = command_line.partition("--user-data-dir=")
    if not named:
        return None
    parts = named.split(" --")
    folders = [Path(" --".join(parts[: i + 1])) for i in range(len(parts))]
    return next((folder for folder in folders if folder.is_dir()), folders[0])


def _address(
    info: Mapping[str, Any], target: Mapping[str, Any], url: str, whole_context: bool
) -> PageAddress:
    devtools_url, told = _endpoint(str(info["commandLine"])), target["targetInfo"]
    context_id = str(told.get("browserContextId", ""))
    return PageAddress(devtools_url, str(told["targetId"]), url, context_id, whole_context)


def _endpoint(command_line: str) -> str:
    port = re.search(r"--remote-debugging-port=(\d+)", command_line)
    if port is None:
        raise _unreachable(f"a browser that was started without {ENDPOINT}")
    try:
        if port.group(1) != "0":
            return _ask(int(port.group(1)))
        profile = profile_of(command_line)
        return endpoint_in(profile or Path())
    except (OSError, ValueError, KeyError) as error:
        raise _unreachable(f"no answer of its endpoint ({error})") from error


def _ask(port: int) -> str:
    """A Chromium on a known port says its endpoint itself."""
    opener = build_opener(ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/json/version", timeout=ASKED_WITHIN_S) as answer:
        return str(json.load(answer)["webSocketDebuggerUrl"])


def _is_context(page: object) -> bool:
    return type(page).__name__ == "BrowserContext"


def _first_page(page: Any) -> Any:
    """The page itself, or the first one of a context."""
    if not _is_context(page):
        return page
    if not page.pages:
        raise UsageError(
            "The context has no page yet, so nobody can say which of the browser's it is.",
            expected="a context with a page in it, an empty one will do",
            found="none",
            hint="open one first: page = context.new_page()",
        )
    return page.pages[0]


def _check_kind(page: object, colour: Literal["async", "sync"]) -> None:
    found = f"{type(page).__module__}.{type(page).__name__}"
    if type(page).__module__.startswith(f"playwright.{_OTHER[colour]}_api"):
        raise UsageError(
            "Playwright's pages have two colours, and this one is of the other.",
            expected=f"a page of playwright.{colour}_api",
            found=found,
            hint=f"use {_WAY[colour]}",
        )
    if not _is_page(page) and not _is_context(page):
        if inspect.iscoroutine(page):
            page.close()  # or it would be told, too, that nobody awaited it
        raise UsageError(
            "Only a page or a context can be listened to.",
            expected=f"a Page or a BrowserContext of playwright.{colour}_api",
            found=found,
            hint=_way_to_a_page(page),
        )


def _is_page(page: object) -> bool:
    return type(page).__name__ == "Page" and hasattr(page, "context")


def _way_to_a_page(given: object) -> str:
    """What to give in place of this."""
    if inspect.iscoroutine(given):
        return "write `await` in front of what gives the page"
    if isinstance(given, str):
        return "an address is opened by `open_call(url)`; listening is for pages that are open"
    if _is_page(getattr(given, "page", None)):  # a locator, a frame, a page object of the suite
        return f"give its page: `listen({type(given).__name__.lower()}.page)`"
    return "give the page that calls; or its context, for every page and popup in it"


def _check_browser(context: Any) -> Any:
    """The context's browser, if it is a Chromium."""
    browser = context.browser
    name = browser.browser_type.name if browser is not None else "a browser without a name"
    if name != "chromium":
        raise UsageError(
            "There is no virtual microphone for this browser.",
            expected="a page in Chromium, Chrome or Edge",
            found=name,
            hint="run these tests in Chromium: the probe speaks DevTools, which others do not",
        )
    return browser


def _unreachable(found: str) -> BrowserError:
    return BrowserError(
        "The page's browser cannot be reached beside Playwright.",
        expected="a DevTools endpoint on this machine",
        found=found,
        hint=f'launch it with args=["{ENDPOINT}"], or with '
        "**harness.launch_options(); in pytest the fixture `voice` sees to it",
    )


@contextlib.contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except PlaywrightError as error:
        raise BrowserError(
            "The page cannot be asked where it is.",
            expected="an open page",
            found="a page that is closed" if _says_closed(error) else first_line(error),
            hint="listen before the page is closed, and while its browser is open",
        ) from error


def _says_closed(error: PlaywrightError) -> bool:
    """A page that has just been closed may be an object that Playwright does not know by now."""
    return any(sign in error.message for sign in ("no object with guid", "has been closed"))
