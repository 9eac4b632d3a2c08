"""A call of a page in one line, as in ``addTrack(audio) → sender, 0.4 ms, app.js:31``. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.facts.page import WebrtcCalled

FAILED = frozenset({"rejected", "threw"})
"""Outcomes that are errors."""

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


def call_text(call: WebrtcCalled) -> str:
    """What was called with what, how it went, how long it took, and where it stands."""
    if call.count > 1:
        parts = [f"{_called(call)} × {call.count} within a second{_went(call)}"]
    else:
        parts = [f"{_called(call)}{_went(call)}", f"{call.took_ms:.1f} ms"]
    if call.line:
        parts.append(_short_line(call.line))
    return ", ".join(parts)


def _called(call: WebrtcCalled) -> str:
    name = _OWNERS.get(call.owner, "") + call.name
    given = ", ".join(call.arguments)
    if call.kind == "set":
        return f"{name} = {given}" if given else f"{name} is set"
    return f"{name}({given})" if call.count == 1 else f"{name}()"


def _went(call: WebrtcCalled) -> str:
    if call.outcome == "pending":
        return " → still open"
    if call.outcome in FAILED:
        return f" → {call.outcome} {call.error}: {call.message}".rstrip(": ")
    return f" → {call.result}" if call.result else ""


def _short_line(line: str) -> str:
    """The file and the line, as in "app.js:31"."""
    address, _, rest = line.rpartition("/")
    *file, row, _column = rest.split(":") if rest.count(":") >= 2 else (rest, "", "")
    name = ":".join(file) or urlsplit(address).netloc or "the page"
    return f"{name}:{row}" if row else line
