"""Watch over a call: events in, findings out, as soon as each shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.facts.call import DumpRead
from harness.findings.catalogue import RULES
from harness.findings.finding import SEVERITIES, Finding
from harness.findings.seen import Seen, message_of
from harness.findings.state import CallState
from harness.trace import TraceEvent

BULKY = frozenset({"microphone.samples", "heard.samples", "played.samples", "audio.anchor"})
MOST_OF_A_KIND = 20
"""A page that does the same wrong a thousand times is told so twenty times."""


class FindingsWatch:
    """Takes a call's events in order.

    Args:
        since_s: what has no place on the timeline yet counts from here.
    """

    def __init__(self, since_s: float = 0.0) -> None:
        self._state = CallState()
        self._rules = [rule(self._state) for rule in RULES]
        self._now_s = since_s
        self._seq = 0
        self._counts: dict[str, int] = {}
        self._untold: frozenset[str] = frozenset()

    def take(self, event: TraceEvent) -> list[Finding]:
        """One more event; what shows with it."""
        if event.type in BULKY:
            return []
        fact = event.fact
        if event.t_s is not None and event.type not in BACKDATED:
            self._now_s = max(self._now_s, event.t_s)
        if isinstance(fact, DumpRead):
            self._untold = NOT_IN_DUMPS
        seen = Seen(event, fact, self._now_s, message_of(fact))
        self._state.take(seen)
        return self._kept(found for rule in self._rules for found in rule.on(seen))

    def end(self) -> list[Finding]:
        """No event comes any more; what shows by that."""
        return self._kept(found for rule in self._rules for found in rule.at_end(self._now_s))

    def _kept(self, found: Iterable[Finding]) -> list[Finding]:
        kept = []
        for finding in found:
            if finding.name in self._untold:
                continue
            self._counts[finding.name] = self._counts.get(finding.name, 0) + 1
            if self._counts[finding.name] <= MOST_OF_A_KIND:
                kept.append(finding)
        return kept


NOT_IN_DUMPS = frozenset(
    {"microphone_never_asked", "microphone_late", "microphone_left_open", "microphone_not_added",
     "channel_never_opened"}
)  # fmt: skip
"""A dump may lack every getUserMedia: webrtc-internals forgets those of pages that were left, and
of a microphone it does not tell when it stops. Of channels only statistics tell that they open."""

BACKDATED = frozenset({"microphone.clip", "said.not_sent", "heard.not_played"})
"""Events whose place is that of what they tell of, not of the moment they are told."""


def findings_of(events: Sequence[TraceEvent]) -> list[Finding]:
    """All findings of a call, the gravest first, then in order of time."""
    watch = FindingsWatch()
    found = [finding for event in events for finding in watch.take(event)]
    return in_order([*found, *watch.end()])


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """The gravest first, then in order of time."""
    return sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.at_s or 0.0))
