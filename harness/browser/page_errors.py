"""Playwright's errors about loading a page, in our words."""

from __future__ import annotations

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from harness.errors import BrowserError, HarnessError, PageClosed, PageCrashed, ServerUnreachable

_UNREACHABLE = (
    "ERR_CONNECTION_",
    "ERR_NAME_NOT_RESOLVED",
    "ERR_ADDRESS_",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_EMPTY_RESPONSE",
    "ERR_SSL_",
    "ERR_CERT_",
    "ERR_UNSAFE_PORT",
)


def page_error(error: PlaywrightError, url: str) -> HarnessError:
    """Our error for what Playwright says when a page cannot be loaded."""
    text = error.message.splitlines()[0] if error.message else "no message"
    if any(part in text for part in _UNREACHABLE):
        return ServerUnreachable(
            "The page's server does not answer.",
            expected=f"a page at {url}",
            found=text,
            hint="start the server, or correct the address",
        )
    if "crash" in text.lower():
        return PageCrashed("The page crashed while it loaded.", expected=url, found=text)
    if "closed" in text.lower():
        return PageClosed("The page was closed while it loaded.", expected=url, found=text)
    if isinstance(error, PlaywrightTimeout):
        return BrowserError("The page did not load in time.", expected=url, found=text)
    return BrowserError("The page could not be loaded.", expected=url, found=text)
