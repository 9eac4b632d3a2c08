"""ICE of a connection as it was tried: candidates of both sides, their pairs, how they fared.

Candidates are those of the trace: told one by one, in a description, or known to getStats alone.
Pairs are those of getStats, which tells of them about once a second; what came and went between
two reports is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.report.candidates import Candidate, candidate_of, candidate_of_stat
from harness.report.sdp_words import MOST_READ_CHARS
from harness.score.network_periods import selected_pair
from harness.terminal_text import printable
from harness.trace import TraceEvent

MOST_CANDIDATES = 60
MOST_PAIRS = 60
MOST_STATES = 12
"""A page shows so many of each; what is left out is counted."""

NO_PAIR = "getStats tells of no pair in this trace."
"""There may have been some."""

SIDES = ("local", "remote")


@dataclass(slots=True)
class FoundCandidate:
    """A candidate, and where it is in the trace."""

    candidate: Candidate
    at_s: float | None
    """When it was told; None: the trace does not place it."""

    source: str
    """found, in the description, or known to getStats alone."""


@dataclass(slots=True)
class Pair:
    """Two candidates that were, or would have been, checked against each other."""

    local: Candidate
    remote: Candidate
    states: list[tuple[float | None, str]] = field(default_factory=list)
    """Its states in turn, each with the first report that shows it."""

    nominated: bool = False
    used_from_s: float | None = None
    is_used: bool = False
    """By the last report."""

    was_used: bool = False
    last: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    """What became of it, in plain words."""

    @property
    def state(self) -> str:
        """The last one that was told; "" for none."""
        return self.states[-1][1] if self.states else ""

    @property
    def checks(self) -> str:
        """How many were sent and answered: "4, 0"; "–" where that is not told."""
        counts = [_count(self, name) for name in ("requestsSent", "responsesReceived")]
        return ", ".join("–" if count is None else str(count) for count in counts)


@dataclass(frozen=True, slots=True)
class IceView:
    """All of it, as the page shows it."""

    candidates: Mapping[str, Sequence[FoundCandidate]]
    """By side."""

    pairs: Sequence[Pair]
    """What was used comes first."""

    unpaired: str
    """Why there is no pair, in plain words; "" where there are some."""

    left_out: int
    """Candidates and pairs that the page has no room for."""

    @property
    def used(self) -> Pair | None:
        """The pair in use, or the last that was."""
        return next((pair for pair in self.pairs if pair.was_used), None)


def ice_of(events: Sequence[TraceEvent]) -> IceView:
    """What the events of one connection tell of ICE."""
    found = _Found()
    for event in events:
        if event.type == "peer_connection.candidate":
            found.told(event)
        elif event.type in ("peer_connection.offer", "peer_connection.answer"):
            found.described(event)
        elif event.type == "stats":
            found.measured(event)
    pairs = sorted(found.pairs.values(), key=lambda pair: (not pair.is_used, not pair.was_used))
    used = next((pair for pair in pairs if pair.was_used), None)
    for pair in pairs:
        pair.why = why(pair, used)
    shown = {side: found.of(side)[:MOST_CANDIDATES] for side in SIDES}
    hidden = sum(len(found.of(side)) - len(shown[side]) for side in SIDES)
    return IceView(
        candidates=shown,
        pairs=pairs[:MOST_PAIRS],
        unpaired="" if pairs else _why_no_pair(found),
        left_out=hidden + max(0, len(pairs) - MOST_PAIRS),
    )


def objects_of(event: TraceEvent) -> list[Mapping[str, Any]]:
    """The objects of a getStats report, a list or a map by ids."""
    report = event.data.get("report")
    entries: Iterable[Any] = report.values() if isinstance(report, Mapping) else report or []
    return [one for one in entries if isinstance(one, Mapping)]


def why(pair: Pair, used: Pair | None) -> str:
    """What became of a pair, as far as the trace tells."""
    sent, answered = _count(pair, "requestsSent"), _count(pair, "responsesReceived")
    if pair.is_used:
        return "In use: its checks were answered, and it was nominated."
    if pair.was_used:
        return "Was in use until another took its place."
    if pair.state == "succeeded" or (answered or 0) > 0:
        return _why_another(pair, used)
    if not pair.remote.listens:
        return "Nobody listens at the other side's address: port 9, or TCP that only begins."
    if pair.remote.is_hidden and not sent:
        return "The other side's .local name was not resolved, so no check was sent."
    if pair.state == "failed":
        return _failed(pair, sent)
    if pair.state in ("frozen", "waiting") or sent == 0:
        if used:
            return "No check was sent: another pair was nominated before its turn came."
        return "No check was sent by the last report: its turn had not come."
    if pair.state == "in-progress":
        checks = f"{sent} checks sent" if sent else "Checks were sent"
        return f"{checks}, no answer by the last report."
    return "The trace does not tell."


def _why_another(pair: Pair, used: Pair | None) -> str:
    if used is None:
        return "Its checks were answered; the side that decides nominated none that getStats shows."
    mine, other = pair.last.get("priority"), used.last.get("priority")
    worked = "It worked too: its checks were answered."
    if pair.nominated:
        worked = "It worked and was nominated too, and is not in use."
    if isinstance(mine, int | float) and isinstance(other, int | float) and other > mine:
        return f"{worked} The pair in use has the higher priority."
    return worked if pair.nominated else f"{worked} Another was nominated."


def _failed(pair: Pair, sent: int | None) -> str:
    checks = f"{sent} checks were sent, and none was answered" if sent else "No check was answered"
    asked = _count(pair, "requestsReceived") or 0
    if asked:
        return f"{checks}, though {asked} came from there: packets pass in one direction alone."
    if "relay" in (pair.local.kind, pair.remote.kind):
        return f"{checks}: the TURN server does not pass packets on to there."
    families = {pair.local.family, pair.remote.family} - {""}
    if len(families) == 2:
        return f"{checks}: one address is IPv4 and the other is IPv6."
    if pair.remote.address in ("127.0.0.1", "::1"):
        return f"{checks}: the address is one of the other side's own machine."
    return f"{checks}: nobody listens there, or a firewall or a NAT lies between."


def _why_no_pair(found: _Found) -> str:
    local, remote = found.of("local"), found.of("remote")
    if not local and not remote:
        return "No candidate of either side is in the trace."
    if not remote:
        return "The other side told no candidate, so there was nothing to check."
    if not local:
        return "This side found no candidate, so nothing could be checked from here."
    if not any(one.candidate.listens for one in remote):
        return "Nobody listens at any address that the other side told: port 9, or TCP that begins."
    if all(one.candidate.is_hidden for one in remote):
        return "All addresses of the other side are .local names, which only its own network knows."
    return NO_PAIR


def _count(pair: Pair, name: str) -> int | None:
    value = pair.last.get(name)
    return int(value) if isinstance(value, int | float) else None


class _Found:
    """What was found so far."""

    def __init__(self) -> None:
        self._candidates: dict[str, dict[Candidate, FoundCandidate]] = {s: {} for s in SIDES}
        self.pairs: dict[str, Pair] = {}

    def of(self, side: str) -> list[FoundCandidate]:
        return list(self._candidates[side].values())

    def told(self, event: TraceEvent) -> None:
        line = event.data.get("candidate")
        found = candidate_of(line) if isinstance(line, str) else None
        self._add(event.data.get("side"), found, event.t_s, "found")

    def described(self, event: TraceEvent) -> None:
        sdp = event.data.get("sdp")
        for line in sdp[:MOST_READ_CHARS].splitlines() if isinstance(sdp, str) else []:
            if line.startswith("a=candidate:"):
                side = event.data.get("side")
                self._add(side, candidate_of(line), event.t_s, "in the description")

    def measured(self, event: TraceEvent) -> None:
        objects = objects_of(event)
        by_id = {str(one.get("id")): one for one in objects}
        selected = selected_pair(objects)
        for one in objects:
            kind = str(one.get("type"))
            if kind in ("local-candidate", "remote-candidate"):
                side = kind.removesuffix("-candidate")
                self._add(side, candidate_of_stat(one), event.t_s, "known to getStats alone")
            elif kind == "candidate-pair":
                self._measure_pair(event, one, by_id, selected)

    def _measure_pair(
        self,
        event: TraceEvent,
        one: Mapping[str, Any],
        by_id: Mapping[str, Mapping[str, Any]],
        selected: Mapping[str, Any] | None,
    ) -> None:
        local, remote = (by_id.get(str(one.get(f"{side}CandidateId")), {}) for side in SIDES)
        name = str(one.get("id"))
        pair = self.pairs.get(name)
        if pair is None:
            pair = self.pairs[name] = Pair(candidate_of_stat(local), candidate_of_stat(remote))
        pair.last = one
        pair.nominated = pair.nominated or one.get("nominated") is True
        state = printable(str(one.get("state") or ""))[:20]
        if state and state != pair.state and len(pair.states) < MOST_STATES:
            pair.states.append((event.t_s, state))
        is_used = one is selected if selected else _is_chosen(one)
        if is_used and not pair.was_used:
            pair.used_from_s = event.t_s
        pair.is_used, pair.was_used = is_used, pair.was_used or is_used

    def _add(self, side: Any, candidate: Candidate | None, at_s: float | None, source: str) -> None:
        if candidate is None or side not in self._candidates:
            return
        known = self._candidates[side]
        if (
            source == "known to getStats alone"
            and candidate.kind != "prflx"
            and not candidate.address
        ):
            return
        known.setdefault(candidate, FoundCandidate(candidate, at_s, source))


def _is_chosen(one: Mapping[str, Any]) -> bool:
    """Of reports without a transport: what was nominated, and did not fail since."""
    return one.get("nominated") is True and one.get("state", "succeeded") == "succeeded"
