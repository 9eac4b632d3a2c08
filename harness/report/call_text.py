"""A call of a page in a row: ``addTrack()`` and ``audio → sender, 0.4 ms, app.js:31``. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.facts.page import WebrtcCalled

FAILED = frozenset({"rejected", "threw"})
"""Outcomes that are errors."""

MOST_GIVEN = 60
"""Characters of all arguments; behind them stands how it went."""

_OWNERS = {
    "RTCRtpSender": "sender.",
    "RTCRtpReceiver": "receiver.",
    "RTCRtpTransceiver": "transceiver.",
    "RTCDTMFSender": "dtmf.",
    "RTCDataChannel": "channel.",
    "MediaStreamTrack": "track.",
    "HTMLMediaElement": "element.",
}
"""How those are called whose methods do not say it; connections and devices go without."""


def called(call: WebrtcCalled) -> str:
    """What was called, as in "track.enabled =" or "channel.send() × 42"."""
    name = _OWNERS.get(call.owner, "") + call.name
    if call.kind == "set":
        return f"{name} × {call.count}" if call.count > 1 else f"{name} ="
    return f"{name}() × {call.count}" if call.count > 1 else f"{name}()"


def call_text(call: WebrtcCalled) -> str:
    """With what, how it went, how long it took, where it stands, and why it failed.

    What is cut off where there is little room is the browser's words, at the end.
    """
    given = ", ".join(call.arguments)
    if len(given) > MOST_GIVEN:
        given = f"{given[: MOST_GIVEN - 1]}…"
    parts = [f"{given} {_went(call)}".strip()]
    parts.append("within a second" if call.count > 1 else _duration(call.took_ms))
    parts.append(_short_line(call.line))
    text = ", ".join(part for part in parts if part)
    return f"{text}: {call.message}" if call.message else text


def _went(call: WebrtcCalled) -> str:
    if call.outcome == "pending":
        return "→ still open"
    if call.outcome in FAILED:
        return f"→ {call.outcome} {call.error}".rstrip()
    return f"→ {call.result}" if call.result else ""


def _duration(ms: float) -> str:
    return f"{ms:.1f} ms" if ms < 1000 else f"{ms / 1000:.1f} s"


def _short_line(line: str) -> str:
    """The file and the line, as in "app.js:31"."""
    address, _, rest = line.rpartition("/")
    *file, row, _column = rest.split(":") if rest.count(":") >= 2 else (rest, "", "")
    name = ":".join(file) or urlsplit(address).netloc or "the page"
    return f"{name}:{row}" if row else line
