"""Findings of ICE and DTLS: why a connection does not come up, or goes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.facts.connection import ConnectionState, IceServerProblem, Stats
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Rule
from harness.findings.sdp import address_of, kind_of
from harness.findings.seen import Seen
from harness.findings.state import UP, CallState, ConnectionNow

CONNECTED_S = 4.0
"""After an answer, a connection is up in well under a second where it can be; on bad networks in
three."""

MDNS = ".local"

NO_ANSWER = 701
"""W3C WebRTC's code where no server could be reached."""


class IceNoRemoteCandidates(Finding):
    """The other side told no address, so nothing can be connected to."""

    name: ClassVar[str] = "ice_no_remote_candidates"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Add the other side's candidates (addIceCandidate), or wait for its gathering before its "
        "description is taken; the page must not strip them."
    )


class IceNoLocalCandidates(Finding):
    """The browser found no address of its own."""

    name: ClassVar[str] = "ice_no_local_candidates"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Where iceTransportPolicy is “relay”, give it a TURN server that answers, with its user "
        "and credential; else leave it at “all”."
    )


class IceOnlyMdns(Finding):
    """All addresses of the other side hide behind names that only a local network can resolve."""

    name: ClassVar[str] = "ice_only_mdns"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Give the other side a STUN or TURN server, or the microphone's permission before it "
        "gathers: then it tells its addresses."
    )


class IceUnanswered(Finding):
    """Both sides told addresses, and no packet got through."""

    name: ClassVar[str] = "ice_unanswered"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Compare the candidates with where the other side listens: a wrong address or port, a "
        "firewall for UDP, or a TURN server that is missing."
    )


class IceOneWay(Finding):
    """Checks of one side get through, and those of the other side are not answered."""

    name: ClassVar[str] = "ice_one_way"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Let UDP through both ways: look at the firewall and the NAT of the side that gets "
        "nothing, and give both a TURN server. Pass a=ice-ufrag and a=ice-pwd on unchanged, too: a "
        "check with a wrong password is not answered either."
    )


class IceServerRefused(Finding):
    """A STUN or TURN server answered, and refused."""

    name: ClassVar[str] = "ice_server_refused"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Look at username and credential: those that a service makes run out, so get new ones for "
        "each call. Behind a strict firewall nobody is heard without that server."
    )


class DtlsFailed(Finding):
    """Packets go through, and the encryption could not be agreed."""

    name: ClassVar[str] = "dtls_failed"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Pass a=fingerprint and a=setup of the answer on unchanged; see that the answer is the one "
        "to this very offer."
    )


class ConnectionLost(Finding):
    """A connection that was up broke."""

    name: ClassVar[str] = "connection_lost"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Restart ICE (restartIce and a new offer) when the state is “disconnected” for some "
        "seconds, and tell the user."
    )


