"""What goes wrong on a page, as DevTools tells it: console, exceptions, requests; for the trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from harness.redact import shown

Note = Callable[[str, Mapping[str, Any]], None]

LONGEST_TEXT = 2_000

DOMAINS: Mapping[str, Mapping[str, Any]] = {
    "Inspector.enable": {},
    "Log.enable": {},
    # Nobody asks for bodies here, so Chromium need not keep any.
    "Network.enable": {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0},
}
"""The commands after which a page tells it; "Runtime.enable" is sent for the probe."""

_LEVELS = ("error", "warning")
_PLAIN_ERROR = re.compile(r"^(?:Uncaught (?:\(in promise\) )?)?(?:Error: )?")


class PageWatch:
    """Reports console warnings and errors, exceptions and rejections that nobody caught, failed
    requests, answers of 400 and above, WebSockets, new windows.

    What comes before ``note`` is set concerns nobody.
    """

    def __init__(self) -> None:
        self.note: Note | None = None
        self._requests: dict[str, dict[str, str]] = {}

    def receive(self, method: str, params: dict[str, Any]) -> None:
        """Take an event of any DevTools domain; most say nothing."""
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
        text = str(thrown.get("description") or thrown.get("value") or details["text"])
        message = _PLAIN_ERROR.sub("", text.split("\n    at ")[0], count=1)
        note("page.exception", {"message": message[:LONGEST_TEXT]})

    def _requested(self, _note: Note, params: dict[str, Any]) -> None:
        request = params["request"]
        facts = {"method": request["method"], "url": shown(request["url"])}
        self._requests[params["requestId"]] = {**facts, "resource": params.get("type", "Other")}

    def _answered(self, note: Note, params: dict[str, Any]) -> None:
        if params["response"]["status"] >= 400:
            facts = self._requests.get(params["requestId"]) or {
                "method": "GET",
                "url": shown(params["response"]["url"]),
                "resource": params.get("type", "Other"),
            }
            note("page.http_error", {**facts, "status": params["response"]["status"]})

    def _failed(self, note: Note, params: dict[str, Any]) -> None:
        if facts := self._requests.pop(params["requestId"], None):
            note("page.request_failed", {**facts, "error": params["errorText"]})

    def _window(self, note: Note, params: dict[str, Any]) -> None:
        url = "" if params["url"] == "about:blank" else shown(params["url"])
        note("page.window_opened", {"url": url})

    def _finished(self, _note: Note, params: dict[str, Any]) -> None:
        self._requests.pop(params["requestId"], None)

    def _socket(self, note: Note, params: dict[str, Any]) -> None:
        note("page.websocket", {"url": shown(params["url"])})


def _note_line(note: Note, level: str, text: str) -> None:
    if level in _LEVELS:
        note("page.console", {"level": level, "text": text[:LONGEST_TEXT]})


def _shown_argument(argument: dict[str, Any]) -> str:
    """An argument of console.error as the console shows it, roughly."""
    if "value" in argument:
        return str(argument["value"])
    return str(argument.get("description") or argument.get("unserializableValue") or "undefined")


_HANDLERS: dict[str, Callable[[PageWatch, Note, dict[str, Any]], None]] = {
    "Runtime.consoleAPICalled": PageWatch._console,
    "Runtime.exceptionThrown": PageWatch._thrown,
    "Log.entryAdded": PageWatch._logged,
    "Network.requestWillBeSent": PageWatch._requested,
    "Network.responseReceived": PageWatch._answered,
    "Network.loadingFailed": PageWatch._failed,
    "Network.loadingFinished": PageWatch._finished,
    "Network.webSocketCreated": PageWatch._socket,
    "Page.windowOpen": PageWatch._window,
}
