"""The form of rtcstats: what is written in numbers and differences is read in full."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.errors import ArtifactError
from harness.exchange import rtcstats
from harness.exchange.dump_event import DumpEvent
from harness.exchange.rtcstats import read_rtcstats, write_rtcstats


def read(*lines: Any) -> list[DumpEvent]:
    text = ["RTCStatsDump", '{"fileFormat": 3}', *(json.dumps(line) for line in lines)]
    return read_rtcstats(text, "dump").events


def test_numbers_are_words_and_times_add_up() -> None:
    create, state, unknown = read(
        [39, "PC_0", {"iceServers": []}, 1_000],
        [25, "PC_0", "connected", 20],
        ["somethingNew", "PC_0", None, 5],
    )
    assert (create.method, create.t_ms) == ("create", 1_000)
    assert (state.method, state.value, state.t_ms) == ("connectionstatechange", "connected", 1_020)
    assert (unknown.method, unknown.t_ms) == ("somethingNew", 1_025)


@pytest.mark.parametrize("delta", [float("inf"), float("-inf"), 1e300, 10**400, True, "20"])
def test_a_time_beyond_all_times_moves_nothing(delta: Any) -> None:
    before, after = read([39, "PC_0", {}, 1_000], [25, "PC_0", "connected", delta])
    assert (before.t_ms, after.t_ms) == (1_000, 1_000)


def test_reports_are_whole_again() -> None:
    first, second, third = read(
        ["g", "PC_0", {"0": {"type": 1, "11": "audio", "14": 50, "96": {"cpu": 1}}, "t": 100}, 1],
        ["g", "PC_0", {"0": {"14": 60, "96": {"none": 2}}, "1": {"type": "codec"}, "t": 200}, 1],
        ["g", "PC_0", {"0": None, "t": 300}, 1],
    )
    assert first.value["0"]["type"] == "inbound-rtp"
    assert second.value["0"] == {
        "type": "inbound-rtp", "kind": "audio", "packetsReceived": 60,
        "qualityLimitationDurations": {"cpu": 1, "none": 2}, "timestamp": 200,
    }  # fmt: skip
    assert third.value == {"1": {"type": "codec", "timestamp": 300}}


def test_descriptions_are_whole_again() -> None:
    sdp = "v=0\r\ns=-\r\nm=audio 9 x\r\na=mid:0\r\nm=application 9 y\r\n"
    again = "v=\r\nm=\r\nm=application 0 y\r\n"
    _, second = read(
        [8, "PC_0", {"type": "answer", "sdp": sdp}, "r-0", 1],
        [8, "PC_0", {"type": "answer", "sdp": again}, "r-1", 1],
    )
    assert second.value["sdp"] == "v=0\r\ns=-\r\nm=audio 9 x\r\na=mid:0\r\nm=application 0 y\r\n"


def test_what_is_written_is_read_back() -> None:
    events = [
        DumpEvent(1_000.0, "1-1", "create", {"a": 1}, ("http://a/",)),
        DumpEvent(1_000.5, "1-1", "getStats", {"x": {"type": "codec", "timestamp": 3}}),
        DumpEvent(1_001.0, None, "navigator.mediaDevices.getUserMedia", {"audio": True}, ("a",)),
    ]
    assert read_rtcstats(write_rtcstats(events), "dump").events == events


def test_short_lines_that_stand_for_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtcstats, "MOST_VALUES", 10_000)
    objects = {str(number): {"type": "transport", "bytesSent": 1} for number in range(100)}
    lines = ["RTCStatsDump", '{"fileFormat": 3}', json.dumps(["getStats", "1-1", objects, 0])]
    assert len(read_rtcstats([*lines, '["getStats","1-1",{},1000]'], "dump").events) == 2
    with pytest.raises(ArtifactError, match="more than can be read at once"):
        read_rtcstats([*lines, *['["getStats","1-1",{},1000]'] * 100], "dump")
