"""What Playwright sees of the page: console errors and HTTP failures, for the trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Page, Request, Response

Note = Callable[[str, Mapping[str, Any]], None]

LONGEST_TEXT = 2_000


def watch_page(page: Page, note: Note) -> None:
    """Report console warnings and errors, failed requests, and answers of 400 and above."""

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            note("page.console", {"level": message.type, "text": message.text[:LONGEST_TEXT]})

    def failed(request: Request) -> None:
        facts = {"method": request.method, "url": _bare(request.url), "error": request.failure}
        note("page.request_failed", facts)

    def answered(response: Response) -> None:
        if response.status >= 400:
            facts = {
                "method": response.request.method,
                "url": _bare(response.url),
                "status": response.status,
            }
            note("page.http_error", facts)

    page.on("console", console)
    page.on("requestfailed", failed)
    page.on("response", answered)


def _bare(url: str) -> str:
    """Without query and fragment: they may carry secrets."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
