"""Findings of playback: what came on a remote track and that no user could hear, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from harness.facts.call import NotPlayed
from harness.facts.media import PlaybackChanged
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState
from harness.score.playback import DISABLED

LEAST_S = 0.5
"""What is lost for less is the start of an element."""

REFUSED = "play() was refused"


class TrackNotAttached(Finding):
    """A remote track brought voice, and nothing in the page plays it."""

    name: ClassVar[str] = "track_not_attached"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "In ontrack, set an audio element's srcObject to streams[0] (or a new MediaStream with the "
        "track), and play it."
    )


class PlayRefused(Finding):
    """The browser refused to play: nobody had clicked anything on the page yet."""

    name: ClassVar[str] = "play_refused"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Call play() in the handler of a click, and show a button where its promise is rejected."
    )


class ElementMuted(Finding):
    """The element that plays the remote track is muted."""

    name: ClassVar[str] = "element_muted"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = "Take `muted` off the element; look for what sets it, an attribute too."


class ElementVolume(Finding):
    """The element that plays the remote track is turned down to where nobody hears it."""

    name: ClassVar[str] = "element_volume"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = "Set the element's volume; look for a slider that starts at 0."


class ElementPaused(Finding):
    """The element that has the remote track is paused."""

    name: ClassVar[str] = "element_paused"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Call play() once srcObject is set, or give the element `autoplay`; look for what pauses "
        "it, such as a page in the background."
    )


class RemoteTrackDisabled(Finding):
    """The page disabled the remote track, so it plays silence."""

    name: ClassVar[str] = "remote_track_disabled"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = "Look for what sets enabled to false on the track of the receiver."


class AudioContextSuspended(Finding):
    """The remote track goes into an audio graph whose context does not run."""

    name: ClassVar[str] = "audio_context_suspended"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = "Call resume() on the AudioContext in the handler of a click."


class AudioGraphSilent(Finding):
    """The remote track goes into an audio graph, and does not come out of it."""

    name: ClassVar[str] = "audio_graph_silent"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Connect the graph to its context's destination, and see that no gain in it is 0. In "
        "Chromium a remote track needs an (also muted) element, too, to flow into a graph."
    )


class NotPlayedRule(Rule):
    """Stretches that were received and not played; the harness has measured them."""

    finds = (
        TrackNotAttached,
        PlayRefused,
        ElementMuted,
        ElementVolume,
        ElementPaused,
        RemoteTrackDisabled,
        AudioContextSuspended,
        AudioGraphSilent,
    )

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._told: set[str] = set()
        self._states: dict[str, Seen] = {}

    def on(self, seen: Seen) -> Iterator[Finding]:
        """One finding of a kind: a call is silent for one reason."""
        if isinstance(seen.fact, PlaybackChanged):
            self._states[seen.fact.reason] = seen
        if not isinstance(seen.fact, NotPlayed) or seen.fact.end_s - seen.fact.start_s < LEAST_S:
            return
        kind = kind_of(seen.fact.reason)
        if kind.name not in self._told:
            self._told.add(kind.name)
            where = f"from {seen.fact.start_s:.2f} s to {seen.fact.end_s:.2f} s"
            cause = f"What came {where} was not played: {seen.fact.reason}."
            changed = self._states.get(seen.fact.reason)
            events = (seen.event, *((changed.event,) if changed else ()))
            yield kind.by(cause, *events, at_s=seen.fact.start_s)


def kind_of(reason: str) -> type[Finding]:
    """The kind of finding for a reason that the probe or the score gives."""
    if reason == DISABLED:
        return RemoteTrackDisabled
    return next((kind for words, kind in _KINDS if words in reason), AudioGraphSilent)


_KINDS: tuple[tuple[str, type[Finding]], ...] = (
    (REFUSED, PlayRefused),
    ("no element plays", TrackNotAttached),
    ("is muted", ElementMuted),
    ("volume is", ElementVolume),
    ("is paused", ElementPaused),
    ("has ended", ElementPaused),
    ("nothing to play yet", ElementPaused),
    ("AudioContext is suspended", AudioContextSuspended),
)

RULES = (NotPlayedRule,)
