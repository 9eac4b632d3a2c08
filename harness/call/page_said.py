"""Errors and questions that a page itself told: the first line of a failure's reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.call.events import CallEvent

MOST_LINES = 6
MOST_CHARS = 300

REPEATED = "Failed to load resource"
"""Chromium's console says so of each answer that is noted with its address already."""


def page_said(events: Iterable[CallEvent]) -> str:
    """Errors, failed requests and dialogs of the page, in the order they came; "" for none."""
    lines = (_line(event.type, event.data) for event in events if _is_page_s(event))
    different = [line[:MOST_CHARS] for line in dict.fromkeys(lines) if line]
    left_out = len(different) - MOST_LINES
    more = [f"and {left_out} more"] if left_out > 0 else []
    return "; ".join([*different[:MOST_LINES], *more])


def failed_answers(events: Iterable[CallEvent]) -> str:
    """Why answers of the other side failed, in its own words; "" where none did."""
    ended = (event.data for event in events if event.type == "answer.ended")
    told = [data.get("reason") for data in ended if data.get("status") == "failed"]
    whys = dict.fromkeys(str(reason).rstrip(". ")[:MOST_CHARS] for reason in told if reason)
    return "; ".join(f"an answer failed: {why}" for why in whys)


def with_page_said(found: str | None, events: Iterable[CallEvent]) -> str:
    """What was found; before it what the page said, and why answers failed."""
    kept = list(events)
    said = page_said(kept)
    parts = (said and f"the page: {said}", failed_answers(kept), found)
    return "; ".join(part for part in parts if part)


def _is_page_s(event: CallEvent) -> bool:
    return event.source == "page" or event.type.startswith("page.")


def _line(kind: str, data: Mapping[str, Any]) -> str:
    if kind == "page.http_error" and not str(data["url"]).endswith("/favicon.ico"):
        return f"{data['method']} {data['url']} answered {data['status']}"
    if kind == "page.request_failed":
        return f"{data['method']} {data['url']} failed: {data['error']}"
    if kind == "page.console" and data.get("level") == "error":
        text = str(data["text"])
        return "" if text.startswith(REPEATED) else f"console: {text}"
    if kind == "page.exception":
        return f"exception: {data['message']}"
    if kind == "page.error" and not str(data["message"]).startswith("Uncaught"):
        return str(data["message"])  # ours; the page's own are exceptions
    if kind == "page.dialog":
        reply = "OK" if data["answer"] == "accept" else "Cancel"
        return f"{data['kind']}() “{data['text']}” was answered with {reply}"
    if kind == "user_media.refused":
        return f"getUserMedia was refused: {data['name']} {data['reason']}".rstrip()
    if kind == "data_channel.error":
        return f"data channel error: {data['message']}"
    if "error" in data and not kind.startswith("page."):
        return f"{kind}: {data['error']}"
    return ""
