"""The JSON form of webrtc-internals, also as older versions of Chromium wrote it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from harness.exchange.internals import read_internals


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


def test_media_requests_without_times_stand_where_the_dump_begins() -> None:
    """As before Chromium 140; a refusal among them is still one."""
    media = [{"origin": "http://a/", "audio": ""}, {"error": "NotAllowedError"}, "?"]
    log = [{"timestamp": 7.0, "type": "connectionstatechange", "value": "failed"}]
    read = read_internals(
        {"PeerConnections": {"1-1": {"updateLog": log}}, "getUserMedia": media}, "dump.txt"
    )
    told = [(event.t_ms, event.method.rpartition(".")[2]) for event in read.events]
    assert told == [
        (7.0, "getUserMedia"),
        (7.0, "getUserMediaOnFailure"),
        (7.0, "create"),
        (7.0, "connectionstatechange"),
    ]


def log_at(*times: str) -> list[dict[str, Any]]:
    return [
        {"time": time, "type": f"step-{place}", "value": ""} for place, time in enumerate(times)
    ]


SERIES = {"IT-1-timestamp": {"statsType": "inbound-rtp", "values": "[1000,2000]"},
          "IT-1-jitter": {"statsType": "inbound-rtp", "values": "[0.1,0.2]"}}  # fmt: skip


@pytest.mark.parametrize("hours", [-7, 0, 2])
def test_statistics_tell_the_zone_of_times_in_words(hours: int) -> None:
    """New York writes 5 a.m. where its statistics say 10; both were at once."""
    hour = hours % 24
    day = "31.12.1969" if hours < 0 else "1.1.1970"
    read = dump(log_at(f"{day}, {hour:02}:00:00", f"{day}, {hour:02}:00:03"), SERIES)
    assert [(t_ms, what) for t_ms, what, _ in read if what.startswith("step")] == [
        (0.0, "step-0"),
        (3_000.0, "step-1"),
    ]


def test_a_series_that_has_lost_its_beginning_tells_no_zone() -> None:
    """Chromium keeps a thousand values: the first is of any moment of a long call."""
    times = str([3_600_000 + 1000 * second for second in range(1000)])
    stats = {
        "IT-1-timestamp": {"statsType": "inbound-rtp", "values": times},
        "IT-1-jitter": {"statsType": "inbound-rtp", "values": str([0.1] * 1000)},
    }
    read = dump(log_at("1.1.1970, 00:00:01"), stats)
    assert [t_ms for t_ms, what, _ in read if what == "step-0"] == [1_000.0]


def test_events_without_a_known_time_are_kept_in_their_order_and_counted() -> None:
    log = log_at("noon", "1.1.1970, 00:00:01", "a little later")
    read = read_internals({"PeerConnections": {"1-1": {"updateLog": log}}}, "dump.txt")
    assert [(event.t_ms, event.method) for event in read.events] == [
        (1_000.0, "create"), (1_000.0, "step-0"), (1_000.0, "step-1"), (1_000.0, "step-2"),
    ]  # fmt: skip
    assert read.cut.startswith("2 events have no known time")
    nothing = read_internals(
        {"PeerConnections": {"1-1": {"updateLog": log_at("noon")}}}, "dump.txt"
    )
    assert (nothing.events, nothing.cut[:8]) == ([], "1 events")
