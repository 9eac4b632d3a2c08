"""Addresses of pages and servers as they were typed: refused before anything starts for them."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.engines.servers import HOSTED
from harness.errors import UsageError
from harness.redact import shown

PAGES = frozenset({"http", "https", "file", "data", "about", "blob", "chrome-extension"})
"""Schemes of what Chromium opens as a page."""

SERVERS = frozenset({"http", "https"})


def check_page(url: str | None) -> None:
    """See that a page can be at an address.

    Raises:
        UsageError: it is none.
    """
    if url is not None and urlsplit(url).scheme not in PAGES:
        raise UsageError(
            "This is no address of a page.",
            expected="http://…, https://… or file://…",
            found=shown(url),
            hint=_with_scheme(url),
        )


def check_server(url: str | None) -> None:
    """See that a server can be at an address.

    Args:
        url: it, or the name of a hosted one.

    Raises:
        UsageError: it is neither.
    """
    if url is None or url in HOSTED:
        return
    parts = urlsplit(url)
    if parts.scheme not in SERVERS or not parts.netloc:
        raise UsageError(
            "This is no address of a server.",
            expected=f"http://…, https://… or {' or '.join(sorted(HOSTED))}",
            found=shown(url),
            hint=_with_scheme(url),
        )


def _with_scheme(url: str) -> str | None:
    """A host and a port without their scheme, as they are meant."""
    is_host = "://" not in url and (":" in url or "." in url) and " " not in url
    return f"http://{shown(url)}" if is_host else None
