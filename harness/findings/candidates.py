"""Findings of ICE candidates that the page adds and the browser refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from harness.facts.connection import ConnectionAnswer, ConnectionOffer, ConnectionProblem
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Rule
from harness.findings.sdp import fragment_of, read_description
from harness.findings.seen import Seen
from harness.findings.state import CallState

ADD_CANDIDATE = "addIceCandidate"

MOST_CHARACTERS = 240
"""Of a browser's words in a cause; it quotes the whole of an SDP that it cannot read."""

DESCRIBED_S = 5.0
"""A description that a candidate came before is set by then, where it ever is."""


class CandidateRefused(Finding):
    """The browser refused an ICE candidate."""

    name: ClassVar[str] = "candidate_refused"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Keep the other side's candidates until setRemoteDescription is done, then add them."
    )


class CandidateRule(Rule):
    """Candidates that were refused though they belong to what the page sets.

    Where both sides offer at once, the impolite one ignores the other's offer, and cannot tell that
    offer's candidates from those that it needs: it adds them, and ignores that they are refused
    (W3C webrtc, “Perfect negotiation example”). Such a candidate has another user name than the
    description that comes.
    """

    finds = (CandidateRefused,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._early: list[tuple[str, Seen]] = []
        """Refused ones whose description is still to come, with their user names."""

    def on(self, seen: Seen) -> Iterator[Finding]:
        """One that names its description waits for that."""
        match seen.fact:
            case ConnectionProblem(operation="addIceCandidate") as problem:
                fragment = fragment_of(problem.candidate)
                connection = self.state.connection(problem.connection)
                if fragment and connection is not None and connection.remote is None:
                    self._early.append((fragment, seen))
                else:
                    yield _refused(seen, self.state)
            case ConnectionOffer(side="remote") | ConnectionAnswer(side="remote") as described:
                yield from self._described(described)
        yield from self._late(seen.t_s - DESCRIBED_S)

    def at_end(self, t_s: float) -> Iterator[Finding]:
        """No description comes any more."""
        yield from self._late(t_s)

    def _described(self, described: ConnectionOffer | ConnectionAnswer) -> Iterator[Finding]:
        """Those that came before their own description were too early; others were never meant."""
        fragments = read_description("", described.sdp).fragments
        kept = []
        for fragment, refused in self._early:
            if getattr(refused.fact, "connection", "") != described.connection:
                kept.append((fragment, refused))
            elif fragment in fragments or not fragments:
                yield _refused(refused, self.state)
        self._early = kept

    def _late(self, until_s: float) -> Iterator[Finding]:
        while self._early and self._early[0][1].t_s <= until_s:
            yield _refused(self._early.pop(0)[1], self.state)


def refusal(operation: str, message: str) -> str:
    """What the browser refused, and why, in a sentence."""
    words = " ".join(message.split())
    if len(words) > MOST_CHARACTERS:
        words = words[: MOST_CHARACTERS - 1] + "…"
    return f"{operation} was refused: {words}".rstrip(".") + "."


def _refused(seen: Seen, state: CallState) -> Finding:
    assert isinstance(seen.fact, ConnectionProblem)
    connection = state.connection(seen.fact.connection)
    offered = connection.offered if connection is not None else None
    cause = refusal(ADD_CANDIDATE, seen.fact.message)
    events = (seen.event, *((offered.event,) if offered else ()))
    return CandidateRefused.by(cause, *events, page_line=seen.fact.line)


RULES = (CandidateRule,)
