"""The agent's connection among those of a page: recognised by who speaks the protocol, or chosen.

A page may hold several peer connections at once: the agent's, and one to a colleague, to a room, to
itself. Each has a name ("connection-0", counted from 0 in each document). What is played of the
agent's is judged; what is played of another one is kept beside it.
"""

from __future__ import annotations

import re

from harness.errors import UsageError
from harness.line.envelope import Envelope

AUTO = "auto"
ALL = "all"
CHANNEL = "channel:"

_CONNECTION = re.compile(r"connection-[0-9]+")

Lane = tuple[str, str]
"""The document's name, and the connection's in it."""


class AgentConnections:
    """Says of each connection whether what it plays is the agent's.

    Recognised, that is: a connection on whose data channel a service has spoken the protocol and
    on which sound comes. As long as there is none (no protocol, one over a WebSocket, one whose
    sound comes elsewhere), all are. A connection that was another's once stays that, until a
    service speaks the protocol on it.

    Args:
        choice: "auto", "all", a connection's name, or "channel:" and the label of its data channel.

    Raises:
        UsageError: it is none of these.
    """

    def __init__(self, choice: str = AUTO) -> None:
        check_agent(choice)
        self.choice = choice
        self._sounding: set[Lane] = set()
        self._speaking: set[Lane] = set()
        self._closed: set[Lane] = set()
        self._labels: set[tuple[Lane, str]] = set()
        self._others: set[Lane] = set()

    def receive(self, envelope: Envelope) -> None:
        """Take an envelope of the page: a track that sounds, a channel, an end."""
        data, realm = envelope.data, envelope.frame_id
        if envelope.type == "tap.started":
            self._sounding.add((realm, data["connection"]))
        elif envelope.type == "data_channel.created":
            self._labels.add(((realm, data["connection"]), data["label"]))
        elif envelope.type == "peer_connection.closed":
            self._closed.add((realm, data["connection"]))
        elif envelope.type == "page.unloaded":
            self._closed.update(lane for lane in self._sounding if lane[0] == realm)

    def speaks(self, realm: str, connection: str) -> None:
        """A service has spoken the protocol on one of its data channels."""
        self._speaking.add((realm, connection))

    @property
    def missing(self) -> bool:
        """One was chosen, and no sound has come on it."""
        return self.choice not in (AUTO, ALL) and not any(
            self.is_judged(*lane) for lane in self._sounding
        )

    @property
    def names(self) -> list[str]:
        """The connections on which sound has come, by name."""
        return sorted({connection for _, connection in self._sounding})

    def is_judged(self, realm: str, connection: str) -> bool:
        """Whether what is played of it counts; the page's other sound ("") always does."""
        lane = (realm, connection)
        if not connection or self.choice == ALL:
            return True
        if self.choice.startswith(CHANNEL):
            return (lane, self.choice.removeprefix(CHANNEL)) in self._labels
        if self.choice != AUTO:
            return connection == self.choice
        return self._is_recognised(lane)

    def _is_recognised(self, lane: Lane) -> bool:
        agents = self._speaking & self._sounding
        if lane in agents:
            return True
        if agents - self._closed:
            self._others.add(lane)
        return lane not in self._others


def check_agent(choice: str) -> None:
    """See that a choice can be one.

    Raises:
        UsageError: it cannot.
    """
    is_channel = choice.startswith(CHANNEL) and len(choice) > len(CHANNEL)
    if choice in (AUTO, ALL) or is_channel or _CONNECTION.fullmatch(choice):
        return
    raise UsageError(
        "That names no connection of a page.",
        expected=f"{AUTO}, {ALL}, connection-0 (the first of a document), or {CHANNEL}LABEL",
        found=choice,
    )
