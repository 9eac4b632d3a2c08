"""The official package's models of events."""

from __future__ import annotations

from typing import Any, Literal


def typed(event: dict[str, Any], sender: Literal["client", "server"]) -> Any:
    """The model of this event; the event itself where the package has none."""
    from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
    from pydantic import TypeAdapter, ValidationError

    union: Any = RealtimeServerEvent if sender == "server" else RealtimeClientEvent
    try:
        return TypeAdapter(union).validate_python(event)
    except ValidationError:
        return event
