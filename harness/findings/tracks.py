"""Findings of tracks: what the descriptions of a connection say is sent and received."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from harness.findings.finding import Finding, Severity
from harness.findings.rule import Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState, ConnectionNow

OPEN_S = 1.0
"""What a connection is for shows a little after it is up."""

COMING_S = 10.0
"""A page that holds several connections makes them one after the other; this long is waited."""

ENDED = frozenset({"failed", "closed", "disconnected"})


class NoAudioNegotiated(Finding):
    """The connection is up, and its descriptions have no section for audio."""

    name: ClassVar[str] = "no_audio_negotiated"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Add the microphone's track (addTrack), or an audio transceiver, before createOffer."
    )


class MicrophoneNotAdded(Finding):
    """The page has a microphone, and its description says that it sends no audio."""

    name: ClassVar[str] = "microphone_not_added"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Call addTrack(track, stream) before createOffer; a track that is added later needs a new "
        "offer, and a transceiver that is recvonly never sends."
    )


class AudioSendOnly(Finding):
    """The page offers to send audio and to receive none."""

    name: ClassVar[str] = "audio_send_only"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Make the audio transceiver's direction sendrecv: with sendonly nothing is ever heard."
    )


class RemoteSendsNoAudio(Finding):
    """The other side's description says that it sends no audio, though the page would take it."""

    name: ClassVar[str] = "remote_sends_no_audio"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = "Look at the server: its answer is recvonly or inactive for audio."


class DirectionRule(Rule):
    """What the connections of a page may carry.

    A page may hold both ends of one call, or several connections of which each has its part; so
    only what none of them does is told.
    """

    finds = (NoAudioNegotiated, MicrophoneNotAdded, AudioSendOnly, RemoteSendsNoAudio)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._is_told = False

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Once a connection has been up for a moment."""
        if self._is_told or self.state.ending is not None:
            return
        up = [one for one in self.state.connections.values() if one.is_up]
        since_s = [_up_s(one) for one in up]
        since_s += [event.t_s or 0.0 for event in self.state.microphones.values()]
        if not up or seen.t_s - max(since_s) < OPEN_S:
            return
        if any(_is_coming(one, seen.t_s) for one in self.state.connections.values()):
            return
        found = self._found(up)
        if found is not None:
            self._is_told = True
            yield found

    def _found(self, up: list[ConnectionNow]) -> Finding | None:
        first = up[0]
        if first.offered is None or first.answered is None:
            return None
        events = (first.offered.event, first.answered.event)
        local = [section for one in up if one.local for section in one.local.of("audio")]
        remote = [section for one in up if one.remote for section in one.remote.of("audio")]
        if not local and not remote:
            return NoAudioNegotiated.by("No description has an m=audio section.", *events)
        if self.state.microphones and not any(section.sends for section in local):
            how = ", ".join(dict.fromkeys(section.direction for section in local))
            cause = f"A microphone is open, and audio is {how} in the page's description."
            return MicrophoneNotAdded.by(cause, *events)
        if not any(section.receives for section in local):
            how = ", ".join(dict.fromkeys(section.direction for section in local))
            cause = f"Audio is {how} in the page's description."
            return AudioSendOnly.by(cause, *events)
        if not any(section.sends for section in remote):
            how = ", ".join(dict.fromkeys(section.direction for section in remote))
            cause = f"Audio is {how} in the other side's description."
            return RemoteSendsNoAudio.by(cause, *events)
        return None


def _is_coming(connection: ConnectionNow, now_s: float) -> bool:
    """Whether a connection is being made, so that it may yet carry what the others do not."""
    offered = connection.offered
    is_over = connection.closed is not None or connection.states.get("connection") in ENDED
    return (
        offered is not None
        and not connection.is_up
        and not is_over
        and now_s - offered.t_s < COMING_S
    )


def _up_s(connection: ConnectionNow) -> float:
    return connection.was_up.t_s if connection.was_up else 0.0


RULES = (DirectionRule,)
