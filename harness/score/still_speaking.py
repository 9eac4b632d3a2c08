"""Voice that is heard right now, and since when: from what the call has told so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

STARTED = "heard.voice_started"
STOPPED = "heard.voice_stopped"


class Told(Protocol):
    """What is read of an event."""

    @property
    def t_s(self) -> float:
        """When, on the timeline."""
        ...

    @property
    def type(self) -> str:
        """As in a trace."""
        ...

    @property
    def data(self) -> Any:
        """Its facts."""
        ...


def speaking_since(events: Iterable[Told]) -> tuple[float, str] | None:
    """When the voice that is heard at the end of the events began (s), and its answer's id.

    None where nobody is heard then. Pauses within speech are no end of it.
    """
    since: tuple[float, str] | None = None
    for event in events:
        if event.type == STARTED:
            since = since or (event.t_s, str(event.data.get("answer_id")))
        elif event.type == STOPPED:
            since = None
    return since
