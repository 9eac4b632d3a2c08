"""Triggers of faults that last: when one begins and ends, and what it then did."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from harness.realtime.wire import Event


@dataclass(frozen=True, slots=True)
class Applied:
    """Something that was done in a fault's name."""

    name: str
    """The fault."""

    detail: str
    """What it did, in a few words."""

    at_s: float
    """Monotonic seconds of the server."""


Note = Callable[[Applied], None]
PLAYED = ("output_audio_buffer.stopped", "output_audio_buffer.cleared")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which events a fault looks at: all, or those around one response."""

    response_id: str | None = None

    def covers(self, event: Event) -> bool:
        """An event without a response's id belongs to whatever is going on."""
        found = response_of(event)
        return self.response_id is None or found is None or found == self.response_id

    def ends_with(self, event: Event) -> bool:
        """Whether another response begins: what is about none belongs to that one then."""
        is_next = event.get("type") == "response.created"
        return self.response_id is not None and is_next and not self.covers(event)

    def is_played_with(self, event: Event) -> bool:
        """Whether the one response was played to its end, or cut."""
        is_end = event.get("type") in PLAYED
        return is_end and self.response_id is not None and self.covers(event)


EVERYTHING = Scope()


def response_of(event: Event) -> str | None:
    """The id of the response an event is about, if it is about one."""
    response = event.get("response")
    found = response.get("id") if isinstance(response, dict) else event.get("response_id")
    return found if isinstance(found, str) else None


@dataclass(slots=True)
class _Armed:
    fault: Any
    scope: Scope
    seen: int = 0
    begins_s: float | None = None
    has_begun: bool = False
    has_ended: bool = False
    over_s: float | None = None
    """When the answer that it belongs to was over."""

    @property
    def ends_s(self) -> float | None:
        if self.over_s is not None:
            return self.over_s
        lasts_s = getattr(self.fault, "for_s", None)
        return None if lasts_s is None or self.begins_s is None else self.begins_s + lasts_s


@dataclass(slots=True)
class Triggers:
    """Faults that wait for their moment, and then last. Times are handed in, in seconds."""

    _armed: list[_Armed] = field(default_factory=list)

    def arm(self, faults: Iterable[Any], now_s: float, scope: Scope = EVERYTHING) -> None:
        """Wait for the moment of these; one that names no event begins its time now."""
        for fault in faults:
            begins_s = now_s + fault.after_s if fault.on is None else None
            self._armed.append(_Armed(fault, scope, begins_s=begins_s))

    def saw(self, event: Event, now_s: float) -> None:
        """The session sent an event."""
        for armed in self._armed:
            if armed.over_s is None and (
                armed.scope.ends_with(event) or armed.scope.is_played_with(event)
            ):
                armed.over_s = now_s
                armed.has_ended = not armed.has_begun
            fault = armed.fault
            is_waiting = fault.on is not None and armed.begins_s is None and not armed.has_ended
            if not is_waiting or not armed.scope.covers(event):
                continue
            if fnmatchcase(str(event.get("type")), fault.on):
                armed.seen += 1
                if armed.seen == fault.nth:
                    armed.begins_s = now_s + fault.after_s

    def take_begun(self, now_s: float) -> list[Any]:
        """Faults whose moment has come since the last call."""
        begun = []
        for armed in self._armed:
            if armed.has_begun or armed.has_ended or armed.begins_s is None:
                continue
            if armed.begins_s <= now_s:
                armed.has_begun = True
                begun.append(armed.fault)
        return begun

    def take_ended(self, now_s: float) -> list[Any]:
        """Faults that are over since the last call."""
        ended = []
        for armed in self._armed:
            ends_s = armed.ends_s
            if armed.has_begun and not armed.has_ended and ends_s is not None and ends_s <= now_s:
                armed.has_ended = True
                ended.append(armed.fault)
        return ended

    def active(self) -> list[Any]:
        """Faults that have begun and not ended, as of the last calls of the two above."""
        return [armed.fault for armed in self._armed if armed.has_begun and not armed.has_ended]

    def next_s(self) -> float | None:
        """When the next one begins or ends; None: only with an event."""
        waiting = [armed for armed in self._armed if not armed.has_ended]
        times = [armed.ends_s if armed.has_begun else armed.begins_s for armed in waiting]
        return min((time_s for time_s in times if time_s is not None), default=None)
