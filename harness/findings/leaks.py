"""Findings of what a page leaves behind: connections, audio contexts, microphones, memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import ClassVar

from harness.facts.browser import MemoryUsed
from harness.facts.media import AudioContextCreated, AudioContextState
from harness.facts.page import PageUnloaded
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState, ConnectionNow
from harness.trace import TraceEvent

LEFT = 2
"""So many connections that are no more in use, and were not closed, are a leak."""

OPEN = 3
"""So many contexts, or microphones, of which each was opened while those before it stayed open."""

GROWN_BYTES = 50_000_000
GROWN_FACTOR = 2.0
"""Memory in use has to grow by both within the call, garbage left out."""

GROWS_S = 8.0
"""A call has to last so long for its memory to say anything."""

EACH_HALF = 0.25
"""Of the growth, in each half of the call: what is loaded once, a model say, is no leak."""

AGAIN_S = 1.0
"""What is replaced is closed by then; what is opened sooner belongs to what was there."""


class ConnectionsLeaked(Finding):
    """The page left peer connections behind that nothing uses any more, and did not close them."""

    name: ClassVar[str] = "connections_leaked"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Call close() on the old connection before a new one is made, also where a call failed."
    )


class AudioContextsLeaked(Finding):
    """The page makes an AudioContext again and again at the same place, and closes none of them."""

    name: ClassVar[str] = "audio_contexts_leaked"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Make one AudioContext and keep it for the page's life, or call close() on the old one: "
        "each holds an audio thread and a device until then."
    )


class MicrophonesLeaked(Finding):
    """The page opens a microphone again and again, and stops none of them."""

    name: ClassVar[str] = "microphones_leaked"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Keep the first stream, or call stop() on its tracks before getUserMedia is called again."
    )


class MemoryGrows(Finding):
    """The page keeps more and more memory for as long as the call lasts."""

    name: ClassVar[str] = "memory_grows"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Look for an array, a map or a closure that keeps each chunk of sound or each event: take "
        "two heap snapshots in DevTools and compare them."
    )


class ConnectionsRule(Rule):
    """Connections that are made and forgotten."""

    finds = (ConnectionsLeaked,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._is_told = False

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Looks where another connection is made, a little later."""
        if self._is_told or self.state.ending is not None:
            return
        live = [one for one in self.state.connections.values() if one.closed is None]
        newest_s = max((one.created.t_s for one in live), default=0.0)
        left = [one for one in live if _is_left(one, newest_s)]
        if len(left) >= LEFT and seen.t_s - newest_s > AGAIN_S:
            self._is_told = True
            names = ", ".join(one.name for one in left)
            cause = f"{names} are neither used nor closed, and another one was made."
            yield ConnectionsLeaked.by(cause, *(one.created.event for one in left))


class AudioContextsRule(Rule):
    """Contexts of one place in the page's scripts: several places have each a use of their own."""

    finds = (AudioContextsLeaked,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._open: dict[str, tuple[str, TraceEvent]] = {}
        self._told: set[str] = set()

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Looks at each context that is made."""
        match seen.fact:
            case PageUnloaded():
                self._open.clear()
            case AudioContextState(context=name, state="closed"):
                self._open.pop(name, None)
            case AudioContextCreated(context=name, line=line) if line:
                self._open[name] = (line, seen.event)
                yield from self._found(line)

    def _found(self, line: str) -> Iterator[Finding]:
        made = _one_by_one([event for place, event in self._open.values() if place == line])
        if len(made) >= OPEN and line not in self._told:
            self._told.add(line)
            cause = f"{len(made)} of them were made there one after another, and none was closed."
            yield AudioContextsLeaked.by(cause, *made, page_line=line)


class MicrophonesRule(Rule):
    """Microphones that run beside each other."""

    finds = (MicrophonesLeaked,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._is_told = False

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Looks at those that are open."""
        if self._is_told or len(self.state.microphones) < OPEN:
            return
        opened = _one_by_one(list(self.state.microphones.values()))
        if len(opened) >= OPEN:
            self._is_told = True
            cause = f"{len(opened)} were opened one after another, and all of them still run."
            yield MicrophonesLeaked.by(cause, *opened)


class MemoryRule(Rule):
    """Memory that the page uses from the moment that the call is up."""

    finds = (MemoryGrows,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._readings: list[tuple[Seen, MemoryUsed]] = []

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Collects the readings."""
        is_up = any(one.was_up for one in self.state.all_connections())
        if isinstance(seen.fact, MemoryUsed) and (is_up or self.state.opened):
            self._readings.append((seen, seen.fact))
        yield from ()

    def at_end(self, t_s: float) -> Iterator[Finding]:
        """Only the whole call shows whether it goes on growing."""
        readings = self._readings
        while readings and not readings[-1][1].collected:
            readings = readings[:-1]  # nobody knows what of it is garbage
        if not readings or t_s - readings[0][0].t_s < GROWS_S:
            return
        (first, _), (last, _) = readings[0], readings[-1]
        in_use = _in_use([fact.used_bytes for _, fact in readings])
        middle_s = (first.t_s + t_s) / 2
        in_middle = [
            kept for kept, (seen, _) in zip(in_use, readings, strict=True) if seen.t_s <= middle_s
        ][-1]
        if _is_steady(in_use[0], in_middle, in_use[-1]):
            grew = f"from {in_use[0] / 1e6:.0f} MB to {in_use[-1] / 1e6:.0f} MB"
            cause = f"What the page keeps grew {grew} in {last.t_s - first.t_s:.0f} s."
            yield MemoryGrows.by(cause, first.event, last.event)


def _in_use(used: Sequence[int]) -> list[int]:
    """The most that can have been in use at each reading, of memory that is never given back."""
    return list(accumulate(reversed(used), min))[::-1]


def _is_steady(first: int, in_middle: int, last: int) -> bool:
    """Whether it grew by much, and in both halves of the call."""
    grown = last - first
    is_much = grown >= GROWN_BYTES and last >= GROWN_FACTOR * first
    return is_much and EACH_HALF <= (in_middle - first) / grown <= 1 - EACH_HALF


def _is_left(connection: ConnectionNow, newest_s: float) -> bool:
    """Whether it never came up, or broke, long before the newest one was made."""
    is_older = newest_s - connection.created.t_s > AGAIN_S
    state = connection.states.get("connection", "new")
    return is_older and state in ("new", "failed", "disconnected")


def _one_by_one(events: Sequence[TraceEvent]) -> list[TraceEvent]:
    """The events that came long enough behind the one before; what comes at once belongs to it."""
    found: list[TraceEvent] = []
    for event in events:
        if not found or (event.t_s or 0.0) - (found[-1].t_s or 0.0) > AGAIN_S:
            found.append(event)
    return found


RULES = (ConnectionsRule, AudioContextsRule, MicrophonesRule, MemoryRule)
