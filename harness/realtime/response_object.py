"""The protocol's response object, read in one place; it may be any JSON."""

from __future__ import annotations

from typing import Any

from harness.realtime.items import joined, text_of


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
    return joined(map(text_of, items))
