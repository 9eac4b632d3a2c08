"""Faults in the events between the session and the wire: events in, messages out."""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from harness.realtime.faults.models import (
    EventDoubled,
    EventLate,
    EventMalformed,
    EventMissing,
    EventOversized,
    EventReordered,
    NoRateLimits,
    StoppedLate,
    TranscriptionEmpty,
    TranscriptionFailed,
    TranscriptionLate,
)
from harness.realtime.faults.triggers import EVERYTHING, Applied, Note, Scope
from harness.realtime.wire import Event

REORDERED_WITHIN_S = 1.0
"""An event that waits for later ones waits no longer than this."""

TRANSCRIPTION = "conversation.item.input_audio_transcription."
OF_A_TRANSCRIPT = (TranscriptionFailed, TranscriptionEmpty, TranscriptionLate)


@dataclass(slots=True)
class _Armed:
    fault: Any
    scope: Scope
    seen: int = 0
    used: int = 0
    random: random.Random = field(default_factory=random.Random)
    items: dict[str, bool] = field(default_factory=dict)
    """What was decided about an item's transcript, of which there are several events."""

    def picks(self, event: Event) -> bool:
        """Whether this event is one of the fault's; counts."""
        if not self.scope.covers(event) or not self.fault.selects(str(event.get("type"))):
            return False
        if not isinstance(self.fault, OF_A_TRANSCRIPT):
            return self._decide()
        item_id = str(event.get("item_id"))
        if item_id not in self.items:
            self.items[item_id] = self._decide()
        return self.items[item_id]

    def _decide(self) -> bool:
        fault = self.fault
        self.seen += 1
        if self.seen <= fault.skip or (fault.times is not None and self.used >= fault.times):
            return False
        if fault.probability < 1 and self.random.random() >= fault.probability:
            return False
        self.used += 1
        return True


@dataclass(slots=True)
class _Message:
    text: str
    due_s: float
    behind: int = 0
    """So many later events go first."""


