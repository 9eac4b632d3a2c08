"""The JSON form of webrtc-internals, also as older versions of Chromium wrote it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from harness.exchange.internals import read_internals, time_ms


def dump(log: list[dict[str, Any]], stats: dict[str, Any] | None = None, **more: Any) -> list[Any]:
    record = {"url": "http://a/", "rtcConfiguration": "{}", "updateLog": log, "stats": stats or {}}
    read = read_internals({"PeerConnections": {"3-1": record}, **more}, "dump.txt")
    return [(event.t_ms, event.method, event.value) for event in read.events]


def test_older_texts_are_read() -> None:
    log = [
        {"time": "11/29/2026, 10:00:00 AM", "type": "setLocalDescription",
         "value": "type: offer, sdp: v=0\r\na, b: c\r\n"},
        {"time": "11/29/2026, 10:00:01 AM", "type": "icecandidate",
         "value": "sdpMid: 0, sdpMLineIndex: 0, candidate: candidate:1 1 udp 1 a.local 9 typ host"},
        {"time": "11/29/2026, 10:00:02 AM", "type": "iceconnectionstatechange", "value": "failed"},
    ]  # fmt: skip
    made, offer, candidate, state = dump(log)
    assert made[1] == "create"
    assert offer[2] == {"type": "offer", "sdp": "v=0\r\na, b: c\r\n"}
    assert candidate[2]["candidate"] == "candidate:1 1 udp 1 a.local 9 typ host"
    assert state[2] == "failed"
    assert state[0] - offer[0] == 2_000


def test_series_become_reports_again() -> None:
    stats = {
        "IT-1-timestamp": {"statsType": "inbound-rtp", "values": "[1000,2000,3000]"},
        "IT-1-packetsReceived": {"statsType": "inbound-rtp", "values": "[50,100,150]"},
        "IT-1-jitter": {"statsType": "inbound-rtp", "values": "[0.5]"},
        "IT-1-[packetsReceived/s]": {"statsType": "inbound-rtp", "values": "[0,50,50]"},
    }
    reports = [value["IT-1"] for _, method, value in dump([], stats) if method == "getStats"]
    assert [one["packetsReceived"] for one in reports] == [50, 100, 150]
    assert [one.get("jitter") for one in reports] == [None, None, 0.5]
    assert {one["type"] for one in reports} == {"inbound-rtp"}


def test_series_without_times_are_even() -> None:
    series = {
        "startTime": "2026-11-29T10:00:00.000Z",
        "endTime": "2026-11-29T10:00:04.000Z",
        "statsType": "transport",
        "values": "[1,2,3]",
    }
    times = [t_ms for t_ms, method, _ in dump([], {"T-bytesSent": series}) if method == "getStats"]
    assert [b - a for a, b in itertools.pairwise(times)] == [2_000, 2_000]


def test_media_requests_are_read() -> None:
    media = [
        {"timestamp": 5.0, "url": "http://a/", "audio": ""},
        {"timestamp": 6.0, "error": "NotAllowedError", "error_message": "no"},
        {"timestamp": 7.0, "stream_id": "s", "video_track_info": "null",
         "audio_track_info": '{"id": "t", "label": "Mic"}'},
    ]  # fmt: skip
    read = read_internals({"PeerConnections": {}, "getUserMedia": media}, "dump.txt")
    asked, refused, granted = [event.value for event in read.events]
    assert asked == {"audio": True}
    assert refused["error"] == "NotAllowedError"
    assert granted == [["audio", "t", "Mic", "s"]]


@pytest.mark.parametrize(
    ("one", "ms"),
    [
        ({"timestamp": 5}, 5.0),
        ({"time": "5.5"}, 5.5),
        ({"time": "1970-01-01T00:00:01.500Z"}, 1_500.0),
        ({"time": "01.01.1970, 00:00:02"}, 2_000.0),
        ({"time": "noon"}, None),
        ({"timestamp": True}, None),
        ({"timestamp": float("inf")}, None),
        ({"time": "nan"}, None),
        ({"timestamp": 10**400}, None),
        ({}, None),
    ],
)
def test_times_are_read(one: dict[str, Any], ms: float | None) -> None:
    assert time_ms(one) == ms
