"""Errors of pages: what Playwright says of loading one, in our words, and what ends a call."""

from __future__ import annotations

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from harness.errors import (
    BrowserError,
    HarnessError,
    PageClosed,
    PageCrashed,
    PageHung,
    ProbeBroken,
    ServerUnreachable,
)
from harness.redact import shown, shown_within

_UNREACHABLE = (
    "ERR_CONNECTION_",
    "ERR_NAME_NOT_RESOLVED",
    "ERR_ADDRESS_",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_EMPTY_RESPONSE",
    "ERR_UNSAFE_PORT",
)
_CERTIFICATE = ("ERR_CERT_", "ERR_SSL_", "ERR_BAD_SSL_", "ERR_CERTIFICATE_")
_NO_TLS = ("ERR_SSL_PROTOCOL_ERROR", "ERR_SSL_VERSION_OR_CIPHER_MISMATCH")


def page_error(error: PlaywrightError, url: str) -> HarnessError:
    """Our error for what Playwright says when a page cannot be loaded; it lets nobody in."""
    text = shown_within(error.message.splitlines()[0]) if error.message else "no message"
    url = shown(url)
    if any(part in text for part in _NO_TLS):
        return ServerUnreachable(
            "The page's server does not speak https as the browser does.",
            expected=f"a page at {url}",
            found=text,
            hint="a server that speaks plain http is called with http://",
        )
    if any(part in text for part in _CERTIFICATE):
        return ServerUnreachable(
            "The browser does not trust the certificate of the page's server.",
            expected=f"a page at {url} with a certificate that somebody vouches for",
            found=text,
            hint="let it be accepted: `page: {ignore_https_errors: true}` in the scenario, "
            "`harness inspect --ignore-https-errors`, "
            "`CallOptions(context={'ignore_https_errors': True})` in Python",
        )
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


def hung(within_s: float) -> PageHung:
    """The page's main thread does not come back."""
    return PageHung(
        "The page does not answer any more: its own script lets nothing else run.",
        expected=f"its main thread to be free within {within_s:g} s",
        found="it is busy, or held by a dialog or a debugger",
        hint="look for a loop that does not end, or for work that belongs into a worker",
    )


def crashed() -> PageCrashed:
    """The error of a page whose renderer died."""
    return PageCrashed(
        "The page crashed: its renderer process died.",
        expected="a page that lives through the call",
        found="a crash",
        hint="look for lack of memory, or run again with --headed to watch it",
    )


def closed(found: str) -> PageClosed:
    """The error of a page that went away; `found` is how, in words."""
    return PageClosed(
        "The page went away during the call.",
        expected="a page that stays open until the call has ended",
        found=found,
    )


def probe_broken(what: str) -> ProbeBroken:
    """The error of a page that replaced what the probe needs: `what`, as a script names it."""
    return ProbeBroken(
        "The page broke the harness's part of it, so nothing is said of this call.",
        expected=f"{what} to do what the language says, whoever wrote it",
        found="the page replaced it by a function that fails or gives something else",
        hint=f"look for a script that assigns {what}, and load the page without it",
    )


def deaf(why: str) -> ProbeBroken:
    """The error of a track that cannot be listened to; `why` is in the page's words."""
    return ProbeBroken(
        "The harness cannot hear a track that the page received, so nothing is said of this call.",
        expected="an audio graph that takes a remote track, as the browser's own does",
        found=why,
        hint="look for a script that replaces a part of AudioContext or MediaStream, and load the "
        "page without it",
    )