class EventFaults:
    """Turns events into the texts that are sent, and says when. Times are handed in, in seconds.

    Give each event to `offer` as the session sends it; send what `take_due` gives, in its order;
    come back at `next_s`.

    Args:
        note: told what was done.
        most_bytes: the largest message that the connection takes.
    """

    def __init__(self, note: Note, most_bytes: int = 16_000_000) -> None:
        self._note = note
        self._most_bytes = most_bytes
        self._armed: list[_Armed] = []
        self._due: list[tuple[float, int, str]] = []
        self._held: list[_Message] = []
        self._stalled: list[str] | None = None
        self._count = 0

    def arm(self, faults: Iterable[Any], scope: Scope = EVERYTHING) -> None:
        """These concern what is offered from now on."""
        for fault in faults:
            self._count += 1
            seed = random.Random(f"{fault.seed} {self._count}")
            self._armed.append(_Armed(fault, scope, random=seed))

    def offer(self, event: Event, now_s: float) -> None:
        """The session's next event."""
        self._armed = [one for one in self._armed if not one.scope.ends_with(event)]
        for message in self._held:
            message.behind -= 1
        for message in self._changed(event, now_s):
            if message.behind:
                self._held.append(message)
            else:
                self._push(message)
        for message in [one for one in self._held if one.behind <= 0]:
            self._held.remove(message)
            message.due_s = now_s
            self._push(message)

    def stall(self) -> None:
        """Nothing leaves until `go_on`."""
        self._stalled = [] if self._stalled is None else self._stalled

    def go_on(self) -> int:
        """What was held up leaves with the next `take_due`; says how much that is."""
        waiting, self._stalled = self._stalled or [], None
        for text in waiting:
            self._push(_Message(text, float("-inf")))
        return len(waiting)

    def take_due(self, now_s: float) -> list[str]:
        """The messages to be sent now, in order."""
        for message in [one for one in self._held if one.due_s <= now_s]:
            self._held.remove(message)
            self._push(message)
        due: list[str] = []
        while self._due and self._due[0][0] <= now_s:
            due.append(heapq.heappop(self._due)[2])
        if self._stalled is not None:
            self._stalled += due
            return []
        return due

    def next_s(self) -> float | None:
        """When `take_due` has something to give; None: only after an event."""
        times = [message.due_s for message in self._held]
        times += [self._due[0][0]] if self._due else []
        return min(times, default=None)

    def _push(self, message: _Message) -> None:
        self._count += 1
        heapq.heappush(self._due, (message.due_s, self._count, message.text))

    def _changed(self, event: Event, now_s: float) -> list[_Message]:
        picked = [armed.fault for armed in self._armed if armed.picks(event)]
        kind = str(event.get("type"))
        copies, delay_s, behind = 1, 0.0, 0
        text: str | None = None
        for fault in picked:
            match fault:
                case EventMissing() | NoRateLimits():
                    copies = 0
                    self._did(fault, f"{kind} was not sent", now_s)
                case TranscriptionFailed() | TranscriptionEmpty():
                    changed = _without_transcript(event, fault)
                    copies = 0 if changed is None else copies
                    event = event if changed is None else changed
                    if changed is not None:
                        self._did(fault, f"{changed['type']} for {changed.get('item_id')}", now_s)
                case EventDoubled():
                    copies *= 2
                    self._did(fault, f"{kind} was sent twice", now_s)
                case EventLate() | TranscriptionLate() | StoppedLate():
                    delay_s += fault.delay_s
                    self._did(fault, f"{kind} is {fault.delay_s:g} s late", now_s)
                case EventReordered():
                    behind = max(behind, fault.by)
                    self._did(fault, f"{kind} goes behind the next {fault.by}", now_s)
                case EventOversized():
                    size = min(fault.bytes, self._most_bytes)
                    event = _padded(event, size)
                    self._did(fault, f"{kind} of about {size} bytes", now_s)
                case EventMalformed():
                    text = _malformed(event, fault.how)
                    self._did(fault, f"{kind} was sent malformed ({fault.how})", now_s)
        due_s = now_s + delay_s + (REORDERED_WITHIN_S if behind else 0.0)
        body = as_text(event) if text is None else text
        return [_Message(body, due_s, behind) for _ in range(copies)]

    def _did(self, fault: Any, detail: str, now_s: float) -> None:
        self._note(Applied(fault.name, detail, now_s))


def as_text(event: Event) -> str:
    """An event as it goes over the wire."""
    # ASCII: half a character, which a client may send as an escape, survives the channel so.
    return json.dumps(event, separators=(",", ":"))


def _padded(event: Event, size: int) -> Event:
    missing = size - len(as_text(event)) - len(',"padding":""')
    return {**event, "padding": "x" * missing} if missing > 0 else event


def _without_transcript(
    event: Event, fault: TranscriptionFailed | TranscriptionEmpty
) -> Event | None:
    """The event that comes instead of a transcript's; None for one that does not come."""
    kind = str(event.get("type")).removeprefix(TRANSCRIPTION)
    if kind == "delta" or kind == "segment":
        return None
    if kind != "completed":
        return event
    if isinstance(fault, TranscriptionEmpty):
        return {**event, "transcript": ""}
    item_id = event.get("item_id")
    return {
        "type": TRANSCRIPTION + "failed",
        "event_id": event.get("event_id"),
        "item_id": item_id,
        "content_index": event.get("content_index", 0),
        "error": {
            "type": "server_error",
            "code": "transcription_failed",
            "message": f"Input transcription failed for item '{item_id}'.",
            "param": None,
        },
    }


def _malformed(event: Event, how: str) -> str:
    text = as_text(event)
    if how == "cut":
        return text[: len(text) // 2]
    if how == "not_json":
        return "\ufeff<html><body>502 Bad Gateway</body></html>"
    if how == "not_an_object":
        return json.dumps([event])
    if how == "no_type":
        return as_text({key: value for key, value in event.items() if key != "type"})
    return as_text({key: _other_type(value) for key, value in event.items()} | _type_of(event))


def _type_of(event: Event) -> Event:
    return {"type": event.get("type")}


def _other_type(value: Any) -> Any:
    return 17 if isinstance(value, str | dict | list) else "seventeen"
