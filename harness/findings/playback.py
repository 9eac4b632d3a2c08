"""Findings of playback: what came on a remote track and that no user could hear, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.facts.call import NotPlayed
from harness.facts.media import PlaybackChanged
from harness.facts.page import VisibilityChanged
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState

LEAST_S = 0.5
"""What is lost for less is the start of an element."""

REFUSED = "play() was refused"

HIDDEN_S = 2.0
"""What a page does because it is hidden it does by then, though its timers may be slowed down."""


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
        "Call play() once srcObject is set, or give the element `autoplay`; look for what "
        "pauses it."
    )


class PausedInBackground(Finding):
    """The page stopped its playback as it went into the background, and so the answer was lost."""

    name: ClassVar[str] = "paused_in_background"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Leave the voice of a call alone in the visibilitychange handler: neither pause() nor "
        "suspend(). A user who looks at another tab goes on listening."
    )


class RemoteTrackDisabled(Finding):
    """The page disabled or stopped the remote track, so it plays silence."""

    name: ClassVar[str] = "remote_track_disabled"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Look for what sets enabled to false on the track of the receiver, or calls its stop()."
    )


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
        PausedInBackground,
        RemoteTrackDisabled,
        AudioContextSuspended,
        AudioGraphSilent,
    )

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._told: set[str] = set()
        self._changes: dict[str, list[_Change]] = {}
        self._hidden: Seen | None = None
        """Since when nobody sees the page; None while it is seen."""

    def on(self, seen: Seen) -> Iterator[Finding]:
        """One finding of a kind: a call is silent for one reason."""
        match seen.fact:
            case VisibilityChanged(state=state):
                self._hidden = seen if state == "hidden" else None
            case PlaybackChanged(reason=reason):
                self._changes.setdefault(reason, []).append(_Change(seen, self._why(seen, reason)))
            case NotPlayed() as lost if lost.end_s - lost.start_s >= LEAST_S:
                yield from self._lost(seen, lost)

    def _why(self, seen: Seen, reason: str) -> Seen | None:
        """What hid the page, where that is why playback stopped."""
        if self._hidden is None or not any(words in reason for words in STOPPED):
            return None
        return self._hidden if seen.t_s - self._hidden.t_s <= HIDDEN_S else None

    def _lost(self, seen: Seen, lost: NotPlayed) -> Iterator[Finding]:
        change = self._in_force(lost)
        hidden = change.hidden if change is not None else None
        kind = kind_of(lost.reason) if hidden is None else PausedInBackground
        if kind.name not in self._told:
            self._told.add(kind.name)
            where = f"from {lost.start_s:.2f} s to {lost.end_s:.2f} s"
            when = "" if hidden is None else f" since the page was hidden at {hidden.t_s:.2f} s"
            cause = f"What came {where} was not played: {lost.reason}{when}."
            because = [hidden, change.seen if change else None]
            events = [one.event for one in because if one is not None]
            yield kind.by(cause, seen.event, *events, at_s=lost.start_s)

    def _in_force(self, lost: NotPlayed) -> _Change | None:
        """The change that made playback what it was as a stretch began; it is told of later."""
        changes = self._changes.get(lost.reason, [])
        before = [one for one in changes if one.seen.t_s <= lost.start_s + LEAST_S]
        return next(iter(before[-1:] or changes), None)


@dataclass(frozen=True, slots=True)
class _Change:
    """Playback changed."""

    seen: Seen
    hidden: Seen | None
    """What hid the page just before, where that is why."""


def kind_of(reason: str) -> type[Finding]:
    """The kind of finding for a reason that the probe or the score gives."""
    return next((kind for words, kind in _KINDS if words in reason), AudioGraphSilent)


STOPPED = ("is paused", "AudioContext is suspended")
"""Reasons of a page that stops its playback and means to go on."""

_KINDS: tuple[tuple[str, type[Finding]], ...] = (
    (REFUSED, PlayRefused),
    ("no element plays", TrackNotAttached),
    ("track is disabled", RemoteTrackDisabled),
    ("track was stopped", RemoteTrackDisabled),
    ("is muted", ElementMuted),
    ("volume is", ElementVolume),
    ("is paused", ElementPaused),
    ("has ended", ElementPaused),
    ("nothing to play yet", ElementPaused),
    ("AudioContext is suspended", AudioContextSuspended),
)

RULES = (NotPlayedRule,)
