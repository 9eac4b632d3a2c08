"""Console errors, exceptions and HTTP failures of a page, seen by Playwright, for the trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playwright.async_api import ConsoleMessage, Page, Request, Response, WebSocket
from playwright.async_api import Error as PlaywrightError

from harness.redact import shown

Note = Callable[[str, Mapping[str, Any]], None]

LONGEST_TEXT = 2_000


def watch_page(page: Page, note: Note) -> None:
    """Note for the trace what a page does wrong, and its WebSockets.

    Console warnings and errors, exceptions and rejections that nobody caught, failed requests, and
    answers of 400 and above.
    """

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            note("page.console", {"level": message.type, "text": message.text[:LONGEST_TEXT]})

    def failed(request: Request) -> None:
        facts = {"method": request.method, "url": shown(request.url), "error": request.failure}
        note("page.request_failed", facts)

    def answered(response: Response) -> None:
        if response.status >= 400:
            facts = {
                "method": response.request.method,
                "url": shown(response.url),
                "status": response.status,
            }
            note("page.http_error", facts)

    def thrown(error: PlaywrightError) -> None:
        note("page.exception", {"message": error.message[:LONGEST_TEXT]})

    def opened(socket: WebSocket) -> None:
        note("page.websocket", {"url": shown(socket.url)})

    page.on("console", console)
    page.on("pageerror", thrown)
    page.on("websocket", opened)
    page.on("requestfailed", failed)
    page.on("response", answered)
