"""A call that is well, as events of a trace; what a test adds to it is what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from harness.facts.browser import Signalled
from harness.facts.call import CallOpened, ClipPlayed
from harness.facts.connection import (
    ConnectionAnswer,
    ConnectionCandidate,
    ConnectionCreated,
    ConnectionOffer,
    ConnectionState,
    ConnectionTrack,
    DataChannelCreated,
    DataChannelMessage,
    DataChannelOpen,
    Stats,
)
from harness.facts.fact import Fact
from harness.facts.media import MicrophoneStarted, UserMediaGranted, UserMediaRequested
from harness.facts.page import PageLoaded
from harness.findings.finding import Finding
from harness.findings.watch import findings_of
from harness.trace import TraceEvent

PEER = "connection-0"
CHANNEL = (PEER, "channel-0", "oai-events")
HOST = "candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host"
UPDATE = {"type": "session.update", "session": {"type": "realtime"}}
UPDATED = {"type": "session.updated", "session": {"type": "realtime", "model": "gpt-realtime-2.1"}}
CREATED = {"type": "session.created", "session": {"type": "realtime", "model": "gpt-realtime-2.1"}}

At = tuple[float, Fact]
"""When, and what."""


def sdp(
    audio: str | None = "sendrecv", *, candidate: str | None = HOST, channel: bool = True
) -> str:
    """A description; what is None is not in it."""
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    if audio is not None:
        lines += ["m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", f"a={audio}"]
        lines += [f"a={candidate}"] if candidate else []
    if channel:
        lines += ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000"]
    return "\r\n".join(lines) + "\r\n"


def sent(t_s: float, message: Mapping[str, Any]) -> At:
    """What the page sends on its events channel."""
    text = json.dumps(message)
    return t_s, DataChannelMessage(*CHANNEL, "sent", text, len(text))


def received(t_s: float, message: Mapping[str, Any]) -> At:
    """What the page receives on it."""
    text = json.dumps(message)
    return t_s, DataChannelMessage(*CHANNEL, "received", text, len(text))


def said(start_s: float, end_s: float, **more: Any) -> At:
    """The user says something."""
    facts = {"clip": "a", "text": "Hello there.", "file": None, "start_s": start_s, "end_s": end_s}
    facts |= {"speech_start_s": start_s, "speech_end_s": end_s, "converted": None}
    facts |= {"interrupts": False, "late_s": 0.0, "muted": False}
    return start_s, ClipPlayed(**{**facts, **more})


def stats(t_s: float, **inbound: float) -> At:
    """getStats, with the audio that came."""
    report = [{"type": "inbound-rtp", "kind": "audio", "id": "in", **inbound}]
    return t_s, Stats(PEER, report)


def ticking(until_s: float, from_s: float = 1.0) -> list[At]:
    """Time that passes: getStats once a second, all well."""
    return [
        stats(
            from_s + second,
            totalSamplesReceived=48_000 * second,
            concealedSamples=0,
            packetsReceived=50 * second,
            packetsLost=0,
            jitterBufferDelay=0.04 * 48_000 * second,
            jitterBufferEmittedCount=48_000 * second,
        )
        for second in range(int(until_s - from_s) + 1)
    ]


MICROPHONE: list[At] = [
    (0.02, UserMediaRequested("getUserMedia-0", {"audio": True})),
    (
        0.03,
        UserMediaGranted("getUserMedia-0", [{"id": "a", "kind": "audio", "label": "Microphone"}]),
    ),
    (0.04, MicrophoneStarted("microphone-0", "Microphone", 48_000, "worklet")),
]
CONNECTION: list[At] = [
    (0.10, ConnectionCreated(PEER, {})),
    (0.11, DataChannelCreated(*CHANNEL, "local")),
    (0.12, ConnectionOffer(PEER, "local", sdp())),
    (0.13, ConnectionCandidate(PEER, "local", HOST)),
    (0.15, Signalled("POST", "http://a/v1/realtime/calls", True, 201, "client_secret", 0.03)),
    (0.16, ConnectionAnswer(PEER, "remote", sdp())),
    (0.17, ConnectionTrack(PEER, "track-0", "audio", ["s"])),
]
UP: list[At] = [
    (0.20, ConnectionState(PEER, "ice", "connected")),
    (0.22, ConnectionState(PEER, "connection", "connected")),
]
OPEN: list[At] = [
    (0.25, DataChannelOpen(*CHANNEL)),
    received(0.26, CREATED),
    sent(0.27, UPDATE),
    received(0.28, UPDATED),
    (0.30, CallOpened("browser", "http://a/", 0.001)),
]
HEALTHY: list[At] = [
    (0.0, PageLoaded("http://a/", True)),
    *MICROPHONE,
    *CONNECTION,
    *UP,
    *OPEN,
]


def without(*kinds: type[Fact], of: Iterable[At] | None = None) -> list[At]:
    """The healthy call without the facts of some kinds."""
    return [(t_s, fact) for t_s, fact in of or HEALTHY if not isinstance(fact, kinds)]


def replaced(kind: type[Fact], by: Callable[[Any], Fact]) -> list[At]:
    """The healthy call with each fact of a kind as something else."""
    return [(t_s, by(fact) if isinstance(fact, kind) else fact) for t_s, fact in HEALTHY]


def events_of(facts: Sequence[At]) -> list[TraceEvent]:
    """As a trace has them, in order of time."""
    placed = sorted(facts, key=lambda one: one[0])
    return [
        TraceEvent(seq, t_s, fact.source, fact.type, fact.to_data())
        for seq, (t_s, fact) in enumerate(placed)
    ]


def found_in(*facts: At | Sequence[At]) -> list[Finding]:
    """What is wrong with a call of these facts."""
    flat: list[At] = []
    for one in facts:
        flat += [one] if isinstance(one, tuple) else list(one)
    return findings_of(events_of(flat))


def names_in(*facts: At | Sequence[At]) -> list[str]:
    """The same by name."""
    return [finding.name for finding in found_in(*facts)]
