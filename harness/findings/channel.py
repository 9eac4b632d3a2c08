"""Findings of the data channel that carries a call's events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from harness.facts.browser import Signalled
from harness.facts.call import CallFailed
from harness.facts.connection import (
    DataChannelClosed,
    DataChannelCreated,
    DataChannelOpen,
    DataChannelSendFailed,
)
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Overdue, Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState
from harness.realtime.wire import EVENTS_LABEL

OPEN_S = 3.0
"""A channel opens a few round trips after its connection."""

CALLS = "/realtime/calls"


class NoDataChannel(Finding):
    """A Realtime call without a data channel: no event comes and none can be sent."""

    name: ClassVar[str] = "no_data_channel"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = f"Call createDataChannel(“{EVENTS_LABEL}”) before createOffer."


class WrongChannelLabel(Finding):
    """The events channel of a Realtime call has another label than the documented one."""

    name: ClassVar[str] = "wrong_channel_label"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        f"Name it “{EVENTS_LABEL}”: a server need not take any other, though the local one does."
    )


class SentBeforeOpen(Finding):
    """The page sent on a data channel that was not open yet; the browser throws, nothing goes."""

    name: ClassVar[str] = "sent_before_open"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = "Send in the channel's “open” event, or keep a queue until then."


class SentAfterClose(Finding):
    """The page sent on a data channel that was closed."""

    name: ClassVar[str] = "sent_after_close"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = "Look at readyState before sending, and stop timers when a call ends."


class ChannelClosed(Finding):
    """The events channel was closed while the connection went on."""

    name: ClassVar[str] = "channel_closed"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Keep the channel for as long as the call; where the server closed it, look at its last "
        "events."
    )


class ChannelNeverOpened(Finding):
    """The connection was up, and its data channel did not open."""

    name: ClassVar[str] = "channel_never_opened"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Make the channel before createOffer, so that the offer has m=application; with "
        "`negotiated: true` both sides must name the same id."
    )


class MissingChannelRule(Rule):
    """Realtime calls whose connection has no events channel."""

    finds = (NoDataChannel, WrongChannelLabel)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._call: Seen | None = None
        self._told = False

    def on(self, seen: Seen) -> Iterator[Finding]:
        """What was posted to a Realtime server is a Realtime call; once it is up, look."""
        if isinstance(seen.fact, Signalled) and CALLS in seen.fact.url:
            self._call = seen
        if self._call is None or self._told:
            return
        for connection in self.state.connections.values():
            up = connection.was_up
            if up is None or not connection.is_up or seen.t_s - up.t_s < OPEN_S:
                continue
            if not connection.labels:
                self._told = True
                cause = "The page posted a Realtime call and made no data channel."
                yield NoDataChannel.by(cause, up.event, self._call.event)
            elif EVENTS_LABEL not in connection.labels:
                self._told = True
                named = ", ".join(f"“{label}”" for label in connection.labels)
                cause = f"The channel of a Realtime call is {named}."
                yield WrongChannelLabel.by(cause, up.event, self._call.event)


class SendRule(Rule):
    """Messages that the browser refused to send."""

    finds = (SentBeforeOpen, SentAfterClose)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """By the state the channel was in."""
        match seen.fact:
            case DataChannelSendFailed(state=state, label=label, line=line):
                kind = SentBeforeOpen if state == "connecting" else SentAfterClose
                cause = f"send() on “{label}” was refused: the channel is {state}."
                yield kind.by(cause, seen.event, page_line=line)


class LifeRule(Rule):
    """Channels that never open, or close too early."""

    finds = (ChannelNeverOpened, ChannelClosed)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._closed = Overdue(1.0)
        self._waiting: dict[tuple[str, str], Seen] = {}

    def on(self, seen: Seen) -> Iterator[Finding]:
        """A channel that closes with its connection is none."""
        match seen.fact:
            case DataChannelCreated(side="local") as made:
                self._waiting[made.connection, made.channel] = seen
            case DataChannelOpen() as opened:
                self._waiting.pop((opened.connection, opened.channel), None)
            case DataChannelClosed() as closed:
                self._waiting.pop((closed.connection, closed.channel), None)
                if self._is_events(closed):
                    self._closed.wait(closed.connection, seen)
        yield from self._never_opened(seen)
        is_lost = isinstance(seen.fact, CallFailed)  # the harness ends a call that has lost it
        for name, closed_at in self._closed.due(float("inf") if is_lost else seen.t_s):
            connection = self.state.connection(str(name))
            if connection is not None and connection.is_up and self.state.ending is None:
                cause = "The events channel closed while its connection was up."
                yield ChannelClosed.by(cause, closed_at.event)

    def _is_events(self, closed: DataChannelClosed) -> bool:
        return closed.connection in self.state.sessions or closed.label == EVENTS_LABEL

    def _never_opened(self, seen: Seen) -> Iterator[Finding]:
        for key, made in list(self._waiting.items()):
            connection = self.state.connection(key[0])
            up = connection.was_up if connection is not None and connection.is_up else None
            if up is not None and seen.t_s - max(up.t_s, made.t_s) >= OPEN_S:
                del self._waiting[key]
                cause = "The data channel is not open, and its connection has been up for long."
                yield ChannelNeverOpened.by(cause, made.event, up.event)


RULES = (MissingChannelRule, SendRule, LifeRule)
