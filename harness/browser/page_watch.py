"""What Playwright sees of the page: console errors, exceptions and HTTP failures, for the trace."""

from __future__ import annotations

from collections.abc import Callable

from playwright.async_api import ConsoleMessage, Page, Request, Response, WebSocket
from playwright.async_api import Error as PlaywrightError

from harness.facts.browser import (
    BrowserFact,
    ConsoleLogged,
    HttpError,
    PageException,
    RequestFailed,
    WebSocketOpened,
)
from harness.redact import shown

Note = Callable[[BrowserFact], None]

LONGEST_TEXT = 2_000


def watch_page(page: Page, note: Note) -> None:
    """Report console warnings and errors, exceptions and rejections that nobody caught, failed
    requests, answers of 400 and above, WebSockets."""

    def console(message: ConsoleMessage) -> None:
        level = message.type
        if level == "error" or level == "warning":
            note(ConsoleLogged(level, message.text[:LONGEST_TEXT]))

    def failed(request: Request) -> None:
        note(RequestFailed(request.method, shown(request.url), request.failure))

    def answered(response: Response) -> None:
        if response.status >= 400:
            note(HttpError(response.request.method, shown(response.url), response.status))

    def thrown(error: PlaywrightError) -> None:
        note(PageException(error.message[:LONGEST_TEXT]))

    def opened(socket: WebSocket) -> None:
        note(WebSocketOpened(shown(socket.url)))

    page.on("console", console)
    page.on("pageerror", thrown)
    page.on("websocket", opened)
    page.on("requestfailed", failed)
    page.on("response", answered)
