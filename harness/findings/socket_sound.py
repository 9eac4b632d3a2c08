"""Findings of sound that goes over a WebSocket: its pace against the rate that the session has."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.facts.sockets import SocketMessage
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Rule
from harness.findings.seen import Message, Seen
from harness.findings.state import CallState
from harness.trace import TraceEvent

WINDOW_S = 5.0
"""A pace is looked at over so long at least."""

PART_S = 0.5
"""Marks are so far apart at least: what comes between is one piece or two, and no pace."""

LONGEST_PAUSE_S = 2.0
"""Who sends nothing for longer has paused, and begins anew."""

STEADY = 0.12
"""Each third of a window may differ from the whole by so much; who sends only while somebody
speaks, or what was kept until the socket was open, differs by more."""

NEAR = 0.04
"""What is nearer to a known rate than this, is at this rate."""

USUAL_RATES_HZ = (8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000)
"""Rates that sound has; those that differ from the right one by little are not told apart from a
machine that is busy."""

DEFAULT_RATE_HZ = 24_000
PCM16_BYTES = 2


class SentAtAnotherRate(Finding):
    """The page sends more or fewer samples a second than its session says: another sample rate."""

    name: ClassVar[str] = "sent_at_another_rate"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Make the AudioContext with the session's rate (new AudioContext({sampleRate: 24000})), or "
        "resample before you send; 16 bits a sample, one channel."
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """How much sound had been sent at a moment."""

    t_s: float
    sent_bytes: int
    event: TraceEvent


class SentRateRule(Rule):
    """The pace of input_audio_buffer.append over WebSockets."""

    finds = (SentAtAnotherRate,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._marks: dict[str, list[_Mark]] = {}
        self._bytes: dict[str, int] = {}
        self._told: set[str] = set()

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Each socket once."""
        sent = seen.is_sent("input_audio_buffer.append")
        if sent is None or not isinstance(seen.fact, SocketMessage):
            return
        socket = sent.carrier
        self._bytes[socket] = self._bytes.get(socket, 0) + _sound_bytes(seen.fact, sent)
        if socket not in self._told:
            mark = _Mark(seen.t_s, self._bytes[socket], seen.event)
            yield from self._take(socket, mark)

    def _take(self, socket: str, mark: _Mark) -> Iterator[Finding]:
        marks = self._marks.setdefault(socket, [])
        if marks and mark.t_s - marks[-1].t_s > LONGEST_PAUSE_S:
            marks.clear()
        if marks and mark.t_s - marks[-1].t_s < PART_S:
            return
        marks.append(mark)
        while len(marks) > 1 and mark.t_s - marks[1].t_s >= WINDOW_S:
            del marks[0]
        if mark.t_s - marks[0].t_s < WINDOW_S:
            return
        declared = _declared(self._settings(socket))
        if declared is None:
            return
        rate_hz, sample_bytes = declared
        found = _another_rate(marks, rate_hz, sample_bytes)
        if found is not None:
            self._told.add(socket)
            cause = _cause(*found, rate_hz, mark.t_s - marks[0].t_s)
            yield SentAtAnotherRate.by(cause, marks[0].event, mark.event)

    def _settings(self, socket: str) -> Mapping[str, Any]:
        """Of the session: as the server told them, else as the page asked for them."""
        if socket in self.state.sessions:
            return self.state.sessions[socket].settings
        asked = self.state.updates.get(socket, [])
        message = asked[-1].message if asked else None
        return message.part("session") if message is not None else {}


def _sound_bytes(fact: SocketMessage, sent: Message) -> int:
    """How much sound went since the message before; a short piece stands in the message itself."""
    if fact.sound_bytes is not None:
        return fact.sound_bytes
    return len(sent.text("audio").rstrip("=")) * 3 // 4


def _declared(settings: Mapping[str, Any]) -> tuple[int, int] | None:
    """Samples a second and bytes a sample that a session expects; None where nobody knows."""
    audio = settings.get("audio")
    given = audio.get("input") if isinstance(audio, Mapping) else None
    form = given.get("format") if isinstance(given, Mapping) else None
    if isinstance(form, Mapping):
        kind, rate = form.get("type"), form.get("rate")
    else:  # also the beta's shape
        kind, rate = settings.get("input_audio_format", "pcm16"), None
    if kind in ("audio/pcmu", "audio/pcma", "g711_ulaw", "g711_alaw"):
        return 8_000, 1
    if kind not in ("audio/pcm", "pcm16"):
        return None
    return (rate if isinstance(rate, int) and rate > 0 else DEFAULT_RATE_HZ), PCM16_BYTES


def _another_rate(
    marks: Sequence[_Mark], rate_hz: int, sample_bytes: int
) -> tuple[float, int] | None:
    """How many times real time is sent, and which rate that is; None where it is the right one."""
    ratio = _pace_hz(marks[0], marks[-1], sample_bytes) / rate_hz
    likely_hz = min(USUAL_RATES_HZ, key=lambda rate: abs(rate / rate_hz - ratio))
    right = likely_hz / rate_hz
    if likely_hz == rate_hz or abs(ratio / right - 1) > NEAR:
        return None
    third_s = (marks[-1].t_s - marks[0].t_s) / 3
    edges = [
        min(marks, key=lambda mark: abs(mark.t_s - marks[0].t_s - part * third_s))
        for part in range(4)
    ]
    for first, last in itertools.pairwise(edges):
        if first is last:
            return None
        if abs(_pace_hz(first, last, sample_bytes) / rate_hz / ratio - 1) > STEADY:
            return None
    return ratio, likely_hz


def _pace_hz(first: _Mark, last: _Mark, sample_bytes: int) -> float:
    return (last.sent_bytes - first.sent_bytes) / sample_bytes / (last.t_s - first.t_s)


def _cause(ratio: float, likely_hz: int, rate_hz: int, span_s: float) -> str:
    sent = f"{ratio:.2f} times as many samples as {rate_hz / 1000:g} kHz has"
    likely = f"{likely_hz / 1000:g} kHz"
    if likely_hz == 2 * rate_hz:
        likely += ", or two channels, or each piece is sent twice"
    heard = "slow and deep" if ratio > 1 else "fast and high"
    what = f"most likely it is {likely}, and the server hears it too {heard}"
    return f"For {span_s:.0f} s the page sent {sent}: {what}."


RULES = (SentRateRule,)
