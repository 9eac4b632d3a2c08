"""Errors and questions that a page itself told: the first line of a failure's reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.call.events import CallEvent
from harness.call.page_noise import is_console_noise, is_noise
from harness.protocols.agreed_channel import channel_notes

UNSENT = "said.not_sent"

MOST_LINES = 6
MOST_CHARS = 300


def page_said(events: Iterable[CallEvent]) -> str:
    """What the page threw and wrote, then dialogs and failed requests; "" for none.

    Each in the order it came. Icons, fonts and the like are left out, see `page_noise`.
    """
    told = _page_s(events)
    words = [event for event in told if _is_word(event)]
    lines = [_line(event.type, event.data) for event in (*words, *told)]
    different = list(dict.fromkeys(line[:MOST_CHARS] for line in lines if line))
    left_out = len(different) - MOST_LINES
    more = [f"and {left_out} more"] if left_out > 0 else []
    return "; ".join([*different[:MOST_LINES], *more])


def has_own_words(events: Iterable[CallEvent]) -> bool:
    """Whether the page itself said that something went wrong with it."""
    return any(_is_word(e) and _line(e.type, e.data) for e in _page_s(events))


def failed_answers(events: Iterable[CallEvent]) -> str:
    """Why answers of the other side failed, in its own words; "" where none did."""
    ended = (event.data for event in events if event.type == "answer.ended")
    told = [data.get("reason") for data in ended if data.get("status") == "failed"]
    whys = dict.fromkeys(str(reason).rstrip(". ")[:MOST_CHARS] for reason in told if reason)
    return "; ".join(f"an answer failed: {why}" for why in whys)


def with_page_said(found: str | None, events: Iterable[CallEvent]) -> str:
    """What was found; before it what the page said, why answers failed, and why no event came."""
    kept = list(events)
    said = page_said(kept)
    channel = "; ".join(channel_notes(kept))
    parts = (said and f"the page: {said}", failed_answers(kept), channel, found)
    return "; ".join(part for part in parts if part)


def _page_s(events: Iterable[CallEvent]) -> list[CallEvent]:
    """What the page told; not that its policy refused a script of the probe's own."""
    kept = list(events)
    ours = [str(event.data["address"]) for event in kept if event.type == "probe.refused"]
    return [
        event
        for event in kept
        if _is_page_s(event)
        and not (_is_word(event) and any(one in str(event.data.get("text", "")) for one in ours))
    ]


def _is_page_s(event: CallEvent) -> bool:
    return event.source == "page" or event.type.startswith("page.") or event.type == UNSENT


def _is_word(event: CallEvent) -> bool:
    """An error of the page's scripts, in their words."""
    return event.type in ("page.exception", "page.console", "page.error")


def _line(kind: str, data: Mapping[str, Any]) -> str:
    if kind in ("page.http_error", "page.request_failed") and is_noise(data):
        return ""
    if kind == "page.http_error":
        return f"{data['method']} {data['url']} answered {data['status']}"
    if kind == "page.request_failed":
        return f"{data['method']} {data['url']} failed: {data['error']}"
    if kind == "page.console" and data.get("level") == "error":
        text = str(data["text"])
        return "" if is_console_noise(text) else f"console: {text}"
    if kind == "page.exception":
        return f"exception: {data['message']}"
    if kind == "page.error" and not str(data["message"]).startswith("Uncaught"):
        return str(data["message"])  # ours; the page's own are exceptions
    if kind == "page.dialog":
        reply = "OK" if data["answer"] == "accept" else "Cancel"
        return f"{data['kind']}() “{data['text']}” was answered with {reply}"
    if kind == "page.window_opened":
        return f"it opened a new window, {data['url'] or 'an empty one'}"
    if kind == UNSENT:
        where = f"from {data['start_s']:.3f} s to {data['end_s']:.3f} s"
        return f"it did not send what was said {where}: {data['reason']}"
    if kind == "user_media.refused":
        return f"getUserMedia was refused: {data['name']} {data['reason']}".rstrip()
    if kind == "data_channel.error":
        return f"data channel error: {data['message']}"
    if "error" in data and not kind.startswith("page."):
        return f"{kind}: {data['error']}"
    return ""
