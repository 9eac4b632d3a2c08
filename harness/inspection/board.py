"""Board of a call that runs: its states, levels, last events and findings, in words. Pure."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping

from harness.facts.call import ProtocolRecognised
from harness.facts.connection import (
    ConnectionClosed,
    ConnectionCreated,
    ConnectionState,
    ConnectionTrack,
    DataChannelClosed,
    DataChannelCreated,
    DataChannelOpen,
)
from harness.facts.media import (
    MicrophoneEnabled,
    MicrophoneStarted,
    MicrophoneStopped,
    UserMediaGranted,
    UserMediaRefused,
    UserMediaRequested,
)
from harness.facts.page import PageLoaded, WebrtcCalled
from harness.facts.sockets import SocketClosed, SocketCreated, SocketOpen
from harness.findings.finding import Finding
from harness.report.event_rows import MESSAGES, is_bad, rows_of
from harness.terminal_text import printable
from harness.trace import TraceEvent

FLOOR_DBFS = -60.0
MOST_EVENTS = 200
MOST_CHARS = 160
UNTOLD = frozenset(
    {"stats", "tap.started", "tap.stopped", "answer.text", "track.recorded", "answer.judged",
     "microphone.read", "page.memory", "page.focus", "page.permission",
     "peer_connection.candidate", "peer_connection.relayed"}
)  # fmt: skip
"""Types of events that say nothing at a glance; the trace has them."""

TOLD_ALREADY = frozenset(
    {"getUserMedia", "getDisplayMedia", "send", "setLocalDescription", "setRemoteDescription",
     "addIceCandidate"}
)  # fmt: skip
"""Calls whose failure has an event of its own."""


class Board:
    """What somebody who watches is shown. Takes a call's events in order.

    Whatever comes from the page is fit for a terminal when it leaves.
    """

    def __init__(self) -> None:
        self.events: deque[str] = deque(maxlen=MOST_EVENTS)
        """The last events, a line each."""

        self.findings: list[Finding] = []
        """As they showed."""

        self.levels_dbfs: dict[str, float] = {}
        """Of the user ("you") and of what is played ("page"), RMS."""

        self.now_s = 0.0
        self.is_muted = False
        """Whether the user has switched the microphone off."""

        self.paused_at = ""
        """Where the page's scripts are held; "" while they run."""

        self._page = ""
        self._microphone = "microphone not asked for"
        self._protocol = ""
        self._connections: dict[str, dict[str, str]] = {}
        self._channels: dict[str, str] = {}

    def take(self, event: TraceEvent) -> str | None:
        """One more event; its line, where it is one to be shown."""
        if event.t_s is not None:
            self.now_s = max(self.now_s, event.t_s)
        self._state(event)
        line = self._line(event)
        if line is not None:
            self.events.append(line)
        return line

    @property
    def state(self) -> str:
        """Microphone, connections, channels and protocol, in one line."""
        return " · ".join(self.parts)

    @property
    def parts(self) -> list[str]:
        """The same one by one."""
        parts = [self._microphone]
        for name, states in self._connections.items():
            parts.append(f"{name} {_of_connection(states)}")
        parts += [f"{name} {state}" for name, state in self._channels.items()]
        if self._protocol:
            parts.append(self._protocol)
        return [printable(part) for part in parts]

    @property
    def page(self) -> str:
        """The address of the page itself."""
        return printable(self._page)

    def _state(self, event: TraceEvent) -> None:
        match event.fact:
            case PageLoaded(url=url, is_top=True):
                self._page = url
            case ProtocolRecognised(protocol=protocol):
                self._protocol = f"protocol {protocol}"
            case UserMediaRequested():
                self._microphone = "microphone asked for"
            case UserMediaRefused(name=name):
                self._microphone = f"microphone refused ({name})"
            case UserMediaGranted() | MicrophoneStarted():
                self._microphone = "microphone open"
            case MicrophoneEnabled(enabled=enabled):
                self._microphone = "microphone open" if enabled else "microphone switched off"
            case MicrophoneStopped(ended=ended):
                self._microphone = "microphone ended" if ended else "microphone given back"
            case fact:
                self._carrier(fact)

    def _carrier(self, fact: object) -> None:
        match fact:
            case ConnectionCreated(connection=name):
                self._connections[name] = {}
            case ConnectionState(connection=name, kind=kind, state=state):
                self._connections.setdefault(name, {})[kind] = state
            case ConnectionTrack(connection=name, kind=kind):
                self._connections.setdefault(name, {})[f"remote {kind}"] = "yes"
            case ConnectionClosed(connection=name):
                self._connections[name] = {"connection": "closed"}
            case DataChannelCreated(label=label):
                self._channels[f"“{label}”"] = "connecting"
            case DataChannelOpen(label=label):
                self._channels[f"“{label}”"] = "open"
            case DataChannelClosed(label=label):
                self._channels[f"“{label}”"] = "closed"
            case SocketCreated(label=label):
                self._channels[label] = "connecting"
            case SocketOpen(label=label):
                self._channels[label] = "open"
            case SocketClosed(label=label):
                self._channels[label] = "closed"

    def _line(self, event: TraceEvent) -> str | None:
        if event.type in UNTOLD or (event.type in MESSAGES and _is_piece(event)):
            return None
        if event.type == WebrtcCalled.type and not _is_news(event):
            return None
        rows = rows_of([event])
        if not rows:
            return None
        when = "     " if event.t_s is None else f"{event.t_s:5.1f}"
        mark = "!" if rows[0].get("bad") else " "
        line = f"{when} {mark} {rows[0]['type']}  {rows[0]['text']}".rstrip()
        return printable(line if len(line) <= MOST_CHARS else line[: MOST_CHARS - 1] + "…")


