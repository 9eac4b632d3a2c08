"""A page's call in one line."""

from __future__ import annotations

from typing import Any

import pytest

from harness.facts.page import WebrtcCalled
from harness.report.call_text import call_text, called

APP = "http://127.0.0.1:8000/static/app.js:31:9"


def call(name: str, *arguments: str, owner: str = "RTCPeerConnection", **data: Any) -> WebrtcCalled:
    given = {"outcome": "returned", "took_ms": 0.42, "line": APP, **data}
    return WebrtcCalled(owner, name, list(arguments), **given)


@pytest.mark.parametrize(
    ("one", "name", "text"),
    [
        (
            call("addTrack", "audio", result="sender"),
            "addTrack()",
            "app.js:31, 0.4 ms: audio → sender",
        ),
        (
            call("createOffer", outcome="resolved", result="offer", line=""),
            "createOffer()",
            "0.4 ms → offer",
        ),
        (
            call("stop", owner="MediaStreamTrack"),
            "track.stop()",
            "app.js:31, 0.4 ms",
        ),
        (
            call("enabled", "false", owner="MediaStreamTrack", kind="set"),
            "track.enabled =",
            "app.js:31, 0.4 ms: false",
        ),
        (
            call("setRemoteDescription", "answer, 512 characters", outcome="rejected",
                 error="InvalidStateError", message="Called in wrong state: stable"),
            "setRemoteDescription()",
            "app.js:31, 0.4 ms: answer, 512 characters → rejected InvalidStateError: "
            "Called in wrong state: stable",
        ),
        (
            call("play", owner="HTMLMediaElement", outcome="pending", took_ms=5000.0),
            "element.play()",
            "app.js:31, 5.0 s → still open",
        ),
        (
            call("send", owner="RTCDataChannel", count=42, line=""),
            "channel.send() × 42",
            "within a second",
        ),
        (
            call("send", owner="RTCDataChannel", count=3, line="", outcome="threw",
                 error="InvalidStateError", message="not open"),
            "channel.send() × 3",
            "within a second → threw InvalidStateError: not open",
        ),
        (
            call("volume", owner="HTMLMediaElement", kind="set", count=9, line=""),
            "element.volume × 9",
            "within a second",
        ),
    ],
)  # fmt: skip
def test_a_call_says_what_how_long_and_where(one: WebrtcCalled, name: str, text: str) -> None:
    assert (called(one), call_text(one)) == (name, text)


def test_what_was_given_leaves_room_for_how_it_went() -> None:
    given = "{" + "urls: turn:h, " * 40 + "}"
    text = call_text(call("addTrack", given, given, result="sender"))
    assert text.startswith("app.js:31, 0.4 ms: {urls")
    assert text.endswith("… → sender")
    assert len(text) < 80


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
    assert call_text(call("close", line=line)).startswith(f"{shown}, ")
