"""The network of a call, period by period: asked, counted by the relay, seen by getStats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from harness.network.impairment.conditions import Conditions
from harness.trace import TraceEvent

Way = Literal["up", "down"]

DROPPED = ("lost", "overflowed", "blacked_out")
"""Counts of packets that did not go on, by cause."""


SHORTEST_S = 2.0
"""From a period's start to the last getStats report in it, one of which comes each second: of less
than this they say too little about loss. So a period of 3 s is always long enough."""


@dataclass(frozen=True, slots=True)
class WaySeen:
    """One direction in one period. What was not counted, or not told, is None."""

    asked: str
    """In words."""

    packets: int | None = None
    """That came to the relay."""

    dropped: int | None = None
    """Of these, that did not go on, whatever the cause."""

    delay_s: float | None = None
    """Mean delay of those that went on, seconds."""

    stats_loss: float | None = None
    """Share of RTP packets lost, by getStats."""


@dataclass(frozen=True, slots=True)
class NetworkPeriod:
    """From one change of the network to the next."""

    name: str
    """The profile or its stage; "" for conditions without a name."""

    start_s: float
    """On the timeline."""

    end_s: float | None
    """None where the trace breaks off."""

    up: WaySeen
    down: WaySeen
    stats_round_trip_s: float | None = None
    """By getStats: the last connectivity check that was answered in the period."""

    stats_jitter_s: float | None = None
    """By getStats: of the audio that came, at the end of the period."""

    stats_bytes: int | None = None
    """By getStats: of the audio that came."""


def network_periods(events: Sequence[TraceEvent]) -> list[NetworkPeriod]:
    """The periods of a call, in order; none where no network was asked for.

    Formulas: the relay's figures are its counts at the period's end minus those at its start. Loss
    down is lost / (lost + received) of the inbound audio, between the last getStats reports before
    both ends, if the last one comes 2 s or more after the start. Loss up is the mean fraction lost
    of the remote peer's own reports that are about the period alone, which come every five seconds
    or so. A hole of more than about 50 packets is no loss to getStats: the stream counts as begun
    anew. So none is told of a blackout.
    """
    changes = [event for event in events if event.type == "network.changed"]
    counted = [event for event in events if event.type == "network.counted"]
    ends: list[TraceEvent | None] = [*counted[1:], *([None] * len(changes))]
    reports = list(_reports(events))
    return [
        _period(change, before, end, reports)
        for change, before, end in zip(changes, counted, ends, strict=False)
    ]


def network_notes(events: Sequence[TraceEvent]) -> list[str]:
    """What whoever asked for a network should know, whatever the verdict."""
    types = {event.type for event in events}
    if "network.began" not in types:
        return []
    notes = []
    if "network.changed" not in types:
        notes.append(
            "network: nothing of the call went through it; a page without WebRTC, or one that set "
            "no remote description, has no packets that it could lose"
        )
    policies = [
        event.data["configuration"].get("iceTransportPolicy")
        for event in events
        if event.type == "peer_connection.created"
    ]
    if "relay" in policies:
        notes.append(
            "network: the page allows ways through its TURN server alone (iceTransportPolicy), and "
            "none of them leads to the relay on this machine"
        )
    return notes


@dataclass(frozen=True, slots=True)
class _Report:
    """One getStats report of one connection."""

    t_s: float
    connection: str
    objects: list[Mapping[str, Any]]

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """Its objects of one type, audio where they have a kind."""
        return [
            one
            for one in self.objects
            if one.get("type") == kind and one.get("kind", "audio") == "audio"
        ]

    def total(self, kind: str, member: str) -> int:
        return sum(int(one.get(member) or 0) for one in self.of(kind))


def _reports(events: Sequence[TraceEvent]) -> Iterator[_Report]:
    for event in events:
        if event.type == "stats" and event.t_s is not None:
            report = event.data.get("report")
            objects = report.values() if isinstance(report, Mapping) else report or []
            plain = [one for one in objects if isinstance(one, Mapping)]
            yield _Report(event.t_s, str(event.data.get("connection")), plain)


def _period(
    change: TraceEvent, before: TraceEvent, end: TraceEvent | None, reports: Sequence[_Report]
) -> NetworkPeriod:
    start_s, end_s = change.t_s or 0.0, None if end is None else end.t_s
    last_s = float("inf") if end_s is None else end_s
    until = [report for report in reports if report.t_s <= last_s]
    inside = [report for report in until if report.t_s > start_s]
    stats = _Stats(until, inside, start_s)
    return NetworkPeriod(
        name=str(change.data["name"]),
        start_s=start_s,
        end_s=end_s,
        up=_way("up", change, before, end, stats.loss_up()),
        down=_way("down", change, before, end, stats.loss_down()),
        stats_round_trip_s=stats.round_trip_s(),
        stats_jitter_s=stats.jitter_s(),
        stats_bytes=stats.bytes(),
    )


def _way(
    way: Way, change: TraceEvent, before: TraceEvent, end: TraceEvent | None, loss: float | None
) -> WaySeen:
    conditions = Conditions(**change.data[way])
    asked, loss = conditions.in_words(), None if conditions.blackout else loss
    if end is None:
        return WaySeen(asked, stats_loss=loss)
    grown = {name: end.data[way][name] - count for name, count in before.data[way].items()}
    dropped = sum(grown[name] for name in DROPPED)
    passed = grown["packets"] - dropped
    delay_s = grown["waited_s"] / passed if passed else None
    return WaySeen(asked, grown["packets"], dropped, delay_s, loss)


@dataclass(frozen=True, slots=True)
class _Stats:
    """What getStats says of a period."""

    until: Sequence[_Report]
    """All up to the period's end."""

    inside: Sequence[_Report]
    start_s: float

    @property
    def lasts_s(self) -> float:
        """As far as reports go."""
        return self.inside[-1].t_s - self.start_s if self.inside else 0.0

    def loss_down(self) -> float | None:
        if self.lasts_s < SHORTEST_S:
            return None
        lost, received = self._grown("packetsLost"), self._grown("packetsReceived")
        if lost is None or received is None or lost + received <= 0:
            return None
        return max(0, lost) / (lost + received)

    def bytes(self) -> int | None:
        return self._grown("bytesReceived")

    def jitter_s(self) -> float | None:
        found = [one.get("jitter") for one in self._last("inbound-rtp")]
        return next((float(value) for value in found if value is not None), None)

    def round_trip_s(self) -> float | None:
        """Of the pair in use, if a check was answered in the period."""
        last = self.inside[-1] if self.inside else None
        pair = None if last is None else selected_pair(last.objects)
        if last is None or pair is None:
            return None
        before = [
            r for r in self.until if r.t_s <= self.start_s and r.connection == last.connection
        ]
        old = [one for one in before[-1].objects if one.get("id") == pair["id"]] if before else []
        answered = [int(one.get("responsesReceived") or 0) for one in (pair, *old[:1])]
        value = pair.get("currentRoundTripTime")
        return None if value is None or len(set(answered)) < len(answered) else float(value)

    def loss_up(self) -> float | None:
        """The remote peer's reports that are about nothing before the period."""
        shares = []
        for reported in _reported(self.until).values():
            came_s = [self.until[0].t_s, *(at_s for at_s, _ in reported)]
            shares += [
                share
                for before_s, (at_s, share) in zip(came_s, reported, strict=False)
                if before_s >= self.start_s and at_s - before_s > 0
            ]
        return sum(shares) / len(shares) if shares else None

    def _last(self, kind: str) -> list[Mapping[str, Any]]:
        return self.inside[-1].of(kind) if self.inside else []

    def _grown(self, member: str) -> int | None:
        """How much a count of the inbound audio grew, of the connection that was there last."""
        if not self.inside:
            return None
        last = self.inside[-1]
        if not last.of("inbound-rtp"):
            return None
        before = [
            r for r in self.until if r.t_s <= self.start_s and r.connection == last.connection
        ]
        from_ = before[-1].total("inbound-rtp", member) if before else 0
        return last.total("inbound-rtp", member) - from_


