"""HAR of a trace: the requests of the page that the trace knows (HAR 1.2). Pure.

A trace has no headers. It has all requests and the texts in them where somebody asked for them;
else those that begin a call, those that failed, and those that were redirected to this machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from harness.facts.browser import HttpError, PageRedirected, PageRequest, RequestFailed, Signalled
from harness.facts.catalogue import AnyFact
from harness.trace import TraceEvent


def har_of(events: Iterable[TraceEvent], begun_ms: float, version: str) -> dict[str, Any]:
    """The requests, in order of time; ``entries`` is empty where the trace has none.

    Args:
        events: of a trace.
        begun_ms: when its 0 s was, milliseconds since 1970.
        version: of the harness.
    """
    events = list(events)
    kept = [event for event in events if isinstance(event.fact, PageRequest)]
    entries = []
    for event in kept or events:
        entry = _entry(event.fact, begun_ms + (event.t_s or 0.0) * 1000)
        if entry is not None:
            entries.append(entry)
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "realtime-harness", "version": version},
            "entries": sorted(entries, key=lambda one: str(one["startedDateTime"])),
        }
    }


def _entry(fact: AnyFact, told_ms: float) -> dict[str, Any] | None:
    match fact:
        case PageRequest():
            return _whole(fact, told_ms)
        case Signalled():
            took_ms = fact.took_s * 1000
            return _made(fact.method, fact.url, fact.status or 0, told_ms - took_ms, took_ms)
        case HttpError():
            return _made(fact.method, fact.url, fact.status, told_ms, 0.0)
        case RequestFailed():
            return {
                **_made(fact.method, fact.url, 0, told_ms, 0.0),
                "_error": fact.error or "failed",
            }
        case PageRedirected():
            url = f"https://{fact.host}{fact.path}"
            return {**_made(fact.method, url, fact.status, told_ms, 0.0), "_redirected": True}
        case _:
            return None


def _whole(fact: PageRequest, told_ms: float) -> dict[str, Any]:
    took_ms = fact.took_s * 1000
    entry = _made(fact.method, fact.url, fact.status or 0, told_ms - took_ms, took_ms)
    if fact.sent is not None or fact.sent_mime:
        mime = fact.sent_mime or "text/plain"  # an older trace does not say
        entry["request"]["postData"] = {"mimeType": mime, "text": fact.sent or ""}
    if fact.received is not None:
        content = {"size": len(fact.received.encode()), "text": fact.received}
        entry["response"]["content"] = content
    entry["response"]["content"]["mimeType"] = fact.mime or "x-unknown"
    if fact.is_cut:
        entry["comment"] = "a body is longer than what was kept"
    if fact.by != "page":
        entry["_initiatedBy"] = fact.by
    if fact.error:
        entry["_error"] = fact.error
    return entry


def _made(method: str, url: str, status: int, begun_ms: float, took_ms: float) -> dict[str, Any]:
    begun = datetime.fromtimestamp(begun_ms / 1000, UTC).isoformat(timespec="milliseconds")
    common: dict[str, Any] = {
        "httpVersion": "",
        "cookies": [],
        "headers": [],
        "headersSize": -1,
        "bodySize": -1,
    }
    return {
        "startedDateTime": begun,
        "time": round(took_ms, 3),
        "request": {"method": method, "url": url, "queryString": [], **common},
        "response": {
            "status": status,
            "statusText": "",
            "redirectURL": "",
            "content": {"size": 0, "mimeType": "x-unknown"},
            **common,
        },
        "cache": {},
        "timings": {"send": 0, "wait": round(took_ms, 3), "receive": 0},
    }
