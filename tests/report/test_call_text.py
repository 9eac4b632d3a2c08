"""A page's call in one line."""

from __future__ import annotations

from typing import Any

import pytest

from harness.facts.page import WebrtcCalled
from harness.report.call_text import call_text

APP = "http://127.0.0.1:8000/static/app.js:31:9"


def call(name: str, *arguments: str, owner: str = "RTCPeerConnection", **data: Any) -> WebrtcCalled:
    given = {"outcome": "returned", "took_ms": 0.42, "line": APP, **data}
    return WebrtcCalled(owner, name, list(arguments), **given)


@pytest.mark.parametrize(
    ("called", "text"),
    [
        (call("addTrack", "audio", result="sender"), "addTrack(audio) → sender, 0.4 ms, app.js:31"),
        (
            call("stop", owner="MediaStreamTrack", line=""),
            "track.stop(), 0.4 ms",
        ),
        (
            call("enabled", "false", owner="MediaStreamTrack", kind="set"),
            "track.enabled = false, 0.4 ms, app.js:31",
        ),
        (
            call("setRemoteDescription", "answer, 512 characters", outcome="rejected",
                 error="InvalidStateError", message="Called in wrong state: stable"),
            "setRemoteDescription(answer, 512 characters) → rejected InvalidStateError: "
            "Called in wrong state: stable, 0.4 ms, app.js:31",
        ),
        (
            call("play", owner="HTMLMediaElement", outcome="pending", took_ms=5000.0),
            "element.play() → still open, 5000.0 ms, app.js:31",
        ),
        (
            call("send", owner="RTCDataChannel", count=42, line=""),
            "channel.send() × 42 within a second",
        ),
        (
            call("send", owner="RTCDataChannel", count=3, line="", outcome="threw",
                 error="InvalidStateError", message="not open"),
            "channel.send() × 3 within a second → threw InvalidStateError: not open",
        ),
        (
            call("volume", owner="HTMLMediaElement", kind="set", count=9, line=""),
            "element.volume is set × 9 within a second",
        ),
    ],
)  # fmt: skip
def test_a_call_says_what_how_long_and_where(called: WebrtcCalled, text: str) -> None:
    assert call_text(called) == text


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("http://127.0.0.1:8000/:12:5", "127.0.0.1:8000:12"),
        ("https://a.example/voice:7:1", "voice:7"),
        ("nothing known", "nothing known"),
        ("/::", "/::"),
    ],
)
def test_a_line_is_shown_by_its_file(line: str, shown: str) -> None:
    assert call_text(call("close", line=line)).endswith(f", {shown}")
