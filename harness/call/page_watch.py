"""What Playwright sees of the page: console errors and HTTP failures, for the trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playwright.async_api import ConsoleMessage, Page, Request, Response, WebSocket

from harness.call.addresses import shown

Note = Callable[[str, Mapping[str, Any]], None]

LONGEST_TEXT = 2_000


def watch_page(page: Page, note: Note) -> None:
    """Report console warnings and errors, failed requests, answers of 400 and above, WebSockets."""

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

    def opened(socket: WebSocket) -> None:
        note("page.websocket", {"url": shown(socket.url)})

    page.on("console", console)
    page.on("websocket", opened)
    page.on("requestfailed", failed)
    page.on("response", answered)
