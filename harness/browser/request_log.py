"""A page's requests with what was sent and answered, for the trace; where somebody asked for it.

Headers and cookies are not kept, nor bodies of what makes up a page (scripts, pictures, sound).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from harness.browser.devtools import Session
from harness.browser.request_body import MOST_CHARS, is_text, shown_body
from harness.errors import BrowserError
from harness.facts.browser import PageRequest
from harness.redact import shown

MOST_REQUESTS = 5_000
"""Of one call; a page that asks all the time fills no disk."""

MOST_ALL_CHARS = 4_000_000
"""Of all bodies of one call; what comes then is told without."""

LONGEST_TYPE_CHARS = 200

NETWORK: Mapping[str, Any] = {
    "maxTotalBufferSize": 8_000_000,
    "maxResourceBufferSize": 256_000,
    "maxPostDataSize": 4 * MOST_CHARS,
}
"""How much of answers and of what is sent Chromium keeps until it is asked; bytes."""

_WITH_BODIES = frozenset({"Fetch", "XHR", "Ping", "Other"})
"""DevTools' kinds of requests that scripts make for their data."""


@dataclass(slots=True)
class _Open:
    """A request without its end."""

    method: str
    url: str
    resource: str
    began_s: float
    sent: str | None
    sent_mime: str
    is_cut: bool
    by: Literal["page", "worker", "shared_worker", "service_worker"]
    status: int | None = None
    mime: str = ""


class RequestLog:
    """Tells each request once it is over.

    Args:
        note: gets the facts.
    """

    def __init__(self, note: Callable[[PageRequest], None]) -> None:
        self._note = note
        self._open: dict[tuple[str | None, str], _Open] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._begun = 0
        self._chars = 0

    def receive(self, session: Session, method: str, params: Mapping[str, Any]) -> None:
        """Take an event of DevTools' Network domain; others say nothing."""
        handler = _HANDLERS.get(method)
        if handler is not None:
            handler(self, session, params)

    async def aclose(self) -> None:
        """Stop asking for bodies."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _requested(self, session: Session, params: Mapping[str, Any]) -> None:
        self._redirected(session, params)
        request, kind = params["request"], params.get("type", "Other")
        if self._begun == MOST_REQUESTS or not _is_of_page(request["url"]):
            return
        self._begun += 1
        sent, mime, is_cut = None, "", False
        text = request.get("postData")
        if kind in _WITH_BODIES and (text is not None or request.get("hasPostData")):
            headers = {name.lower(): value for name, value in request.get("headers", {}).items()}
            mime = str(headers.get("content-type", "text/plain"))[:LONGEST_TYPE_CHARS]
            if text is not None:
                sent, is_cut = self._kept(text, mime)
            else:  # bytes, or more than DevTools tells
                is_cut = True
        self._open[session.session_id, params["requestId"]] = _Open(
            request["method"],
            request["url"],
            kind,
            params["timestamp"],
            sent,
            mime,
            is_cut,
            session.worker or "page",
        )

    def _redirected(self, session: Session, params: Mapping[str, Any]) -> None:
        """A redirect is told as a request of its own; the next one has the same id."""
        answer = params.get("redirectResponse")
        request = self._open.pop((session.session_id, params["requestId"]), None)
        if answer is not None and request is not None:
            request.status = answer["status"]
            self._tell(request, params["timestamp"])

    def _answered(self, session: Session, params: Mapping[str, Any]) -> None:
        request = self._open.get((session.session_id, params["requestId"]))
        if request is not None:
            answer = params["response"]
            request.status, request.mime = answer["status"], answer.get("mimeType", "")

    def _failed(self, session: Session, params: Mapping[str, Any]) -> None:
        request = self._open.pop((session.session_id, params["requestId"]), None)
        if request is not None:
            self._tell(request, params["timestamp"], error=params["errorText"])

    def _finished(self, session: Session, params: Mapping[str, Any]) -> None:
        request = self._open.pop((session.session_id, params["requestId"]), None)
        if request is None:
            return
        if request.resource not in _WITH_BODIES or not is_text(request.mime):
            self._tell(request, params["timestamp"])
            return
        task = asyncio.create_task(self._ask(session, request, params))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, session: Session, request: _Open, params: Mapping[str, Any]) -> None:
        text = None
        with contextlib.suppress(BrowserError):  # too long to be kept, or the page is gone
            answer = await session.send("Network.getResponseBody", requestId=params["requestId"])
            text = None if answer["base64Encoded"] else answer["body"]
        self._tell(request, params["timestamp"], received=text, is_missing=text is None)

    def _tell(
        self,
        request: _Open,
        ended_s: float,
        *,
        error: str = "",
        received: str | None = None,
        is_missing: bool = False,
    ) -> None:
        is_cut = request.is_cut or is_missing
        if received is not None:
            received, is_short = self._kept(received, request.mime)
            is_cut = is_cut or is_short
        took_s = round(max(0.0, ended_s - request.began_s), 4)
        self._note(
            PageRequest(
                request.method,
                shown(request.url),
                request.resource,
                request.status,
                request.mime,
                took_s,
                request.sent,
                received,
                is_cut,
                error,
                request.sent_mime,
                request.by,
            )
        )

    def _kept(self, text: str, mime: str) -> tuple[str | None, bool]:
        """What the trace gets of a body, and whether that is not all of it."""
        if not is_text(mime):
            return None, True
        if self._chars >= MOST_ALL_CHARS:
            return None, True
        kept, is_cut = shown_body(text, mime)
        self._chars += len(kept)
        return kept, is_cut


def is_icon(url: str) -> bool:
    """The browser itself asks every site for its icon; that concerns no page."""
    return url.partition("?")[0].endswith("/favicon.ico")


def _is_of_page(url: str) -> bool:
    return url.startswith(("http://", "https://")) and not is_icon(url)


_HANDLERS: dict[str, Callable[[RequestLog, Session, Mapping[str, Any]], None]] = {
    "Network.requestWillBeSent": RequestLog._requested,
    "Network.responseReceived": RequestLog._answered,
    "Network.loadingFailed": RequestLog._failed,
    "Network.loadingFinished": RequestLog._finished,
}