class ComesUpRule(Rule):
    """Connections with offer and answer that are not up some seconds later."""

    finds = (
        IceNoRemoteCandidates,
        IceNoLocalCandidates,
        IceOnlyMdns,
        IceUnanswered,
        IceOneWay,
        DtlsFailed,
    )

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._told: set[int] = set()
        self._checks: dict[str, _Checks] = {}

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Looks again at each event: time passes with them."""
        if isinstance(seen.fact, Stats) and (pairs := _pairs(seen.fact)):
            self._checks[seen.fact.connection] = _Checks.of(seen, pairs)
        for connection in self.state.connections.values():
            if self._is_stuck(connection, seen):
                self._told.add(id(connection))
                yield self._why(connection, seen)

    def _is_stuck(self, connection: ConnectionNow, seen: Seen) -> bool:
        if id(connection) in self._told or connection.was_up or connection.closed:
            return False
        if connection.answered is None or self.state.ending is not None:
            return False
        has_failed = connection.states.get("connection") == "failed"
        return has_failed or seen.t_s - connection.answered.t_s >= CONNECTED_S

    def _why(self, connection: ConnectionNow, seen: Seen) -> Finding:
        assert connection.answered is not None
        events = (connection.answered.event, seen.event)
        local, remote = connection.candidates("local"), connection.candidates("remote")
        if connection.states.get("ice") in UP:
            return DtlsFailed.by("ICE is connected, and DTLS is not.", *events)
        checks = self._checks.get(connection.name)
        if checks is not None and (how := checks.one_way()):
            return IceOneWay.by(f"{how}{_problems(connection)}.", *events, checks.seen.event)
        if not local:
            cause = f"The browser gathered no candidate{_problems(connection)}."
            return IceNoLocalCandidates.by(cause, *events)
        if not remote:
            return IceNoRemoteCandidates.by("No candidate of the other side is known.", *events)
        if all(address_of(line).endswith(MDNS) for line in remote):
            cause = f"All {len(remote)} candidates of the other side are .local names."
            return IceOnlyMdns.by(cause, *events)
        tried = ", ".join(list(dict.fromkeys(map(_in_words, remote)))[:3])
        cause = f"No check to {tried} was answered{_problems(connection)}."
        return IceUnanswered.by(cause, *events)


@dataclass(frozen=True, slots=True)
class _Checks:
    """How many checks of a connection came and went, of all its pairs, as getStats counts them."""

    seen: Seen
    sent: int
    answered: int
    came: int

    @classmethod
    def of(cls, seen: Seen, pairs: Sequence[Mapping[str, Any]]) -> _Checks:
        """Those of one report."""
        sent, answered, came = (
            sum(_count(pair, name) for pair in pairs)
            for name in ("requestsSent", "responsesReceived", "requestsReceived")
        )
        return cls(seen, sent, answered, came)

    def one_way(self) -> str:
        """Which way is closed, in words; "" where none is, or both."""
        if self.came and self.sent and not self.answered:
            return (
                f"{self.came} checks of the other side came, and none of the {self.sent} of the "
                "page was answered: what it sends does not get there"
            )
        if self.answered and not self.came:
            return (
                f"{self.answered} checks of the page were answered, and the other side sent none: "
                "it does not know where, or does not begin"
            )
        return ""


def _pairs(fact: Stats) -> list[Mapping[str, Any]]:
    report = fact.report
    entries = report.values() if isinstance(report, Mapping) else report
    stats = [one for one in entries if isinstance(one, Mapping)]
    return [one for one in stats if one.get("type") == "candidate-pair"]


def _count(pair: Mapping[str, Any], name: str) -> int:
    count = pair.get(name)
    return int(count) if isinstance(count, int | float) and 0 < count < math.inf else 0


class ServerRule(Rule):
    """Servers that refuse. That one does not answer is told with what comes of it, if anything."""

    finds = (IceServerRefused,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._told: set[str] = set()

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Once for each server."""
        match seen.fact:
            case IceServerProblem(server=server, code=code, message=message):
                if code == NO_ANSWER or server in self._told:
                    return
                self._told.add(server)
                cause = f"{server} refused with {code} {message}".rstrip(" .") + "."
                yield IceServerRefused.by(cause, seen.event)


class LostRule(Rule):
    """Connections that break while nobody ends the call."""

    finds = (ConnectionLost,)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """The state that the browser tells."""
        match seen.fact:
            case ConnectionState(kind="connection", state="disconnected" | "failed" as state):
                found = self.state.connection(seen.fact.connection)
                if found is not None and found.was_up and self.state.ending is None:
                    cause = f"The connection had been up, and its state became “{state}”."
                    yield ConnectionLost.by(cause, seen.event, found.was_up.event)


def _problems(connection: ConnectionNow) -> str:
    """What its servers said, behind a cause."""
    told = [f"{one.server}: {one.code} {one.message}" for one in connection.server_problems]
    return "".join(f"; {one}" for one in list(dict.fromkeys(told))[:2]).rstrip(".")


def _in_words(candidate: str) -> str:
    fields = candidate.split()
    port = fields[5] if len(fields) > 5 else "?"
    return f"{address_of(candidate)}:{port} ({kind_of(candidate) or 'unknown'})"


RULES = (ComesUpRule, ServerRule, LostRule)
