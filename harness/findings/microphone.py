"""Findings of the microphone: asked for, refused, given back, and what of the user was not sent."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, ClassVar

from harness.facts.call import CallFailed, ClipPlayed, NotSent
from harness.facts.connection import ConnectionState
from harness.facts.media import (
    MicrophoneStarted,
    MicrophoneStopped,
    UserMediaGranted,
    UserMediaRefused,
    UserMediaRequested,
)
from harness.facts.page import PageUnloaded
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Overdue, Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState
from harness.score.sending import MUTED, NO_TRACK, SILENT_TRACK

LATE_S = 2.0
"""A page that is connected for so long without having asked is late."""

KEPT_S = 1.5
"""A microphone that is open so long after the last connection was closed is forgotten."""

ENDED_S = 5.0
"""So long a page may take to ask for another microphone, once the one that it had is gone."""

REFUSED_S = 5.0
"""So long a page may take to ask for less, and to get it."""

UNMET = "OverconstrainedError"
"""The DOMException's name where no device can be what was asked for."""


class MicrophoneRefused(Finding):
    """The page asked for the microphone, did not get it, and did not get it later either."""

    name: ClassVar[str] = "microphone_refused"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Tell the user what to allow, and ask again on their click; getUserMedia's promise is "
        "rejected, so catch it. A frame of another origin needs allow=“microphone” on its iframe."
    )


class MicrophoneOverconstrained(Finding):
    """No microphone can be what the page asked for, so it got none."""

    name: ClassVar[str] = "microphone_overconstrained"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Ask with `ideal` in place of `exact`, and do not keep a deviceId from another visit."
    )


class MicrophoneNeverAsked(Finding):
    """The call was connected and the page never asked for a microphone."""

    name: ClassVar[str] = "microphone_never_asked"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = "Call getUserMedia({audio: true}) before the offer, and add its track."


class MicrophoneLate(Finding):
    """The page asked for the microphone long after the call was connected."""

    name: ClassVar[str] = "microphone_late"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Ask before the connection is made: what the user says until then is lost."
    )


class MicrophoneGivenBack(Finding):
    """The page stopped its microphone's track, and then the user spoke to nobody."""

    name: ClassVar[str] = "microphone_given_back"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Do not call stop() on the track while the call goes on; to mute, set track.enabled."
    )


class MicrophoneEnded(Finding):
    """The microphone ended by itself in mid-call, and the page did nothing about it."""

    name: ClassVar[str] = "microphone_ended"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Listen to the track's “ended” and to “devicechange”: ask for a microphone again, give its "
        "track to the sender (replaceTrack), and tell the user meanwhile."
    )


class MicrophoneLeftOpen(Finding):
    """The microphone was still open some time after the last connection was closed."""

    name: ClassVar[str] = "microphone_left_open"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Call stop() on its tracks when the call ends: the browser shows that it records."
    )


class MicrophoneMuted(Finding):
    """The user spoke while the page had switched the microphone's track off."""

    name: ClassVar[str] = "microphone_muted"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = "Look for what sets track.enabled to false and does not set it back."


class SenderWithoutTrack(Finding):
    """The user spoke, and the sender had no track to send it from."""

    name: ClassVar[str] = "sender_without_track"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Give the sender the microphone's track: addTrack, or replaceTrack(track) in place of null."
    )


class SentTrackSilent(Finding):
    """The user spoke into the microphone, and the track that was sent was silent."""

    name: ClassVar[str] = "sent_track_silent"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Send the microphone's own track. One out of an audio graph is silent while its "
        "AudioContext is suspended, or where the microphone is not connected to it."
    )


class EchoCancellationOff(Finding):
    """The page switched the browser's echo cancellation off."""

    name: ClassVar[str] = "echo_cancellation_off"
    severity: ClassVar[Severity] = "note"
    to_do: ClassVar[str] = (
        "Leave echoCancellation on: with loudspeakers the agent hears, and interrupts, itself."
    )


class AccessRule(Rule):
    """Whether the page gets the microphone that it asks for."""

    finds = (MicrophoneRefused, MicrophoneOverconstrained, EchoCancellationOff)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._refused = Overdue(REFUSED_S)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """A refusal counts once the page has had time to ask for less, and to get it."""
        match seen.fact:
            case UserMediaRequested(constraints=constraints):
                if _is_off(constraints.get("audio"), "echoCancellation"):
                    cause = "getUserMedia was asked for a microphone without echo cancellation."
                    yield EchoCancellationOff.by(cause, seen.event)
            case UserMediaGranted():
                self._refused.clear()
            case UserMediaRefused():
                self._refused.wait("refused", seen)
        yield from self._told(self._refused.due(seen.t_s))

    def at_end(self, t_s: float) -> Iterator[Finding]:
        """No other grant can come."""
        yield from self._told(self._refused.due(float("inf")))

    def _told(self, due: list[tuple[Hashable, Seen]]) -> Iterator[Finding]:
        for _, seen in due:
            assert isinstance(seen.fact, UserMediaRefused)
            kind = MicrophoneOverconstrained if seen.fact.name == UNMET else MicrophoneRefused
            cause = f"getUserMedia was refused: {seen.fact.name} {seen.fact.reason}".rstrip()
            yield kind.by(f"{cause}.", seen.event)


