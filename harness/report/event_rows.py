"""Trace events as rows of the report: grouped, summarised in a few words, cut to a light size."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from harness.facts.browser import PageRequest
from harness.facts.page import WebrtcCalled
from harness.report.call_text import FAILED, call_text, called
from harness.score.metrics import inbound_audio
from harness.trace import TraceEvent

LEFT_OUT = frozenset({"microphone.samples", "heard.samples", "played.samples", "audio.anchor"})
"""Too many and too large for a page; the trace and the recording hold what they carry."""

MOST_ROWS = 20_000
"""Of a call of hours the page shows what happened a few times a turn; the trace has the rest."""

MOST_DATA_CHARS = 12_000
MOST_ALL_CHARS = 2_000_000
FEW_DATA_CHARS = 600

GROUPS = {
    "steps": "what the scenario and the harness did",
    "dialogue": "turns, answers and tools, as the protocol's adapter reads them",
    "context": "the context's thread, passages, tool servers and long work",
    "wire": "messages on the data channels and WebSockets",
    "webrtc": "getUserMedia, peer connections, tracks, data channels, statistics",
    "calls": "what the page called of WebRTC and of its media elements, and how it went",
    "page": "the page itself",
    "server": "what the server said of itself",
}

MESSAGES = frozenset({"data_channel.message", "web_socket.message"})

_WEBRTC = (
    "peer_connection.",
    "user_media.",
    "microphone.",
    "data_channel.",
    "web_socket.",
    "tap.",
    "stats",
)
_CONTEXT = ("context.", "thread.", "knowledge.", "mcp.", "thinking.")
_TELLING = (
    "text", "transcript", "delta", "message", "name", "status", "reason", "kind", "state",
    "candidate", "code", "url", "file", "clip", "label", "answer_id", "turn_id", "engine", "what",
)  # fmt: skip
_TELLING_LITTLE = frozenset(
    {"connection", "channel", "socket", "call", "event_id", "is_top", "microphone"}
)


def rows_for_page(events: Sequence[TraceEvent]) -> tuple[list[TraceEvent], str]:
    """The events that a page can show, and what of them it leaves out, in words; "": nothing."""
    shown, missing = [event for event in events if event.type not in LEFT_OUT], []
    for is_one, what in _LEAST_TELLING:
        if len(shown) > MOST_ROWS:
            kept = [event for event in shown if not is_one(event)]
            if len(kept) < len(shown):
                missing.append(f"{len(shown) - len(kept)} {what}")
            shown = kept
    if len(shown) > MOST_ROWS:
        missing.append(f"the last {len(shown) - MOST_ROWS}")
    return shown[:MOST_ROWS], " and ".join(missing)


def rows_of(events: Sequence[TraceEvent]) -> list[dict[str, Any]]:
    """The events a report shows, in order of time: {seq, t, group, type, text, data, bad?}."""
    shown = _in_time([event for event in events if event.type not in LEFT_OUT])
    limit = MOST_DATA_CHARS
    if sum(min(len(_as_text(event)), limit) for event in shown) > MOST_ALL_CHARS:
        limit = FEW_DATA_CHARS
    return [_row(event, _as_text(event), limit) for event in shown]


def _as_text(event: TraceEvent) -> str:
    return json.dumps(event.data, ensure_ascii=False, default=str)


def group_of(event: TraceEvent) -> str:
    """The lane and filter that an event belongs to."""
    if event.source == "dialogue":
        return "dialogue"
    if event.source == "server":
        return "server"
    if event.type == PageRequest.type:
        return "page"
    if event.source == "harness":
        return "context" if event.type.startswith(_CONTEXT) else "steps"
    if event.type in MESSAGES:
        return "wire"
    if event.type == WebrtcCalled.type:
        return "calls"
    return "webrtc" if event.type.startswith(_WEBRTC) else "page"


def is_bad(event: TraceEvent) -> bool:
    """Whether the event tells of something that went wrong."""
    words = ("error", "problem", "failed", "refused", "crash", "trouble")
    if event.type == "page.acted":
        return bool(event.data.get("problem"))
    if event.type == "expectation":
        return event.data.get("verdict") in ("failed", "error")
    if event.type == "thinking.ended":
        return event.data.get("status") == "failed"
    if event.type == WebrtcCalled.type:
        return event.data.get("outcome") in FAILED
    return any(word in event.type for word in words) or event.data.get("state") == "failed"


_LEAST_TELLING: tuple[tuple[Callable[[TraceEvent], bool], str], ...] = (
    (lambda event: event.type == "stats", "statistics"),
    (lambda event: event.type == WebrtcCalled.type and not is_bad(event), "API calls"),
    (lambda event: event.type in MESSAGES, "messages"),
)
"""What a page goes without, where there is too much: first the first."""


def _in_time(events: Sequence[TraceEvent]) -> list[TraceEvent]:
    """By time; an event without one stays behind the event it followed in the trace."""
    reached_s = float("-inf")
    keyed = []
    for event in events:
        reached_s = reached_s if event.t_s is None else event.t_s
        keyed.append((reached_s, event.seq, event))
    return [event for _, _, event in sorted(keyed, key=lambda item: item[:2])]


def _row(event: TraceEvent, data_text: str, limit: int) -> dict[str, Any]:
    name, summary = _name_and_summary(event)
    row: dict[str, Any] = {
        "seq": event.seq,
        "t": None if event.t_s is None else round(event.t_s, 3),
        "group": group_of(event),
        "type": name,
        "text": summary[:160],
        "data": event.data,
    }
    if is_bad(event):
        row["bad"] = True
    if len(data_text) > limit:
        row["data"] = {
            "cut": f"{len(data_text)} characters; all of them are in the trace, event {event.seq}",
            "start": data_text[:limit],
        }
    return row


def _name_and_summary(event: TraceEvent) -> tuple[str, str]:
    if event.type == "stats":
        return event.type, _stats_summary(event.data)
    if event.type == WebrtcCalled.type and isinstance(call := event.fact, WebrtcCalled):
        return called(call), call_text(call)
    if isinstance(request := event.fact, PageRequest):
        return _request_name_and_summary(request)
    if event.type == "knowledge.found":
        return event.type, _passages_summary(event.data)
    if event.type not in MESSAGES:
        return event.type, _summary(event.data)
    arrow = "→" if event.data.get("direction") == "sent" else "←"
    text = event.data.get("text")
    content = _parsed(text)
    if content is not None and isinstance(content.get("type"), str):
        return f"{arrow} {content['type']}", _summary(content, skip="type")
    shown = text if isinstance(text, str) else f"{event.data.get('bytes_length', '?')} bytes"
    return f"{arrow} {event.data.get('label') or 'message'}", shown


def _request_name_and_summary(request: PageRequest) -> tuple[str, str]:
    path = urlsplit(request.url).path or "/"
    went = str(request.status) if request.status else request.error or "no answer"
    by = "" if request.by == "page" else f"by a {request.by.replace('_', ' ')}"
    told = [went, f"{request.took_s * 1000:.0f} ms", request.mime, request.resource, by]
    return f"{request.method} {path}", " · ".join(part for part in told if part)


def _summary(data: Mapping[str, Any], skip: str = "") -> str:
    """The telling values, in a fixed order; then whatever else is short."""
    parts = [_short(data[key]) for key in _TELLING if key != skip and _is_short(data.get(key))]
    others = [
        f"{key} {_short(value)}"
        for key, value in data.items()
        if key not in {*_TELLING, *_TELLING_LITTLE, skip} and _is_short(value)
    ]
    return " · ".join([*parts, *others][:5])


def _passages_summary(data: Mapping[str, Any]) -> str:
    """What was asked for, and the sources of what was found, the best one first."""
    sources = [str(passage.get("source")) for passage in data.get("passages") or []]
    return f"{data.get('query')} · {', '.join(sources) or 'nothing found'}"


def _stats_summary(data: Mapping[str, Any]) -> str:
    parts = []
    for stat in inbound_audio(data):
        facts = [("received", "packetsReceived"), ("lost", "packetsLost")]
        parts += [f"{word} {stat[key]}" for word, key in facts if key in stat]
        if stat.get("totalSamplesReceived"):
            share = (stat.get("concealedSamples") or 0) / stat["totalSamplesReceived"]
            parts.append(f"concealed {share:.1%}")
    return " · ".join(parts)


def _is_short(value: Any) -> bool:
    if isinstance(value, str):
        return value != ""
    return isinstance(value, int | float)


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value).replace("\n", " ")[:100]


def _parsed(text: Any) -> dict[str, Any] | None:
    if not isinstance(text, str):
        return None
    try:
        content = json.loads(text)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
