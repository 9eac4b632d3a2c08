"""The official package's models of what a Live session sends."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.support.live_driver import LiveDriver


def check_types(driver: LiveDriver) -> None:
    """The official package's models take every event, those nested in others too."""
    for event in {event["type"]: event for event in driver.events}.values():
        assert official("live").validate_python(event).type == event["type"]
    for event in driver.events:
        if event["type"] == "response.event":
            nested = event["event"]
            assert official("responses").validate_python(nested).type == nested["type"]


@cache
def official(room: str) -> Any:
    from openai.types.live import ServerEvent
    from openai.types.responses import ResponseStreamEvent
    from pydantic import TypeAdapter

    union: Any = ServerEvent if room == "live" else ResponseStreamEvent
    return TypeAdapter(union)