class AskedRule(Rule):
    """Whether and when a page with a peer connection asks for a microphone."""

    finds = (MicrophoneNeverAsked, MicrophoneLate)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._is_asked = False
        self._up: Seen | None = None

    def on(self, seen: Seen) -> Iterator[Finding]:
        """The first request counts."""
        if isinstance(seen.fact, UserMediaRequested) and not self._is_asked:
            self._is_asked = True
            if self._up is not None and seen.t_s - self._up.t_s > LATE_S:
                after = f"{seen.t_s - self._up.t_s:.1f} s after the call was connected"
                cause = f"The page asked for the microphone only {after}."
                yield MicrophoneLate.by(cause, seen.event, self._up.event)
        if isinstance(seen.fact, ConnectionState) and self._up is None:
            found = self.state.connection(seen.fact.connection)
            self._up = found.was_up if found is not None else None

    def at_end(self, t_s: float) -> Iterator[Finding]:
        """A page's call of some length without a microphone."""
        if self._up is None or self._is_asked or not self.state.has_page:
            return
        if t_s - self._up.t_s > LATE_S:
            cause = "The call was connected, and getUserMedia was never called."
            yield MicrophoneNeverAsked.by(cause, self._up.event)


class GivenBackRule(Rule):
    """What the user says when the page has no microphone open any more."""

    finds = (MicrophoneGivenBack, MicrophoneLeftOpen)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._stopped: Seen | None = None
        self._closed = Overdue(KEPT_S)
        self._is_told = False

    def on(self, seen: Seen) -> Iterator[Finding]:
        """A microphone that is stopped, and connections that are closed."""
        match seen.fact:
            case MicrophoneStopped(ended=ended):
                self._stopped = None if ended else seen
            case MicrophoneStarted():
                self._stopped = None
            case ClipPlayed(muted=False) as clip if self._is_given_back:
                yield from self._lost(seen, f"“{clip.text or clip.clip}” was said")
            case CallFailed(message=message) if "microphone" in message:
                yield from self._lost(seen, "somebody wanted to speak")
        yield from self._left_open(seen)

    @property
    def _is_given_back(self) -> bool:
        is_going_on = any(one.is_up for one in self.state.connections.values())
        return self._stopped is not None and not self.state.microphones and is_going_on

    def _lost(self, seen: Seen, what: str) -> Iterator[Finding]:
        if self._stopped is not None:
            cause = (
                f"The page stopped its microphone at {self._stopped.t_s:.2f} s, and then {what}."
            )
            yield MicrophoneGivenBack.by(cause, self._stopped.event, seen.event)
            self._stopped = None

    def _left_open(self, seen: Seen) -> Iterator[Finding]:
        connections = list(self.state.connections.values())
        closed_ones = [one.closed for one in connections if one.closed is not None]
        are_closed = bool(connections) and len(closed_ones) == len(connections)
        if are_closed and self.state.microphones and not self._is_told:
            self._closed.wait("closed", max(closed_ones, key=lambda closed: closed.t_s))
        else:
            self._closed.clear()
        for _, closed in self._closed.due(seen.t_s):
            self._is_told = True
            opened = next(iter(self.state.microphones.values()))
            cause = "All connections are closed, and the microphone still runs."
            yield MicrophoneLeftOpen.by(cause, closed.event, opened)


class EndedRule(Rule):
    """Microphones that end by themselves: unplugged, or their permission taken away."""

    finds = (MicrophoneEnded,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._ended = Overdue(ENDED_S)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """A page that asks again has seen it, whatever it gets."""
        match seen.fact:
            case MicrophoneStopped(ended=True) if not self.state.microphones:
                self._ended.wait("ended", seen)
            case MicrophoneStarted() | UserMediaRequested() | PageUnloaded():
                self._ended.clear()
            case CallFailed(message=message) if "microphone" in message:
                yield from self._told(float("inf"), "somebody wanted to speak")
        yield from self._told(seen.t_s, f"for {ENDED_S:g} s the page asked for no other")

    def _told(self, now_s: float, what: str) -> Iterator[Finding]:
        if not self.state.is_going_on:
            return
        for _, ended in self._ended.due(now_s):
            cause = f"The microphone ended by itself at {ended.t_s:.2f} s, and {what}."
            yield MicrophoneEnded.by(cause, ended.event)


class NotSentRule(Rule):
    """What the user said and no sender of the page had; the harness has measured it."""

    finds = (MicrophoneMuted, SenderWithoutTrack, SentTrackSilent)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """By the reason that was measured."""
        if not isinstance(seen.fact, NotSent):
            return
        kind = _NOT_SENT.get(seen.fact.reason)
        if kind is not None:
            where = f"from {seen.fact.start_s:.2f} s to {seen.fact.end_s:.2f} s"
            cause = f"What the user said {where} was not sent: {seen.fact.reason}."
            yield kind.by(cause, seen.event, at_s=seen.fact.start_s)


_NOT_SENT: dict[str, type[Finding]] = {
    MUTED: MicrophoneMuted,
    NO_TRACK: SenderWithoutTrack,
    SILENT_TRACK: SentTrackSilent,
}

RULES = (AccessRule, AskedRule, GivenBackRule, EndedRule, NotSentRule)


def _is_off(asked: Any, name: str) -> bool:
    """Whether a constraint wants a feature off, in any of its forms."""
    value = asked.get(name) if isinstance(asked, Mapping) else None
    if isinstance(value, Mapping):
        value = value.get("exact", value.get("ideal"))
    return value is False
