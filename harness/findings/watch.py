"""Watch over a call: events in, findings out, as soon as each shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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

    def take(self, event: TraceEvent) -> list[Finding]:
        """One more event; what shows with it."""
        if event.type in BULKY:
            return []
        fact = event.fact
        if event.t_s is not None and event.type not in BACKDATED:
            self._now_s = max(self._now_s, event.t_s)
        seen = Seen(event, fact, self._now_s, message_of(fact))
        self._state.take(seen)
        return self._kept(found for rule in self._rules for found in rule.on(seen))

    def end(self) -> list[Finding]:
        """No event comes any more; what shows by that."""
        return self._kept(found for rule in self._rules for found in rule.at_end(self._now_s))

    def _kept(self, found: Iterable[Finding]) -> list[Finding]:
        kept = []
        for finding in found:
            self._counts[finding.name] = self._counts.get(finding.name, 0) + 1
            if self._counts[finding.name] <= MOST_OF_A_KIND:
                kept.append(finding)
        return kept


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
