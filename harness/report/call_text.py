"""A call of a page in a row: ``addTrack()`` and ``app.js:31, 0.4 ms: audio → sender``. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.facts.page import WebrtcCalled

FAILED = frozenset({"rejected", "threw"})
"""Outcomes that are errors."""

MOST_GIVEN = 40
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
    """Where it stands, how long it took, with what, how it went, and why it failed.

    In this order, for where there is little room the end is cut off: the browser's words.
    """
    given = ", ".join(call.arguments)
    if len(given) > MOST_GIVEN:
        given = f"{given[: MOST_GIVEN - 1]}…"
    took = "within a second" if call.count > 1 else _duration(call.took_ms)
    place = ", ".join(part for part in (_short_line(call.line), took) if part)
    what = f"{place}: {given}" if given else place
    went = f"{what} {_went(call)}".rstrip()
    return f"{went}: {call.message}" if call.message else went


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
