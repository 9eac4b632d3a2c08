"""Rules: what looks for one thing that may be wrong, event by event."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import ClassVar

from harness.findings.finding import Finding
from harness.findings.seen import Seen
from harness.findings.state import CallState


class Rule:
    """The base of all rules: takes events in order, gives findings as soon as they show.

    Args:
        state: what is known of the call; up to date before `on` is told.
    """

    finds: ClassVar[tuple[type[Finding], ...]] = ()
    """The kinds of findings that it gives."""

    def __init__(self, state: CallState) -> None:
        self.state = state

    def on(self, seen: Seen) -> Iterator[Finding]:
        """What shows with this event."""
        yield from ()

    def at_end(self, t_s: float) -> Iterator[Finding]:
        """What shows once the trace is over.

        Args:
            t_s: the trace's last place on the timeline, seconds.
        """
        yield from ()


class Overdue:
    """Things that have to happen in some time after others, and have not."""

    def __init__(self, after_s: float) -> None:
        self._after_s = after_s
        self._waiting: dict[Hashable, Seen] = {}

    def wait(self, key: Hashable, since: Seen) -> None:
        """From here on, something is waited for; what waits already under this key goes on."""
        self._waiting.setdefault(key, since)

    def came(self, key: Hashable) -> None:
        """It happened."""
        self._waiting.pop(key, None)

    def is_waiting(self, key: Hashable) -> bool:
        """Whether it is waited for."""
        return key in self._waiting

    def clear(self) -> None:
        """Nothing is waited for any more."""
        self._waiting.clear()

    def due(self, now_s: float) -> list[tuple[Hashable, Seen]]:
        """What has not happened in time; each is given once."""
        late = [
            (key, since)
            for key, since in self._waiting.items()
            if now_s - since.t_s >= self._after_s
        ]
        for key, _ in late:
            del self._waiting[key]
        return late
