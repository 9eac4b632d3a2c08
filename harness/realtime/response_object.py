"""The protocol's response object, read in one place; it may be any JSON."""

from __future__ import annotations

from typing import Any


def reason_of(response: dict[str, Any]) -> str | None:
    """Why a response was cut, left incomplete, or failed; None where it does not say."""
    details = response.get("status_details")
    if not isinstance(details, dict):
        return None
    error = details.get("error")
    message = error.get("message") if isinstance(error, dict) else None
    reason = details.get("reason") or message
    return str(reason) if reason else None


def final_text_of(response: dict[str, Any]) -> str:
    """What its messages say, spoken or written, from its final output."""
    items = [item for item in response.get("output") or [] if isinstance(item, dict)]
    parts = [
        part
        for item in items
        if item.get("type") == "message"
        for part in item.get("content") or []
        if isinstance(part, dict)
    ]
    texts = [str(part.get("transcript") or part.get("text") or "").strip() for part in parts]
    return " ".join(text for text in texts if text)
