"""Troubles of a page, as DevTools tells them: console, exceptions, requests; for the trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.browser.devtools import Session
from harness.browser.request_log import RequestLog, is_icon
from harness.browser.signalling_requests import Signal, signal_of
from harness.facts.browser import (
    BrowserFact,
    ChannelAsked,
    ConsoleLogged,
    DownloadBegan,
    HttpError,
    PageException,
    RequestFailed,
    WebSocketOpened,
    WebTransportOpened,
    WindowOpened,
)
from harness.redact import MASK, is_secret_name, shown, shown_within

Note = Callable[[BrowserFact], None]

LONGEST_TEXT = 2_000

DOMAINS: Mapping[str, Mapping[str, Any]] = {
    "Inspector.enable": {},
    "Log.enable": {},
    # Nobody asks for bodies here, so Chromium need not keep any.
    "Network.enable": {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0},
}
"""The commands after which a page tells it; "Runtime.enable" is sent for the probe."""

_CHANNEL = re.compile(r"[?&]dcid=(\d{1,5})(?![^&#])")
_PLAIN_ERROR = re.compile(r"^(?:Uncaught (?:\(in promise\) )?)?(?:Error: )?")


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    resource: str
    """DevTools' kind."""

    signal: Signal | None = None
    """Where it carries an offer, or asks for a client secret."""


class PageWatch:
    """Reports what a page does wrong, its WebSockets, and the windows that it opens.

    Console warnings and errors, exceptions and rejections that nobody caught, failed requests, and
    answers of 400 and above. What comes before ``note`` is set concerns nobody.

    Args:
        requests: all requests, with what was sent and answered.
    """

    def __init__(self, requests: bool = False) -> None:
        self.note: Note | None = None
        self._log = RequestLog(self.tell) if requests else None
        self._requests: dict[str, _Request] = {}

    def tell(self, fact: BrowserFact) -> None:
        """Something else that is known of the page."""
        if self.note is not None:
            self.note(fact)

    async def aclose(self) -> None:
        """Stop asking for what was answered."""
        if self._log is not None:
            await self._log.aclose()

    def receive(self, method: str, params: dict[str, Any], session: Session | None = None) -> None:
        """Take an event of any DevTools domain, and of a page or frame; most say nothing."""
        if self._log is not None and session is not None and self.note is not None:
            self._log.receive(session, method, params)
        if (handler := _HANDLERS.get(method)) and self.note is not None:
            handler(self, self.note, params)

    def _console(self, note: Note, params: dict[str, Any]) -> None:
        text = " ".join(_shown_argument(argument) for argument in params["args"])
        _note_line(note, params["type"], text)

    def _logged(self, note: Note, params: dict[str, Any]) -> None:
        """The browser's own lines in the console, such as a resource that did not load."""
        _note_line(note, params["entry"]["level"], params["entry"]["text"])

    def _thrown(self, note: Note, params: dict[str, Any]) -> None:
        details = params["exceptionDetails"]
        thrown = details.get("exception", {})
        text = shown_within(
            str(thrown.get("description") or thrown.get("value") or details["text"])
        )
        message = _PLAIN_ERROR.sub("", text.split("\n    at ")[0], count=1)
        note(PageException(message[:LONGEST_TEXT]))

    def _requested(self, note: Note, params: dict[str, Any]) -> None:
        request = params["request"]
        if request["method"] == "POST" and (found := _CHANNEL.search(request["url"])):
            note(ChannelAsked(int(found[1])))
        self._requests[params["requestId"]] = _Request(
            request["method"], request["url"], params.get("type", "Other"), signal_of(params)
        )

    def _answered(self, note: Note, params: dict[str, Any]) -> None:
        status, kind = params["response"]["status"], params.get("type", "Other")
        request = self._requests.get(params["requestId"])
        request = request or _Request("GET", params["response"]["url"], kind)
        if request.signal is not None:
            note(request.signal.answered(status, params.get("timestamp", 0.0)))
        if status >= 400 and not is_icon(request.url):
            note(HttpError(request.method, shown(request.url), status, request.resource))

    def _failed(self, note: Note, params: dict[str, Any]) -> None:
        request = self._requests.pop(params["requestId"], None)
        if request is not None and request.signal is not None:
            note(request.signal.answered(None, params.get("timestamp", 0.0)))
        if request is not None and not is_icon(request.url):
            error = params["errorText"]
            note(RequestFailed(request.method, shown(request.url), error, request.resource))

    def _window(self, note: Note, params: dict[str, Any]) -> None:
        note(WindowOpened("" if params["url"] == "about:blank" else shown(params["url"])))

    def _finished(self, _note: Note, params: dict[str, Any]) -> None:
        self._requests.pop(params["requestId"], None)

    def _socket(self, note: Note, params: dict[str, Any]) -> None:
        note(WebSocketOpened(shown(params["url"])))

    def _transport(self, note: Note, params: dict[str, Any]) -> None:
        note(WebTransportOpened(shown(params["url"])))

    def _download(self, note: Note, params: dict[str, Any]) -> None:
        url = str(params["url"])
        if not url.startswith(("http:", "https:")):  # the file itself, or a name inside of the page
            url = url.partition(":")[0] + ":"
        note(DownloadBegan(shown(url), params["suggestedFilename"][:LONGEST_TEXT]))


def _note_line(note: Note, level: str, text: str) -> None:
    text = shown_within(text)  # the browser's own lines have whole addresses, tokens and all
    if level == "error":
        note(ConsoleLogged("error", text[:LONGEST_TEXT]))
    elif level == "warning":
        note(ConsoleLogged("warning", text[:LONGEST_TEXT]))


def _shown_argument(argument: dict[str, Any]) -> str:
    """An argument of console.error as the console shows it, roughly."""
    if "value" in argument:
        return str(argument["value"])
    if argument.get("subtype") != "error" and (preview := argument.get("preview")):
        return _shown_preview(preview)
    return str(argument.get("description") or argument.get("unserializableValue") or "undefined")


def _shown_preview(preview: Mapping[str, Any]) -> str:
    """An object by what is in it: pages log what went wrong as one, and “Object” says nothing."""
    told = preview.get("properties", ())
    if preview.get("subtype") == "array":
        return f"[{', '.join(str(each.get('value')) for each in told)}]"
    name = str(preview.get("description") or "Object")
    inside = ", ".join(f"{each['name']}: {_shown_value(each)}" for each in told)
    if not inside:
        return name
    return f"{{{inside}}}" if name == "Object" else f"{name} {{{inside}}}"


def _shown_value(each: Mapping[str, Any]) -> str:
    """A value, unless its name says that it lets somebody in; a `code` says what went wrong."""
    is_secret = each["name"] != "code" and is_secret_name(each["name"])
    return MASK if is_secret else str(each.get("value"))


_HANDLERS: dict[str, Callable[[PageWatch, Note, dict[str, Any]], None]] = {
    "Runtime.consoleAPICalled": PageWatch._console,
    "Runtime.exceptionThrown": PageWatch._thrown,
    "Log.entryAdded": PageWatch._logged,
    "Network.requestWillBeSent": PageWatch._requested,
    "Network.responseReceived": PageWatch._answered,
    "Network.loadingFailed": PageWatch._failed,
    "Network.loadingFinished": PageWatch._finished,
    "Network.webSocketCreated": PageWatch._socket,
    "Network.webTransportCreated": PageWatch._transport,
    "Page.windowOpen": PageWatch._window,
    "Page.downloadWillBegin": PageWatch._download,
}
