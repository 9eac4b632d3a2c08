"""The peer connections of a call: rounds of offer and answer, what followed from each, and ICE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.report.ice import NO_PAIR, IceView, ice_of
from harness.report.rounds import Round, SdpRoom, Story, between, text_of
from harness.terminal_text import printable
from harness.trace import TraceEvent

MOST_CONNECTIONS = 12
MOST_ROUNDS = 30
MOST_CHANGES = 40
"""A page shows so many of each; what is left out is counted, and in the trace."""

NO_DTLS = "Not connected: ICE reached the other side; the encryption (DTLS) was not agreed."
UP = ("connected", "completed")
STATES = {
    "signaling": "offer and answer",
    "gathering": "looking for its own addresses",
    "ice": "checks between both sides' addresses",
    "dtls": "encryption, as getStats told it",
    "connection": "ICE and encryption together",
}
"""The kinds of a connection's states, and what they are of."""

DTLS_STATES = ("failed", "closed", "connecting", "new", "connected")
"""Those that there are, the worst one first."""

_TYPES = ("peer_connection.", "data_channel.open", "stats")


@dataclass(frozen=True, slots=True)
class StateChanges:
    """One kind of state over time."""

    kind: str
    what: str
    changes: Sequence[tuple[float | None, str]]
    more: int


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """One peer connection, as the page shows it."""

    name: str
    summary: str
    """Whether it came up, and over what; else what is missing."""

    is_bad: bool
    rounds: Sequence[Round]
    more_rounds: int
    states: Sequence[StateChanges]
    ice: IceView
    links: Mapping[int, int]
    """Events that followed from another: numbers in the trace, effect to cause."""


@dataclass(frozen=True, slots=True)
class ConnectionsView:
    """All of a call's."""

    shown: Sequence[ConnectionView]
    more: int

    def for_script(self) -> dict[str, Any]:
        """What the page's script works on."""
        return {
            "connections": [
                {
                    text.key: {"label": text.label, "lines": text.lines, "left_out": text.left_out}
                    for one in connection.rounds
                    for text in one.texts
                }
                for connection in self.shown
            ],
            "causes": {
                str(effect): cause for one in self.shown for effect, cause in one.links.items()
            },
        }


def connections_of(events: Sequence[TraceEvent]) -> ConnectionsView:
    """The connections of a trace, in the order in which they appear."""
    by_name: dict[str, list[TraceEvent]] = {}
    offering: list[TraceEvent] = []
    for event in events:
        name = event.data.get("connection")
        if isinstance(name, str) and event.type.startswith(_TYPES):
            own = by_name.setdefault(name, [])
            own.append(event)
            if event.type == "peer_connection.offer" and event.data.get("side") == "local":
                offering = own
        elif event.type == "page.signalled" and event.data.get("is_offer") is True:
            offering.append(event)  # it names no connection: it is of the one that offered last
    shown = list(by_name.items())[:MOST_CONNECTIONS]
    room = SdpRoom()
    views = [_view(name, own, room) for name, own in shown]
    return ConnectionsView(views, len(by_name) - len(shown))


def _view(name: str, events: Sequence[TraceEvent], room: SdpRoom) -> ConnectionView:
    story = Story(room)
    for event in events:
        story.take(event)
    story.end()
    ice = ice_of(events)
    summary, is_bad = _summary(events, story, ice)
    return ConnectionView(
        name=printable(name)[:60],
        summary=summary,
        is_bad=is_bad,
        rounds=story.rounds[:MOST_ROUNDS],
        more_rounds=max(0, len(story.rounds) - MOST_ROUNDS),
        states=_states(events),
        ice=ice,
        links=story.links,
    )


def _summary(events: Sequence[TraceEvent], story: Story, ice: IceView) -> tuple[str, bool]:
    """In one sentence, and whether it is bad news."""
    last = {}
    for event in events:
        if event.type == "peer_connection.state":
            last[text_of(event, "kind")] = text_of(event, "state")
    if story.came_up is not None:
        offer = next((e for e in events if e.type == "peer_connection.offer"), None)
        took_s = between(offer, story.came_up)
        took = f" {took_s * 1000:.0f} ms after the offer" if took_s is not None else ""
        used = ice.used
        path = f", over {used.local.in_words} → {used.remote.in_words}" if used else ""
        lost = last.get("connection") in ("failed", "disconnected")
        end = f" Then its state became “{last['connection']}”." if lost else ""
        return f"Connected{took}{path if used and used.local.address else ''}.{end}", lost
    if story.offer is None and story.answer is None:
        return "No description was set.", False
    if story.answer is None:
        return "Not connected: the offer was never answered.", True
    if last.get("ice") in (*UP, "disconnected"):
        return NO_DTLS, True
    if not last.get("ice") and ice.unpaired == NO_PAIR:
        return "Not connected: the trace ends before ICE began its checks.", True
    if ice.unpaired:
        return f"Not connected. {ice.unpaired}", True
    return "Not connected: no pair of addresses worked.", True


def dtls_state(event: TraceEvent) -> str:
    """The state of the encryption in a getStats report; "" where none is told.

    Of several transports the one that is worst off counts.
    """
    report = event.data.get("report") if event.type == "stats" else None
    entries = report.values() if isinstance(report, Mapping) else report or []
    states = {
        entry.get("dtlsState")
        for entry in entries
        if isinstance(entry, Mapping) and entry.get("type") == "transport"
    }
    return next((state for state in DTLS_STATES if state in states), "")


def _states(events: Sequence[TraceEvent]) -> list[StateChanges]:
    found: dict[str, list[tuple[float | None, str]]] = {}
    for event in events:
        if event.type == "peer_connection.state":
            kind, state = text_of(event, "kind"), text_of(event, "state")
            found.setdefault(kind, []).append((event.t_s, state))
        elif state := dtls_state(event):
            told = found.setdefault("dtls", [])
            if not told or told[-1][1] != state:
                told.append((event.t_s, state))
    return [
        StateChanges(
            kind, what, found[kind][:MOST_CHANGES], max(0, len(found[kind]) - MOST_CHANGES)
        )
        for kind, what in STATES.items()
        if kind in found
    ]
