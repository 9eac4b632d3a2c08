"""Playwright's errors in our words."""

from __future__ import annotations

import pytest
from playwright.async_api import Error, TimeoutError

from harness.browser.page_errors import page_error
from harness.errors import BrowserError, HarnessError, PageClosed, PageCrashed, ServerUnreachable

URL = "http://127.0.0.1:1/"


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        ("ERR_CERT_AUTHORITY_INVALID", "does not trust the certificate", "ignore_https_errors"),
        ("ERR_CERT_DATE_INVALID", "does not trust the certificate", "ignore_https_errors"),
        ("ERR_CERT_DATE_INVALID", "does not trust the certificate", "--ignore-https-errors"),
        ("ERR_SSL_PROTOCOL_ERROR", "does not speak https", "http://"),
    ],
)
def test_what_is_wrong_with_https_is_said_with_what_to_do(
    code: str, message: str, hint: str
) -> None:
    ours = page_error(Error(f"Page.goto: net::{code} at https://x"), URL)
    assert isinstance(ours, ServerUnreachable)
    assert message in ours.message
    assert hint in str(ours.hint)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Error("Page.goto: net::ERR_CONNECTION_REFUSED at http://x"), ServerUnreachable),
        (Error("Page.goto: net::ERR_NAME_NOT_RESOLVED at http://x"), ServerUnreachable),
        (Error("Page.goto: Page crashed"), PageCrashed),
        (Error("Page.goto: Target page, context or browser has been closed"), PageClosed),
        (TimeoutError("Page.goto: Timeout 30000ms exceeded.\nCall log:"), BrowserError),
        (Error("Page.goto: something new"), BrowserError),
    ],
)
def test_each_failure_has_its_error(error: Error, kind: type[HarnessError]) -> None:
    """The first line of Playwright's text is what was found."""
    ours = page_error(error, URL)
    assert type(ours) is kind
    assert ours.found == error.message.splitlines()[0]


@pytest.mark.parametrize("code", ["ERR_CERT_DATE_INVALID", "ERR_CONNECTION_REFUSED", "ERR_FAILED"])
def test_what_in_an_address_lets_somebody_in_is_not_told(code: str) -> None:
    url = "https://kim:window-seat@x/?token=t0p"
    ours = str(page_error(Error(f"Page.goto: net::{code} at {url}"), url))
    assert "https://x/" in ours
    assert "window-seat" not in ours
    assert "t0p" not in ours