def selected_pair(objects: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The candidate pair that a getStats report says is in use; None: there is none."""
    ids = {one.get("selectedCandidatePairId") for one in objects if one.get("type") == "transport"}
    pairs = [one for one in objects if one.get("type") == "candidate-pair"]
    return next((pair for pair in pairs if pair.get("id") in ids), None)


def losses_reported(
    events: Sequence[TraceEvent],
) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """What remote peers reported of our audio: when on the timeline, and the fraction lost.

    By connection and the report's id. A remote peer tells every five seconds or so; each report of
    its is here once.
    """
    return _reported(list(_reports(events)))


def _reported(
    reports: Sequence[_Report],
) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """The same of reports that are read already."""
    found: dict[tuple[str, str], dict[float, tuple[float, float]]] = {}
    for report in reports:
        for one in report.of("remote-inbound-rtp"):
            stamp_ms = float(one.get("timestamp") or 0)
            at_s = report.t_s - _age_s(report, stamp_ms)
            told = (at_s, float(one.get("fractionLost") or 0))
            stream = (report.connection, str(one.get("id")))
            found.setdefault(stream, {}).setdefault(stamp_ms, told)
    return {name: list(told.values()) for name, told in found.items()}


def _age_s(report: _Report, stamp_ms: float) -> float:
    """How old what a remote peer told is in a report; what is ours there is of now."""
    now_ms = max((float(o.get("timestamp") or 0) for o in report.of("outbound-rtp")), default=0.0)
    return max(0.0, now_ms - stamp_ms) / 1000 if now_ms and stamp_ms else 0.0