def meter(level_dbfs: float | None, width: int = 20) -> str:
    """A level as a bar; empty below -60 dBFS, full at 0 dBFS."""
    share = 0.0 if level_dbfs is None else 1 - max(FLOOR_DBFS, min(0.0, level_dbfs)) / FLOOR_DBFS
    full = round(share * width)
    return "█" * full + "·" * (width - full)


def finding_lines(finding: Finding) -> list[str]:
    """A finding for people, fit for a terminal: what, when, why, its evidence, what to do."""
    events = ", ".join(_evidence(one) for one in finding.evidence[:4])
    more = f" and {len(finding.evidence) - 4} more" if len(finding.evidence) > 4 else ""
    lines = [f"{finding.severity} {finding}", f"  do: {finding.to_do}"]
    if events:
        lines.append(f"  see: {events}{more}")
    if finding.page_line:
        lines.append(f"  line: {finding.page_line}")
    return [printable(line) for line in lines]


def _evidence(one: object) -> str:
    seq, kind = getattr(one, "seq", "?"), getattr(one, "type", "")
    return f"event {seq} ({kind})"


def _of_connection(states: Mapping[str, str]) -> str:
    if not states:
        return "new"
    known = states.get("connection") or states.get("ice") or states.get("signaling") or "new"
    ice = states.get("ice")
    more = [f"ICE {ice}"] if ice and ice != known else []
    more += [name for name in ("remote audio", "remote video") if name in states]
    return f"{known} ({', '.join(more)})" if more else known


def _is_news(event: TraceEvent) -> bool:
    """Whether a call of the page failed, and nothing else tells it."""
    return is_bad(event) and event.data.get("name") not in TOLD_ALREADY


def _is_piece(event: TraceEvent) -> bool:
    """Whether a message is one of many that make a whole."""
    text = event.data.get("text")
    if not isinstance(text, str) or len(text) > 100_000:
        return not isinstance(text, str)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return False
    kind = content.get("type") if isinstance(content, dict) else None
    return isinstance(kind, str) and kind.endswith((".delta", ".append"))
