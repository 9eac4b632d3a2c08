"""Notes of a verdict on a call's context: what of it failed while the call went on."""

from __future__ import annotations

from collections.abc import Iterable

from harness.score.redirected import Noted

OF_CONTEXT = "The context: "
"""What each of these notes begins with."""


def context_notes(events: Iterable[Noted]) -> list[str]:
    """Tool servers, knowledge, long work, pictures and what is kept; each failure once.

    The model was told, or offered less than the context says, so an answer may be another one.
    """
    said = [text for event in events if (text := _said(event)) is not None]
    return [f"{OF_CONTEXT}{' '.join(text.split())}" for text in dict.fromkeys(said)]


def _said(event: Noted) -> str | None:
    data = event.data
    match event.type:
        case "mcp.failed" | "knowledge.failed" | "context.trouble":
            return str(data["message"])
        case "mcp.refused":
            return f"nobody agreed to the call of {data['tool']} ({data['server']})"
        case "thinking.ended" if data["status"] == "failed":
            return f"long work failed: {data['text']}"
        case "context.picture_not_shown":
            return f"the model does not see “{data['name']}”: {data['why']}"
    return None
